"""The powers of numbers in a formula, each with its exact value and, where that is long, rounded."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.powers import numeric_powers
from symgrad.export.math import Display, Num, Paren, Power, Scientific
from symgrad.export.typeset import base_of_power


def power_lines(m: LinearMap) -> list[Display]:
    """Return (1/2)^10 = 1/1024, or (3/2)^150 = ... and (3/2)^150 ≈ 2.592317998·10²⁶, for each power in m."""
    lines = []
    for p in numeric_powers(m):
        base = Num(p.base)
        left = Power(base_of_power(Paren(base)), Num(Fraction(p.exponent))) if p.exponent > 1 else base
        if p.exact is not None and p.exponent > 1:
            lines.append(Display(left, Num(p.exact)))
        if (rounded := p.rounded()) is not None:
            lines.append(Display(left, Scientific(*rounded), "≈"))
    return lines
