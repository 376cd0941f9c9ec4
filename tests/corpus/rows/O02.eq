# O02: forward algorithm of a conditional random field
# needs: logsumexp recursion
# derive: --of Z --form backward --layout denominator
A: (n, n)
s[t]: (n,)
a[0]: (n,)
M[t] = A + outer(a[t-1], ones)
a[t] = s[t] + logsumexp(M[t], axis=0)
Z = logsumexp(a[T])
