# One neuron in each layer
z[j] = w[j]*a[j-1] + b[j]
a[j] = sigma(z[j])
C = cost(a[L], y)
