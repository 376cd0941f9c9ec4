# A07: Hessian of logistic regression
# needs: sec, mat
# derive: --of L --wrt w --wrt w
X: (m, n)
w: (n,)
t: (m,)
mu = logistic(X@w)
L = -sum(t*log(mu) + (1 - t)*log(1 - mu))
