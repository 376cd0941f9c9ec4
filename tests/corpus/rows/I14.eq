# I14: products in a diffusion model
# needs: index product
# derive: --of x[T] --wrt x[0]
x[0]: ()
x[t] = sqrt(alpha[t])*x[t-1] + sqrt(1 - alpha[t])*e[t]
