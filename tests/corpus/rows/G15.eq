# G15: logsumexp and its square
# needs: lse
# derive: --of L1 --wrt z --layout denominator
# derive: --of L2 --wrt z --layout denominator
z: (n,)
L1 = logsumexp(z)
L2 = logsumexp(z)**2
