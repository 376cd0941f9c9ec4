# B04: gradient of a deep network of unknown layers
# needs: abstract layer map
# derive: --of h[L] --wrt W[l] --form product
f: vector
W[l]: (p[l],)
h[0]: (n,)
h[l]: (n,)
h[l] = f(h[l-1], W[l])
