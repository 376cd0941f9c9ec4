# K02: softmax policy
# needs: comp, rows
# derive: --of l --wrt theta --layout denominator
theta: (d,)
phi[b]: (d,)
b: range(1, N+1)
c: range(1, N+1)
P[b] = exp(theta@phi[b])/sum[c](exp(theta@phi[c]))
l = log(P[a])
