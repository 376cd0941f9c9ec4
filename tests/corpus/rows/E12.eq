# E12: clipping the norm of a gradient
# needs: norm, pw
# derive: --of c --wrt g
g: (n,)
c = where(norm(g) > tau, tau*g/norm(g), g)
