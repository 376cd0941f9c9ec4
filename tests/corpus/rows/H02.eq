# H02: derivative of a matrix power
# needs: matrix power, symbolic k
# derive: --of f --wrt A --layout denominator
A: (n, n)
x: (n,)
k: integer
f = x@matrix_power(A, k)@x
