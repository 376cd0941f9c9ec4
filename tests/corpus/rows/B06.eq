# B06: Hessian by two weights of one layer
# needs: sec, comp
# derive: --of E --wrt W[j,i] --wrt W[l,k]
W: (m, n)
x: (n,)
a = W@x
E = loss(a)
