# A classifier: layers of neurons, and the softmax of the last
W[l]: (n[l], n[l-1])
b[l]: (n[l],)
V: (c, n[L])
d: (c,)
a[0]: (n[0],)
y: (c,)
y: simplex
z[l] = W[l]@a[l-1] + b[l]
a[l] = relu(z[l])
o = V@a[L] + d
C = softmax_cross_entropy(o, y)
