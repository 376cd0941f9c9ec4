# I01: KL divergence of a variational autoencoder
# needs: red
# derive: --of D --wrt mu --layout denominator
# derive: --of D --wrt r --layout denominator
mu: (n,)
r: (n,)
D = sum(exp(r) + mu**2 - 1 - r)/2
