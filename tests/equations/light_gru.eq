# light gated recurrent unit: ReLU candidate, no reset gate
W_z: (d, n)
U_z: (d, d)
W_h: (d, n)
U_h: (d, d)
x[k]: (n,)
h[0]: (d,)
y: (d,)
z[k] = logistic(W_z@x[k] + U_z@h[k-1])
q[k] = relu(W_h@x[k] + U_h@h[k-1])
h[k] = z[k]*h[k-1] + (1 - z[k])*q[k]
E = cross_entropy(softmax(h[T]), y)
