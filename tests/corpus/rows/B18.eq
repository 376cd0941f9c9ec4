# B18: slope of PReLU
# needs: pw, red
# derive: --of L --wrt alpha --form backward --layout denominator
z: (n,)
a = where(z < 0, alpha*z, z)
L = loss(a)
