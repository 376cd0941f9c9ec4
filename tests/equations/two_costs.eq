# a recurrent network with two costs: one on the last state, one that keeps it small
W: (d, d)
U: (d, n)
x[j]: (n,)
s[0]: (d,)
y: (d,)
s[j] = phi(W@s[j-1] + U@x[j])
E = loss(s[t], y)
R = sum(s[t]*s[t])/2
J = E + mu*R
