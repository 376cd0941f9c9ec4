# I04: gradient of the evidence lower bound
# needs: exp
# outside: exp
# derive: --of L --wrt mu --layout denominator
mu: (n,)
epsilon: (n,)
z = mu + epsilon
L = loss(z)
