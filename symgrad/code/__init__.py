"""A derivation as a program: the forward pass, the backward equations, the gradients, and a self-test."""

LANGUAGES = ("numpy", "jax", "torch")
"""What programs are written for."""
