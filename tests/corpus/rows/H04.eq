# H04: zero-order hold
# needs: matrix exponential
# derive: --of A_bar --wrt Delta
# derive: --of B_bar --wrt Delta
A: (n, n)
B: (n, m)
A_bar = expm(Delta*A)
B_bar = inv(A)@(A_bar - I)@B
