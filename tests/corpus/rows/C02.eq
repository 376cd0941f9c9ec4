# C02: batch normalisation with Bessel's correction
# needs: bat, bcast
# derive: --of L --wrt X --layout denominator
X: (m, n)
gamma: (n,)
beta: (n,)
mu = mean(X, axis=0)
s = sqrt(sum((X - mu)**2, axis=0)/(m - 1) + epsilon)
X_hat = (X - mu)/s
Y = gamma*X_hat + beta
L = loss(Y)
