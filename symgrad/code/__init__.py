"""A derivation as a program: the forward pass, the backward equations, the gradients, and a self-test."""

from symgrad.export.formats import LANGUAGES

__all__ = ["LANGUAGES"]
