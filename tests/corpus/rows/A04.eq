# A04: softmax cross-entropy
# needs: the fact that a one-hot vector sums to 1
# derive: --of L --wrt o --layout denominator
# derive: --of E --wrt o --layout denominator
o: (n,)
y: (n,)
y: simplex
L = softmax_cross_entropy(o, y)
p = softmax(o)
E = -y@log(p)
