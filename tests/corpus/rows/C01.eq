# C01: batch normalisation
# needs: bat, bcast
# derive: --of L --wrt X --layout denominator
# derive: --of L --wrt gamma --layout denominator
# derive: --of L --wrt beta --layout denominator
X: (m, n)
gamma: (n,)
beta: (n,)
mu = mean(X, axis=0)
s = sqrt(var(X, axis=0) + epsilon)
X_hat = (X - mu)/s
Y = gamma*X_hat + beta
L = loss(Y)
