# B05: Jacobian of a network by its input
# derive: --of a[L] --wrt h[0] --form product
W[l]: (n[l], n[l-1])
h[0]: (n[0],)
a[l] = W[l]@h[l-1]
h[l] = phi(a[l])
