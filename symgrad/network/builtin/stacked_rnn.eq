# Recurrent networks one above the other: layer l reads layer l-1 at the same time step, and itself at the step before
W[l]: (d, d)
U[l]: (d, d)
b[l]: (d,)
h[0,t]: (d,)
h[l,0]: (d,)
z[l,t] = U[l]@h[l-1,t] + W[l]@h[l,t-1] + b[l]
h[l,t] = sigma(z[l,t])
E = loss(h[L,T])
