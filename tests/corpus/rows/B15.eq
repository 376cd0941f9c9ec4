# B15: chain of unknown maps
# needs: abstract map
# derive: --of Z --wrt X
X: (n,)
Y: (m,)
Z: (k,)
g: vector
f: vector
Y = g(X)
Z = f(Y)
