"""Sides without letters: their values, the range of what they are, and printed numbers."""
