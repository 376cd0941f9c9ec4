# I10: adjoint of a neural ordinary differential equation
# needs: int
# outside: int
# derive: --of L --form backward --layout denominator
f: vector
x[0]: (n,)
x[j]: (n,)
theta: (p,)
x[j] = x[j-1] + h*f(x[j-1], theta)
L = loss(x[N])
