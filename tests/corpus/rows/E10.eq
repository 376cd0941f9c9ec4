# E10: randomised truncation
# needs: exp
# outside: exp
# derive: --of h[t] --wrt w --form forward
f: vector
h[0]: (d,)
h[t]: (d,)
w: (p,)
h[t] = f(h[t-1], w)
