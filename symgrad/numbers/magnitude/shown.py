"""A number as a table shows it."""

from __future__ import annotations

from math import ceil, floor, log2

from flint import arb

from symgrad.numbers.magnitude.decimal import expansion, twos_and_fives
from symgrad.numbers.magnitude.magnitude import Magnitude


def brief(x: Magnitude | None, digits: int, none: str = "") -> str:
    """Return a number with so many digits: all of a short decimal, 0.25; ``none`` where there is no number.

    Of one that is 0 as far as can be seen, as the mean of selu with its constants of 60 decimals, how far.

    >>> from fractions import Fraction
    >>> from symgrad.numbers.magnitude.magnitude import magnitude
    >>> brief(magnitude(Fraction(1, 4)), 6), brief(magnitude(Fraction(1, 3)), 6), brief(None, 6, "none")
    ('0.25', '0.333333', 'none')
    """
    if x is None:
        return none
    if x.exact is not None and twos_and_fives(x.exact.denominator)[2] == 1:
        decimals = expansion(x.exact)
        if len(decimals) <= digits + len("-0."):
            return decimals
    ball = x.ball(ceil(digits * log2(10)) + 64)
    size = abs(ball).upper()
    if size > 0 and size < arb(10) ** -digits and ball.contains(0):
        return f"0 to {floor(float(-size.log() / arb(10).log()))} decimals"
    return x.to(digits)
