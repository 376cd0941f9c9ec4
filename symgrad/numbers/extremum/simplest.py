"""The simplest rational number of an interval: the one with the least denominator (Stern and Brocot)."""

from __future__ import annotations

from fractions import Fraction

from symgrad.arithmetic.dyadic import fraction
from symgrad.arithmetic.interval import Interval


def simplest(X: Interval) -> Fraction:
    """Return the fraction of least denominator in a finite interval.

    >>> from symgrad.arithmetic.ball import arb
    >>> simplest(Interval(arb(0.3333), arb(0.3334))), simplest(Interval(arb(-2), arb(1)))
    (Fraction(1, 3), Fraction(0, 1))
    """
    return between(fraction(X.lo), fraction(X.hi))


def between(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction of least denominator in [low, high], by continued fractions."""
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -between(-high, -low)
    (a, b), (c, d) = low.as_integer_ratio(), high.as_integer_ratio()
    p, q, r, s = 1, 0, 0, 1  # the fraction that is sought is (p t + q) / (r t + s), t the one in [a/b, c/d]
    while True:
        floor, rest = divmod(a, b)
        if rest == 0 or c >= (floor + 1) * d:
            t = floor + (rest != 0)
            return Fraction(p * t + q, r * t + s)
        p, q, r, s = p * floor + q, p, r * floor + s, r
        a, b, c, d = d, c - floor * d, b, rest
