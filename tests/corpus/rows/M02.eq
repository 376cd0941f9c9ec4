# M02: determinant
# needs: det
# derive: --of D --wrt X --layout denominator
X: (n, n)
D = det(X)
