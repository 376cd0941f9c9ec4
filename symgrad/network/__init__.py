"""Equations: read, checked, held."""
