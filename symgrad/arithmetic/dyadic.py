"""Between fractions and balls: a fraction as a ball, and a ball without a radius, a dyadic number, as a fraction."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq


def ball(q: Fraction | int) -> arb:
    """Return a ball that holds q: exact if q is a dyadic fraction of few bits, else of radius 1 ulp.

    >>> ball(Fraction(3, 8)), ball(Fraction(1, 3)).contains(ball(1) / 3)
    (0.375000000000000, True)
    """
    return arb(fmpq(q.numerator, q.denominator))


def fraction(x: arb) -> Fraction:
    """Return an exact ball as a fraction.

    >>> fraction(arb(0.375))
    Fraction(3, 8)
    """
    mantissa, exponent = x.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)
