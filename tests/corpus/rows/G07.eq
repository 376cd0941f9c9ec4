# G07: rotary position
# needs: block rotation
# derive: --of L --wrt x[M] --layout denominator
x[m]: (d,)
R[m]: (d, d)
y[m] = R[m]@x[m]
L = loss(y[M])
