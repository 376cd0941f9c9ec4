# L08: second derivative along a solution
# needs: total derivative
# derive: --of v --wrt h
f: vector
t: ()
y[0]: (n,)
y[1]: (n,)
y = u + h*v
v = f(t + h, y)
u: (n,)
