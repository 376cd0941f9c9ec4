"""The powers of numbers and the long numbers in a formula, with their exact and their rounded values."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.powers import numeric_powers
from symgrad.export.math import Display, Num, Paren, Power, Scientific
from symgrad.export.text import math_text
from symgrad.export.typeset import base_of_power

LONG = 15
"""Characters from which a number has its rounded value beside it."""


def power_lines(m: LinearMap) -> list[Display]:
    """Return (1/2)^4 = 0.0625, or (3/2)^150 = ... and (3/2)^150 ≈ 2.592317998·10²⁶, for each power in m."""
    lines = []
    for p in numeric_powers(m):
        base = Num(p.base)
        left = Power(base_of_power(Paren(base)), Num(Fraction(p.exponent))) if p.exponent > 1 else base
        exact = None if p.exact is None else Num(p.exact)
        if exact is not None and p.exponent > 1:
            lines.append(Display(left, exact))
        if exact is None or len(math_text(exact)) > LONG:
            lines.append(Display(left, Scientific(*p.rounded()), "≈"))
    return lines
