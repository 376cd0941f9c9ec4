"""symgrad's directives and roles under docutils alone, and under MyST without Sphinx: call ``register`` first."""

from symgrad.desk.directives import register

__all__ = ["register"]
