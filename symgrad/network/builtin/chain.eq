# One neuron in each layer (Nielsen, Neural Networks and Deep Learning, chapter 5)
z[j] = w[j]*a[j-1] + b[j]
a[j] = sigma(z[j])
C = cost(a[L], y)
