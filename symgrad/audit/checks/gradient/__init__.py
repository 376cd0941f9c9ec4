"""Derivatives of networks by name, their matrices and norms."""
