# A chain of one-dimensional convolutions: a vector of channels at each of n places, which is 0 beyond them
W[l,k]: (d, d)
b[l]: (d,)
a[0,i]: (d,)
y[i]: (d,)
i: range(1, n+1)
k: range(-r, r+1)
a[l,i]: zero_padded
z[l,i] = sum[k](W[l,k]@a[l-1,i+k]) + b[l]
a[l,i] = sigma(z[l,i])
C = sum[i](cost(a[L,i], y[i]))
