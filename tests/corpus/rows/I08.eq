# I08: change of variables in a flow
# needs: logdet, symbolic K
# derive: --of p --wrt J[k] --layout denominator
J[k]: (n, n)
z[0]: (n,)
z[k] = J[k]@z[k-1]
l[k] = logdet(J[k])
p = rho(z[K]) + sum[k](l[k])
rho: scalar
