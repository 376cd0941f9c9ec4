# A multi-layer perceptron: a weight matrix and a bias vector for each layer
W[l]: (n[l], n[l-1])
b[l]: (n[l],)
a[0]: (n[0],)
y: (n[L],)
z[l] = W[l]@a[l-1] + b[l]
a[l] = sigma(z[l])
C = cost(a[L], y)
