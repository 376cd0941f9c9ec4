# C04: Jacobian of layer normalisation
# needs: red, collapse to a projector
# derive: --of y --wrt x
x: (n,)
s = std(x)
y = (x - mean(x))/s
