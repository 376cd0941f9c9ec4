# A14: matrix factorisation
# needs: mat, red
# derive: --of L --wrt V --layout denominator
X: (m, n)
U: (m, k)
V: (k, n)
L = norm(X - U@V)**2
