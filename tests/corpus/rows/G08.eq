# G08: linear attention
# needs: mat
# derive: --of L --wrt K --layout denominator
# derive: --of L --wrt V --layout denominator
# derive: --of L --wrt Q --layout denominator
Q: (n, d)
K: (m, d)
V: (m, e)
O = Q@(K.T@V)
L = loss(O)
