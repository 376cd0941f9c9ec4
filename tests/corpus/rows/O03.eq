# O03: best path
# needs: arg
# outside: argmax path
# derive: --of Z --form backward --layout denominator
A: (n, n)
s[t]: (n,)
a[0]: (n,)
a[t] = s[t] + max(A + outer(a[t-1], ones), axis=0)
Z = max(a[T])
