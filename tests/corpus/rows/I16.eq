# I16: Tweedie's formula
# needs: exp
# outside: exp
# derive: --of q --wrt x --layout denominator
x: (n,)
x0: (n,)
q = -norm(x - x0)**2/(2*sigma**2)
sigma: positive
