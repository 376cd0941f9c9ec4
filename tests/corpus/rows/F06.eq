# F06: highway layer
# derive: --of y --wrt x
W: (n, n)
V: (n, n)
x: (n,)
a = W@x
b = V@x
H = phi(a)
T = sigma(b)
y = T*H + (1 - T)*x
