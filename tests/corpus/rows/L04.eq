# L04: influence function
# needs: sec, inv, impl
# outside: impl
# derive: --of L --wrt epsilon
H: (p, p)
g: (p,)
L = loss(theta)
theta: (p,)
theta = theta_0 - epsilon*inv(H)@g
theta_0: (p,)
