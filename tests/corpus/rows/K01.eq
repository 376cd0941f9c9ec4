# K01: policy gradient
# needs: exp, sumT
# outside: exp
# derive: --of J --wrt theta --layout denominator
pi: scalar
theta: (p,)
l[t] = pi(theta, s[t])
J = R*sum[t](l[t])
