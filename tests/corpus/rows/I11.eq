# I11: Euler's method, whose product tends to the adjoint
# needs: limit
# derive: --of x[N] --wrt x[0]
J[j]: (n, n)
x[0]: (n,)
x[j] = x[j-1] + h*J[j]@x[j-1]
