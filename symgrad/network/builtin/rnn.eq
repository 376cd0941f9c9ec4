# A recurrent network: the same W, U and b at every time step
W: (d, d)
U: (d, n)
b: (d,)
x[j]: (n,)
s[0]: (d,)
a[j] = U@x[j] + W@s[j-1] + b
s[j] = sigma(a[j])
E = loss(s[t])
