# G14: additive attention
# derive: --of a --form backward --detail unfolded --layout denominator
W_q: (h, n)
W_k: (h, m)
q: (n,)
k: (m,)
w: (h,)
z = W_q@q + W_k@k
u = tanh(z)
a = w@u
