# A18: continuous bag of words
# needs: comp, rows
# derive: --of l --wrt v[i] --layout denominator
v[i]: (d,)
u[j]: (d,)
i: range(1, M+1)
j: range(1, N+1)
k: range(1, N+1)
h = sum[i](v[i])/M
p[j] = exp(u[j]@h)/sum[k](exp(u[k]@h))
l = log(p[c])
