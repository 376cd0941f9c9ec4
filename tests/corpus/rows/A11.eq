# A11: label smoothing
# needs: one-hot facts
# derive: --of L --wrt z --layout denominator
z: (K,)
y: (K,)
y: simplex
t = (1 - epsilon)*y + epsilon/K
L = softmax_cross_entropy(z, t)
