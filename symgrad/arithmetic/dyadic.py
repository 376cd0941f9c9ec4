"""Balls without a radius are dyadic fractions."""

from __future__ import annotations

from fractions import Fraction

from flint import arb


def fraction(x: arb) -> Fraction:
    """Return an exact ball as a fraction.

    >>> fraction(arb(0.375))
    Fraction(3, 8)
    """
    mantissa, exponent = x.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)
