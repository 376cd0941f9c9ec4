# G01: attention of one query: its gradient is a covariance
# needs: softmax, the form of a covariance
# derive: --of o --wrt q
K: (m, n)
q: (n,)
p = softmax(K@q)
o = K.T@p
