# A multi-layer perceptron over a batch of m items, which are rows; the loss is a mean over the batch
W[l]: (n[l-1], n[l])
b[l]: (n[l],)
A[0]: (m, n[0])
Y: (m, n[L])
Y: simplex
Z[l] = A[l-1]@W[l] + b[l]
A[l] = sigma(Z[l])
C = mean(softmax_cross_entropy(A[L], Y))
