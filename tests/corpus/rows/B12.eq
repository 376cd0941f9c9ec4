# B12: mean pooling
# needs: red
# derive: --of L --wrt x --layout denominator
x: (n,)
y = mean(x)
L = loss(y)
