"""Which functions of the table of a number system are not smooth at 0."""

from __future__ import annotations

KINKS = frozenset({"abs", "relu", "negative_part"})
"""The functions of the table that have a kink at 0."""
JUMPS = frozenset({"sign", "step"})
"""Those that jump at 0. All others are analytic wherever they are defined."""
