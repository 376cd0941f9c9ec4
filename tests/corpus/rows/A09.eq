# A09: softmax with a temperature, entry by entry
# needs: index sums
# derive: --of F[i] --wrt X[j]
X: (d,)
f: vector
z: (n,)
z = f(X)
g = sum(exp(z/T))
F = exp(z/T)/g
