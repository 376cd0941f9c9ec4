# A02: ridge regression
# needs: red
# derive: --of L --wrt w --layout denominator
X: (m, n)
w: (n,)
y: (m,)
L = norm(X@w - y)**2 + lambda*norm(w)**2/2
