"""Indices, shapes, expressions, linear maps: the algebra that everything else is written in."""
