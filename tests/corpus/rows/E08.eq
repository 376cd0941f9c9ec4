# E08: product of a tanh network from its first state alone
# needs: erratum
# outside: audit target
# derive: --of E --wrt W --form product --layout denominator
W: (d, d)
U: (d, n)
x[t]: (n,)
h[0]: (d,)
h[t] = tanh(W@h[t-1] + U@x[t])
E = loss(h[T])
