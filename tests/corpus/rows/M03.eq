# M03: a factor of a product of matrices
# needs: Kronecker product
# derive: --of Y --wrt X
A: (m, n)
X: (n, p)
B: (p, q)
Y = A@X@B
