# G11: SwiGLU
# derive: --of L --wrt x --form backward --layout denominator
W: (h, n)
V: (h, n)
U: (n, h)
x: (n,)
a = W@x
b = V@x
g = silu(a)*b
y = U@g
L = loss(y)
