# Gated recurrent unit: hidden state h, gates u (update) and r (reset), candidate g
W_u: (d, n)
W_r: (d, n)
W_g: (d, n)
U_u: (d, d)
U_r: (d, d)
U_g: (d, d)
b_u: (d,)
b_r: (d,)
b_g: (d,)
x[j]: (n,)
h[0]: (d,)
sigma: logistic
z_u[j] = W_u@x[j] + U_u@h[j-1] + b_u
z_r[j] = W_r@x[j] + U_r@h[j-1] + b_r
u[j] = sigma(z_u[j])
r[j] = sigma(z_r[j])
z_g[j] = W_g@x[j] + U_g@(r[j]*h[j-1]) + b_g
g[j] = tanh(z_g[j])
h[j] = (1 - u[j])*h[j-1] + u[j]*g[j]
E = loss(h[t])
