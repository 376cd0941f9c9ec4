# A03: logistic regression
# needs: simplification: p (1 - p) cancels
# derive: --of L --wrt w --layout denominator
w: (n,)
x: (n,)
p = logistic(w@x)
L = -t*log(p) - (1 - t)*log(1 - p)
