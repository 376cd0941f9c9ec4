# E15: stacked recurrent network
# needs: two
# derive: --of E --form backward --layout denominator
W[l]: (d, d)
U[l]: (d, d)
H[0,t]: (d,)
H[l,0]: (d,)
z[l,t] = W[l]@H[l-1,t] + U[l]@H[l,t-1]
H[l,t] = phi(z[l,t])
E = loss(H[L,T])
