# F04: residual block scaled by the depth
# needs: the depth as a number
# derive: --of x[L] --wrt x[0]
W[l]: (n, n)
x[0]: (n,)
a[l] = W[l]@x[l-1]
x[l] = x[l-1] + phi(a[l])/sqrt(L)
C = cost(x[L])
