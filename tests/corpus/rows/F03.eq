# F03: the paths of four residual blocks
# needs: expansion of a product into paths
# derive: --of h[3] --wrt g --form product
# derive: --of h[3] --wrt g --form paths
f: vector
x: (n,)
g: (n,)
h[k]: (n,)
h[0] = x + g
h[k] = h[k-1] + f(h[k-1])
