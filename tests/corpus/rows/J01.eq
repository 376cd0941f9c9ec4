# J01: InfoNCE
# needs: rows
# derive: --of L --wrt q --layout denominator
q: (d,)
z[k]: (d,)
j: range(1, N+1)
k: range(1, N+1)
tau: positive
p[k] = exp(q@z[k]/tau)/sum[j](exp(q@z[j]/tau))
L = -log(p[1])
