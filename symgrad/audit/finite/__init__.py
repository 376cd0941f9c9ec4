"""Finite sets by their elements, A = \\{1, 2, 3\\}, and what of them follows: unions, sizes, members, subsets."""
