# matrices and biases of each layer, with a skip that starts at the input
W[l]: (n[l], n[l-1])
V[l]: (n[l], m)
b[l]: (n[l],)
x: (m,)
a[0]: (n[0],)
z[l] = W[l]@a[l-1] + V[l]@x + b[l]
a[l] = sigma(z[l])
C = cost(a[L])
