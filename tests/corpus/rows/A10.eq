# A10: distillation
# needs: limit, series
# derive: --of L --wrt z --layout denominator
z: (N,)
v: (N,)
q = softmax(v/T)
L = -q@log(softmax(z/T))
