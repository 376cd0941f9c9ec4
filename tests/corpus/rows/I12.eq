# I12: continuous normalising flow
# needs: tr, int
# outside: int
# derive: --of l --wrt A --layout denominator
A: (n, n)
z: (n,)
l = tr(A)
