# I15: denoising score matching
# needs: exp
# outside: exp
# derive: --of J --wrt s --layout denominator
s: (n,)
g: (n,)
J = norm(s - g)**2
