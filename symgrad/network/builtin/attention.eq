# Attention of queries X to keys and values of the same tokens: one head, n tokens as rows
X: (n, e)
W_Q: (e, d)
W_K: (e, d)
W_V: (e, d)
Q = X@W_Q
K = X@W_K
V = X@W_V
S = Q@K.T/sqrt(d)
P = softmax(S)
O = P@V
L = loss(O)
