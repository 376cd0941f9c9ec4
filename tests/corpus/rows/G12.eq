# G12: slopes of GELU and SiLU
# derive: --of g --wrt x --detail unfolded
# derive: --of s --wrt x --detail unfolded
g = gelu(x)
s = silu(x)
