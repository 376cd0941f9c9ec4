# E13: GRU, one step
# derive: --of h[t] --wrt h[t-1] --detail unfolded
W: (d, n)
W_z: (d, n)
W_r: (d, n)
U_z: (d, d)
U_r: (d, d)
U_h: (d, d)
x[t]: (n,)
h[0]: (d,)
z[t] = logistic(W_z@x[t] + U_z@h[t-1])
r[t] = logistic(W_r@x[t] + U_r@h[t-1])
k[t] = tanh(W@x[t] + U_h@(r[t]*h[t-1]))
h[t] = z[t]*h[t-1] + (1 - z[t])*k[t]
