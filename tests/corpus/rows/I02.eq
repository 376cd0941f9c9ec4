# I02: reparametrisation
# derive: --of L --wrt mu --layout denominator
# derive: --of L --wrt sigma --layout denominator
mu: (n,)
sigma: (n,)
epsilon: (n,)
z = mu + sigma*epsilon
L = loss(z)
