# Long short-term memory: cell c, hidden state h, gates f (forget), i (input), o (output), candidate g
W_f: (d, n)
W_i: (d, n)
W_o: (d, n)
W_g: (d, n)
U_f: (d, d)
U_i: (d, d)
U_o: (d, d)
U_g: (d, d)
b_f: (d,)
b_i: (d,)
b_o: (d,)
b_g: (d,)
x[j]: (n,)
h[0]: (d,)
c[0]: (d,)
sigma: logistic
z_f[j] = W_f@x[j] + U_f@h[j-1] + b_f
z_i[j] = W_i@x[j] + U_i@h[j-1] + b_i
z_o[j] = W_o@x[j] + U_o@h[j-1] + b_o
z_g[j] = W_g@x[j] + U_g@h[j-1] + b_g
f[j] = sigma(z_f[j])
i[j] = sigma(z_i[j])
o[j] = sigma(z_o[j])
g[j] = tanh(z_g[j])
c[j] = f[j]*c[j-1] + i[j]*g[j]
h[j] = o[j]*tanh(c[j])
E = loss(h[t])
