"""Gaussian means, and what follows from them: gains and critical lines."""
