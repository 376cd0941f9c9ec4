# E01: total derivative of a step
# needs: abstract step
# derive: --of h[t] --wrt w --form forward
f: vector
x[t]: (n,)
h[0]: (d,)
h[t]: (d,)
w: (p,)
h[t] = f(x[t], h[t-1], w)
