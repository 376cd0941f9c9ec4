# B02: ReLU network
# needs: indicator slope
# derive: --of L --form backward --detail unfolded --layout denominator
Omega[k]: (n[k], n[k-1])
beta[k]: (n[k],)
f[0]: (n[0],)
h[k] = relu(f[k-1])
f[k] = beta[k] + Omega[k]@h[k]
L = loss(f[K])
