"""A derivation as a program: the forward pass, the backward equations and the gradients, in NumPy, JAX, PyTorch, Julia."""
