# A state-space model: a linear recurrence with an output at every step
A: (d, d)
B: (d, n)
C: (q, d)
u[t]: (n,)
y[t]: (q,)
x[0]: (d,)
x[t] = A@x[t-1] + B@u[t]
o[t] = C@x[t]
E = sum[t](loss(o[t], y[t]))
