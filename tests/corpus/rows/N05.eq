# N05: over-squashing in a graph network
# needs: comp, bound
# derive: --of h[L] --wrt h[0]
A: (n, n)
h[0]: (n,)
z[l] = A@psi(h[l-1])
h[l] = phi(z[l])
psi: elementwise
