# C01: batch normalisation, per column
# needs: bat, bcast
# derive: --of L --wrt x --form product --layout denominator
# derive: --of L --wrt gamma --form product --layout denominator
# derive: --of L --wrt beta --form product --layout denominator
x: (m,)
s = sqrt(var(x) + epsilon)
x_hat = (x - mean(x))/s
y = gamma*x_hat + beta
L = loss(y)
