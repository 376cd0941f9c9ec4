# A23: slopes of the logistic function and of tanh
# derive: --of s --wrt x --detail unfolded
# derive: --of h --wrt x --detail unfolded
s = logistic(x)
h = tanh(x)
