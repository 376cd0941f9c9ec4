# C07: spectral normalisation
# needs: singular vectors
# outside: singular vectors
# derive: --of s --wrt W --layout denominator
W: (m, n)
s = norm2(W)
