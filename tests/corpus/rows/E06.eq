# E06: double sum over time
# needs: sumT
# derive: --of E --wrt theta --form product
f: vector
theta: (p,)
x[0]: (d,)
x[t]: (d,)
x[t] = f(x[t-1], theta)
e[t] = loss(x[t])
E = sum[t](e[t])
