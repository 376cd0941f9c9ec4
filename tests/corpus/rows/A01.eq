# A01: least squares
# needs: red, mat
# derive: --of L --wrt w --layout denominator
X: (m, n)
w: (n,)
y: (m,)
L = norm(X@w - y)**2
