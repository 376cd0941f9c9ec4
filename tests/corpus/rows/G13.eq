# G13: router of a mixture of experts
# needs: comp, rows, outer
# derive: --of y --wrt x
f: vector
x: (n,)
E[i]: (n,)
g[i]: (n,)
i: range(1, N+1)
j: range(1, N+1)
E[i] = f(x, W[i])
p[i] = exp(g[i]@x)/sum[j](exp(g[j]@x))
y = sum[i](p[i]*E[i])
