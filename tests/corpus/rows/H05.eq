# H05: the kernel of a state-space model as a convolution
# needs: powers, index sums
# derive: --of L --wrt K[k]
# derive: --of L --wrt x[s]
K[k]: ()
x[s]: ()
y[t] = sum[k:0:t](K[k]*x[t-k])
L = sum[t](loss(y[t]))
