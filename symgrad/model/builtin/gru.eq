# Gated recurrent unit: hidden state h, gates z (update) and r (reset), candidate g
W_z: (d, n)
W_r: (d, n)
W_g: (d, n)
U_z: (d, d)
U_r: (d, d)
U_g: (d, d)
b_z: (d,)
b_r: (d,)
b_g: (d,)
x[j]: (n,)
h[0]: (d,)
sigma: logistic
z[j] = sigma(W_z@x[j] + U_z@h[j-1] + b_z)
r[j] = sigma(W_r@x[j] + U_r@h[j-1] + b_r)
g[j] = tanh(W_g@x[j] + U_g@(r[j]*h[j-1]) + b_g)
h[j] = (1 - z[j])*h[j-1] + z[j]*g[j]
E = loss(h[t])
