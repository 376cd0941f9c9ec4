# G10: rescaling of an online softmax
# needs: max, rows
# outside: audit target
# derive: --of O --wrt V2
S1: (n,)
S2: (n,)
V1: (n, d)
V2: (n, d)
m1 = max(S1)
m2 = max(m1, max(S2))
l1 = sum(exp(S1 - m1))
l2 = exp(m1 - m2)*l1 + sum(exp(S2 - m2))
O1 = V1.T@exp(S1 - m1)
O2 = exp(m1 - m2)*O1 + V2.T@exp(S2 - m2)
O = O2/l2
