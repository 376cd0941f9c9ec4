# J01: InfoNCE, with the keys as rows of Z and u the positive one
# needs: rows
# derive: --of L --wrt q --layout denominator
Z: (N, d)
q: (d,)
u: (d,)
tau: positive
s = Z@q/tau
p = softmax(s)
L = logsumexp(s) - q@u/tau
