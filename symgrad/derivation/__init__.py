"""Derivations as a book holds them, and the catalogues that they are found in."""
