# F08: pre-LN block
# needs: two, layer norm as a unit
# derive: --of x[L] --wrt x[0]
F: vector
x[0]: (d,)
x[l]: (d,)
y[l]: (d,)
u[l] = layer_norm(x[l-1])
y[l] = F(u[l])
x[l] = x[l-1] + y[l]
