# G09: fast weights with the delta rule
# needs: outer, matrix state
# derive: --of L --form backward --layout denominator
S[0]: (n, d)
k[t]: (d,)
v[t]: (n,)
S[t] = S[t-1] + beta[t]*outer(v[t] - S[t-1]@k[t], k[t])
L = loss(S[T])
