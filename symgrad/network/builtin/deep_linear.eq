# A deep network with the identity as activation and no biases
W[l]: (n, n)
a[0]: (n,)
y: (n,)
a[l] = W[l]@a[l-1]
C = cost(a[L], y)
