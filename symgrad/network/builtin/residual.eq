# The chain with an identity skip around each neuron
z[j] = w[j]*a[j-1] + b[j]
a[j] = a[j-1] + sigma(z[j])
C = cost(a[L], y)
