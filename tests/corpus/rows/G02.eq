# G02: attention
# needs: rows, mat
# derive: --of L --form backward --layout denominator
Q: (n, d)
K: (m, d)
V: (m, e)
S = Q@K.T/sqrt(d)
P = softmax(S)
O = P@V
L = loss(O)
