# K06: direct preference optimisation
# needs: softplus' = logistic
# derive: --of L --wrt theta --layout denominator
theta: (d,)
pi: scalar
y_c: (n,)
y_r: (n,)
l_c = pi(theta, y_c)
l_r = pi(theta, y_r)
u = beta*((l_c - r_c) - (l_r - r_r))
L = -log(logistic(u))
