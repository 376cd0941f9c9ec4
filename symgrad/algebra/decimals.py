"""Exact decimals: which rational numbers are written with a point, and how."""

from __future__ import annotations

from fractions import Fraction

from symgrad.errors import TooLarge

LONGEST_DECIMAL = 70
"""Characters from which a decimal is left a fraction."""
LARGEST_NUMBER = 14_000
"""Bits of a number that is written out, some 4,200 digits: Python writes no longer ones."""


def decimal(value: Fraction) -> str | None:
    """Return a fraction as a decimal where that is exact and shorter: 1.7159, 0.01; 3/2 and 1/3 stay fractions.

    >>> decimal(Fraction(1, 100)), decimal(Fraction(3, 2)), decimal(Fraction(1, 3))
    ('0.01', None, None)
    """
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > LARGEST_NUMBER:
        raise TooLarge("a number on the page has more than 4,200 digits", todo="leave the depth symbolic")
    places = 0
    power = 1
    while power % value.denominator and places <= value.denominator.bit_length():
        places, power = places + 1, power * 10
    if value.denominator == 1 or power % value.denominator:
        return None
    digits = str(abs(value.numerator) * (power // value.denominator)).rjust(places + 1, "0")
    shown = f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
    return shown if len(shown) < min(len(str(value)), LONGEST_DECIMAL) else None
