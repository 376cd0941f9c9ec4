"""Certified extrema of functions of one variable."""
