# C08: unit vector
# needs: norm
# derive: --of u --wrt v
v: (n,)
u = v/norm(v)
