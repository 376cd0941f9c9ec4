# B10: dropout
# needs: constants
# derive: --of L --wrt a --form backward --layout denominator
a: (n,)
m: (n,)
h = m*a/(1 - p)
L = loss(h)
