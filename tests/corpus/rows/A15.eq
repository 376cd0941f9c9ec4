# A15: norm of a vector
# needs: norm
# derive: --of N --wrt v --layout denominator
v: (n,)
N = norm(v)
