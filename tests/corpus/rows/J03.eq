# J03: triplet loss
# needs: pw, red
# derive: --of L --wrt a --detail unfolded --layout denominator
# derive: --of L --wrt p --detail unfolded --layout denominator
# derive: --of L --wrt n --detail unfolded --layout denominator
a: (d,)
p: (d,)
n: (d,)
u = norm(a - p)**2 - norm(a - n)**2 + m
L = relu(u)
