# every layer reads the layer before and the one before that
a[j] = a[j-1] + beta*sigma(w[j]*a[j-2] + b[j])
C = cost(a[L], y)
