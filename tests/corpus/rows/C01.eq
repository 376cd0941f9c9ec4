# C01: batch normalisation, per column
# needs: bat, bcast
# derive: --of L --form backward --layout denominator
x: (m,)
mu = mean(x)
v = mean((x - mu)**2)
x_hat = (x - mu)/sqrt(v + epsilon)
y = gamma*x_hat + beta
L = loss(y)
