# L08: second derivative along a solution
# needs: total derivative
# derive: --of w --wrt h
f: vector
u: (n,)
v: (n,)
w: (n,)
s = t + h
v = f(t, u)
y = u + h*v
w = f(s, y)
