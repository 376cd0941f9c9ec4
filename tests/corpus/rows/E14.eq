# E14: bidirectional network
# needs: two directions
# derive: --of o[t] --wrt x[k] --form product
W_f: (d, n)
U_f: (d, d)
W_b: (d, n)
U_b: (d, d)
V_f: (q, d)
V_b: (q, d)
x[t]: (n,)
f[0]: (d,)
b[T+1]: (d,)
a[t] = W_f@x[t] + U_f@f[t-1]
f[t] = phi(a[t])
c[t] = W_b@x[t] + U_b@b[t+1]
b[t] = phi(c[t])
o[t] = V_f@f[t] + V_b@b[t]
