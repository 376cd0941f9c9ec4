# minimal gated unit: one gate for forgetting and for the reset
W_f: (d, n)
U_f: (d, d)
W_h: (d, n)
U_h: (d, d)
x[t]: (n,)
h[0]: (d,)
sigma: logistic
f[t] = sigma(W_f@x[t] + U_f@h[t-1])
g[t] = tanh(W_h@x[t] + U_h@(f[t]*h[t-1]))
h[t] = (1 - f[t])*h[t-1] + f[t]*g[t]
y_hat = softmax(h[T])
E = loss(h[T])
