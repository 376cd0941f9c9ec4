# H01: linear state-space model
# needs: matrix power
# derive: --of h[t] --wrt h[k]
A: (n, n)
B: (n, m)
h[0]: (n,)
x[t]: (m,)
h[t] = A@h[t-1] + B@x[t]
