"""Between fractions and the numbers of FLINT: as a ball, as an fmpq, and back from what is exact."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, fmpq


def ball(q: Fraction | int) -> arb:
    """Return a ball that holds q: exact if q is a dyadic fraction of few bits, else of radius 1 ulp.

    >>> ball(Fraction(3, 8)), ball(Fraction(1, 3)).contains(ball(1) / 3)
    (0.375000000000000, True)
    """
    return arb(rational(q))


def rational(q: Fraction | int) -> fmpq:
    """Return q as a fraction of FLINT.

    >>> rational(Fraction(3, 9))
    1/3
    """
    return fmpq(q.numerator, q.denominator)


def fraction(x: arb | fmpq) -> Fraction:
    """Return an exact ball, or a fraction of FLINT, as a fraction.

    >>> fraction(arb(0.375))
    Fraction(3, 8)
    """
    if isinstance(x, fmpq):
        return Fraction(int(x.p), int(x.q))
    mantissa, exponent = x.man_exp()
    return int(mantissa) * Fraction(2) ** int(exponent)
