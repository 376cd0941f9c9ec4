# I17: classifier guidance
# derive: --of l --wrt x --layout denominator
x: (n,)
p: scalar
c: scalar
l = p(x) + c(x)
