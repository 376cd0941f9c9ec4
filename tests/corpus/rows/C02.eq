# C02: batch normalisation with Bessel's correction, per column
# needs: bat, bcast
# derive: --of L --wrt x --form product --layout denominator
x: (n,)
mu = mean(x)
s = sqrt(sum((x - mu)**2)/(n - 1) + epsilon)
x_hat = (x - mu)/s
y = gamma*x_hat + beta
L = loss(y)
