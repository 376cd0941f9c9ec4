# F09: post-LN block
# needs: layer norm as a unit
# derive: --of x[L] --wrt x[0]
F: vector
x[0]: (d,)
x[l]: (d,)
y[l]: (d,)
y[l] = F(x[l-1])
u[l] = x[l-1] + y[l]
x[l] = layer_norm(u[l])
