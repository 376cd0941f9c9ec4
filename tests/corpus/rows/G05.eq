# G05: several heads
# needs: cat, head index
# derive: --of L --form backward --layout denominator
X: (n, e)
W_Q[i]: (e, d)
W_K[i]: (e, d)
W_V[i]: (e, d)
W_O[i]: (d, e)
i: range(1, N+1)
Q[i] = X@W_Q[i]
K[i] = X@W_K[i]
V[i] = X@W_V[i]
S[i] = Q[i]@K[i].T/sqrt(d)
P[i] = softmax(S[i])
H[i] = P[i]@V[i]
O = sum[i](H[i]@W_O[i])
L = loss(O)
