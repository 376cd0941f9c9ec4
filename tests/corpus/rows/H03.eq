# H03: selective scan
# needs: a product of exponentials collapses
# derive: --of h[t] --wrt h[k]
# derive: --of L --form backward --layout denominator
a: (n,)
h[0]: (n,)
b[t]: (n,)
h[t] = exp(Delta[t]*a)*h[t-1] + Delta[t]*b[t]*x[t]
l[t] = loss(h[t])
L = sum[t](l[t])
