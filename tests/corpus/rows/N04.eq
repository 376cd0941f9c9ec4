# N04: graph attention
# needs: mask, rows
# derive: --of L --form backward --layout denominator
X: (n, e)
W: (e, d)
a1: (d,)
a2: (d,)
M: (n, n)
M: mask
psi: leaky_relu(0.2)
P = X@W
z = outer(P@a1, ones) + P@a2
E = psi(z)
alpha = softmax(E + M)
H = alpha@P
L = loss(H)
