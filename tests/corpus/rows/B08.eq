# B08: Hessian-vector product
# needs: sec: forward over reverse
# derive: --of E --wrt W1 --wrt W2 --form hvp --layout denominator
W1: (h, n)
W2: (k, h)
x: (n,)
y: (k,)
a = W1@x
z = phi(a)
o = W2@z
E = norm(o - y)**2/2
