# I20: restricted Boltzmann machine
# needs: exp
# outside: exp
# derive: --of E --wrt W --layout denominator
W: (m, n)
v: (m,)
h: (n,)
b: (m,)
c: (n,)
E = v@W@h + b@v + c@h
