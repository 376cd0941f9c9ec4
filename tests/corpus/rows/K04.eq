# K04: baseline of a policy gradient
# needs: exp
# outside: exp
# derive: --of B --wrt z --layout denominator
z: (n,)
p = softmax(z)
B = b*sum(p)
