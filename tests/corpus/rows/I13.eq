# I13: score of the diffusion kernel
# derive: --of q --wrt x --layout denominator
x: (n,)
x0: (n,)
alpha: positive
q = -norm(x - sqrt(alpha)*x0)**2/(2*(1 - alpha))
epsilon = (x - sqrt(alpha)*x0)/sqrt(1 - alpha)
