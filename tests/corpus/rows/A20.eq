# A20: evidence of a Gaussian process
# needs: inv, logdet, tr
# derive: --of L --wrt K --layout denominator
K: (n, n)
K: symmetric
y: (n,)
alpha = inv(K)@y
L = -y@inv(K)@y/2 - logdet(K)/2
