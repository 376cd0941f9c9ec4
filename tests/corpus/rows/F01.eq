# F01: residual block
# needs: abstract F
# derive: --of x[l] --wrt x[l-1]
F: vector
x[0]: (n,)
x[l]: (n,)
y[l]: (n,)
y[l] = F(x[l-1])
x[l] = x[l-1] + y[l]
