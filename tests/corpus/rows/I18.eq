# I18: saturating and non-saturating loss of a generator
# derive: --of S --wrt a
# derive: --of N --wrt a
D = logistic(a)
S = log(1 - D)
N = -log(D)
