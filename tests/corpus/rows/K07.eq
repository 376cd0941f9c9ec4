# K07: stopped gradients: temporal difference, ratio of policies
# needs: stop-gradient
# derive: --of rho --wrt theta --layout denominator
# derive: --of L --wrt theta --layout denominator
theta: (d,)
log_pi: scalar
V: scalar
s: (n,)
s_next: (n,)
l = log_pi(theta)
rho = exp(l - stop_gradient(l))
v = V(theta, s)
v_next = V(theta, s_next)
L = (r + gamma*stop_gradient(v_next) - v)**2/2
