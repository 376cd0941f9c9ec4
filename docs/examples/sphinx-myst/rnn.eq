# A recurrent network: the same W, U and b at every time step
W: (d, d)
U: (d, n)
b: (d,)
x[t]: (n,)
h[0]: (d,)
z[t] = W@h[t-1] + U@x[t] + b
h[t] = tanh(z[t])
E = loss(h[T])
