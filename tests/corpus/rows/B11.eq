# B11: max pooling
# needs: arg
# derive: --of L --wrt x --layout denominator
x: (n,)
y = max(x)
L = loss(y)
