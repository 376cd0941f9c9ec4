# A transformer of pre-LN blocks with one head: n tokens as rows
X[0]: (n, d)
W_Q[l]: (d, k)
W_K[l]: (d, k)
W_V[l]: (d, d)
W_1[l]: (d, h)
W_2[l]: (h, d)
U[l] = layer_norm(X[l-1])
Q[l] = U[l]@W_Q[l]
K[l] = U[l]@W_K[l]
V[l] = U[l]@W_V[l]
S[l] = Q[l]@K[l].T/sqrt(k)
P[l] = softmax(S[l])
Y[l] = X[l-1] + P[l]@V[l]
N[l] = layer_norm(Y[l])
H[l] = N[l]@W_1[l]
X[l] = Y[l] + gelu(H[l])@W_2[l]
C = loss(X[L])
