# B07: Gauss-Newton
# needs: sec
# derive: --of L --wrt theta --wrt theta
theta: (p,)
f: (n,)
g: vector
f = g(theta)
L = loss(f)
