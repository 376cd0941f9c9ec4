"""Matrices whose rows, or columns, are items: what is the same in a row, what divides it, and means."""
