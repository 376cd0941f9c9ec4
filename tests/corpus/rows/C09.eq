# C09: layer normalisation does not see a scale
# needs: identity claims
# derive: --of y --wrt a
# derive: --of y --wrt x
x: (n,)
a: positive
z = a*x
s = std(z)
y = (z - mean(z))/s
