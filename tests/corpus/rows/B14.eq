# B14: embedding lookup
# needs: comp
# derive: --of L --wrt C --layout denominator
S: (n, N)
C: (N, d)
E = S@C
L = loss(E)
