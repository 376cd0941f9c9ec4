"""The range of a scalar gradient over a box of parameters."""
