# E03: backward recursion of a linear recurrent network
# needs: sumT, recursion form
# derive: --of L --form backward --layout denominator
W_x: (d, n)
W_h: (d, d)
W_q: (q, d)
x[t]: (n,)
h[0]: (d,)
y[t]: (q,)
h[t] = W_x@x[t] + W_h@h[t-1]
o[t] = W_q@h[t]
L = sum[t](loss(o[t], y[t]))
