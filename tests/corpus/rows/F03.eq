# F03: the paths of four residual blocks
# needs: expansion of a product into paths
# derive: --of h[4] --wrt g[1] --form product
# derive: --of h[4] --wrt g[1] --form paths
f: vector
h[1]: (n,)
g[k]: (n,)
x: (n,)
g[1]: (n,)
J[k]: (n, n)
h[1] = x + g[1]
h[k] = h[k-1] + f(h[k-1])
