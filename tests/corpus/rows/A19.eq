# A19: negative sampling
# needs: red, softplus' = logistic
# derive: --of L --wrt v --layout denominator
u: (d,)
v: (d,)
w[k]: (d,)
k: range(1, K+1)
L = -log(logistic(u@v)) - sum[k](log(logistic(-w[k]@v)))
