# A17: skip-gram
# needs: comp, rows
# derive: --of l --wrt v --layout denominator
v: (d,)
u[j]: (d,)
i: range(1, N+1)
j: range(1, N+1)
p[j] = exp(u[j]@v)/sum[i](exp(u[i]@v))
l = log(p[o])
