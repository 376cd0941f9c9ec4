"""Enclosures of functions on a whole tail [Z, oo)."""
