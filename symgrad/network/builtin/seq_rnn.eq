# A recurrent network with a loss at every time step
W: (d, d)
U: (d, n)
V: (q, d)
b: (d,)
c: (q,)
x[t]: (n,)
y[t]: (q,)
s[0]: (d,)
a[t] = U@x[t] + W@s[t-1] + b
s[t] = sigma(a[t])
o[t] = V@s[t] + c
e[t] = loss(o[t], y[t])
E = sum[t](e[t])
