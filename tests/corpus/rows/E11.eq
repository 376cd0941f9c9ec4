# E11: LSTM cell, backward
# needs: recursion form
# derive: --of L --form backward --detail unfolded --layout denominator
W_f: (d, n)
W_i: (d, n)
W_o: (d, n)
W_g: (d, n)
U_f: (d, d)
U_i: (d, d)
U_o: (d, d)
U_g: (d, d)
x[t]: (n,)
h[0]: (d,)
c[0]: (d,)
sigma: logistic
z_f[t] = W_f@x[t] + U_f@h[t-1]
z_i[t] = W_i@x[t] + U_i@h[t-1]
z_o[t] = W_o@x[t] + U_o@h[t-1]
z_g[t] = W_g@x[t] + U_g@h[t-1]
f[t] = sigma(z_f[t])
i[t] = sigma(z_i[t])
o[t] = sigma(z_o[t])
g[t] = tanh(z_g[t])
c[t] = f[t]*c[t-1] + i[t]*g[t]
h[t] = o[t]*tanh(c[t])
l[t] = loss(h[t])
L = sum[t](l[t])
