# a deep autoencoder with tied weights and half the squared error of the reconstruction
V: (p, n)
W: (p, p)
b: (p,)
c: (n,)
x: (n,)
h[0] = sigma(V@x)
h[j] = sigma(W@h[j-1] + b)
r = V.T@h[L] + c
C = cost(r, x)
