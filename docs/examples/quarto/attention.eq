# One head of attention: n tokens as the rows of X
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
