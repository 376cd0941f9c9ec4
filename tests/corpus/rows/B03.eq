# B03: two-layer network over a batch
# needs: rows, bat, mat
# derive: --of L --form backward --detail unfolded --layout denominator
X: (m, n)
W1: (n, h)
W2: (h, c)
Y: (m, c)
Y: simplex
A1 = X@W1
Z1 = relu(A1)
A2 = Z1@W2
L = mean(softmax_cross_entropy(A2, Y))
