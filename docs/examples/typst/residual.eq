# A chain of neurons, each with a way around it
z[l] = w[l]*a[l-1] + b[l]
a[l] = a[l-1] + tanh(z[l])
C = cost(a[L], y)
