# A transformer of post-LN blocks with one head: what is normalised is the sum with the skip; n tokens as rows
X[0]: (n, d)
W_Q[l]: (d, k)
W_K[l]: (d, k)
W_V[l]: (d, d)
W_1[l]: (d, h)
W_2[l]: (h, d)
Q[l] = X[l-1]@W_Q[l]
K[l] = X[l-1]@W_K[l]
V[l] = X[l-1]@W_V[l]
S[l] = Q[l]@K[l].T/sqrt(k)
P[l] = softmax(S[l])
A[l] = X[l-1] + P[l]@V[l]
Y[l] = layer_norm(A[l])
H[l] = Y[l]@W_1[l]
B[l] = Y[l] + gelu(H[l])@W_2[l]
X[l] = layer_norm(B[l])
C = loss(X[L])
