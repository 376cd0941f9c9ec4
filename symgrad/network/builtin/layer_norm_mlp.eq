# A multi-layer perceptron with layer normalisation before each activation, with a gain and a shift
W[l]: (n[l], n[l-1])
g[l]: (n[l],)
b[l]: (n[l],)
a[0]: (n[0],)
y: (n[L],)
z[l] = W[l]@a[l-1]
x_hat[l] = layer_norm(z[l])
a[l] = sigma(g[l]*x_hat[l] + b[l])
C = cost(a[L], y)
