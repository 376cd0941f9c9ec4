# I02: reparametrisation
# derive: --of L --wrt mu --form backward --layout denominator
# derive: --of L --wrt sigma --form backward --layout denominator
mu: (n,)
sigma: (n,)
epsilon: (n,)
z = mu + sigma*epsilon
L = loss(z)
