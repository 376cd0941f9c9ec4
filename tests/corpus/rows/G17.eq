# G17: tokens through layers of attention
# needs: rows, two
# derive: --of X[L] --wrt X[0] --form product
X[0]: (n, e)
B: (e, e)
W: (e, e)
S[l] = X[l-1]@B@X[l-1].T
P[l] = softmax(S[l])
A[l] = P[l]@X[l-1]@W
X[l] = X[l-1] + A[l]
C = loss(X[L])
