# G06: attention with a causal mask
# needs: mask, rows
# derive: --of L --form backward --layout denominator
Q: (n, d)
K: (n, d)
V: (n, e)
M: (n, n)
M: mask
S = Q@K.T/sqrt(d) + M
P = softmax(S)
O = P@V
L = loss(O)
