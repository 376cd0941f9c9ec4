# L05: derivative of an argmin
# needs: impl, sec, inv
# outside: impl
# derive: --of y --wrt x
A: (n, n)
B: (n, m)
x: (m,)
y = -inv(A)@B@x
