# B13: max gate
# needs: pw
# derive: --of m --wrt x
# derive: --of m --wrt y
m = max(x, y)
