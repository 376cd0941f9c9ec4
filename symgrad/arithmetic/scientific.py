"""Scientific notation of an exact number: correctly rounded, whatever its size."""

from __future__ import annotations

import sys
from fractions import Fraction
from math import ceil, floor, log2, log10
from typing import NamedTuple

import flint

LARGEST_EXACT = 10_000
"""Bits up to which a power is formed as a fraction, so that a tie is seen; larger ones are enclosed."""


class Scientific(NamedTuple):
    """digits × 10^exponent, with one digit before the point: 2.59 × 10^26."""

    digits: str
    exponent: int


def scientific(base: Fraction, exponent: int = 1, digits: int = 10) -> Scientific:
    """Return base^exponent, rounded to nearest, ties to even; base is not 0.

    The result is correct in every digit: a power too large to be formed is enclosed in balls, narrower and
    narrower until only one rounding is left. That ends, because a tie is formed: without its factors of 10 a
    power that ends in a digit 5 after the last digit shown is a small number.

    >>> scientific(Fraction(3, 2), 150, 4)
    Scientific(digits='2.592', exponent=26)
    >>> scientific(Fraction(-1, 2), 1_000_000_001, 4)
    Scientific(digits='-1.084', exponent=-301029996)
    """
    rest, tens = _without_tens(abs(base))
    size = abs(exponent) * max(rest.numerator.bit_length(), rest.denominator.bit_length())
    round_ = _exact if size <= LARGEST_EXACT else _enclosed
    mantissa, power = round_(rest, exponent, digits)
    sign = "-" if base < 0 and exponent % 2 else ""
    shown = digits_of(mantissa)
    return Scientific(sign + shown[0] + ("." + shown[1:] if digits > 1 else ""), power + exponent * tens)


def _without_tens(base: Fraction) -> tuple[Fraction, int]:
    tens = 0
    while base.numerator % 10 == 0:
        base, tens = base / 10, tens + 1
    while base.denominator % 10 == 0:
        base, tens = base * 10, tens - 1
    return base, tens


def _exact(base: Fraction, exponent: int, digits: int) -> tuple[int, int]:
    return exact_mantissa(base**exponent, digits)


def exact_mantissa(value: Fraction, digits: int) -> tuple[int, int]:
    """Return the mantissa of so many digits, ties to even, and the power of ten of its first digit; value > 0.

    >>> exact_mantissa(Fraction(25), 1), exact_mantissa(Fraction(1, 80), 2)
    ((2, 1), (12, -2))
    """
    above, below = value.numerator, value.denominator
    power = floor((above.bit_length() - below.bit_length() - 1) * log10(2))
    while above >= below * 10 ** (power + 1) if power >= -1 else above * 10 ** (-power - 1) >= below:
        power += 1
    shift = digits - 1 - power
    above, below = (above * 10**shift, below) if shift >= 0 else (above, below * 10**-shift)
    mantissa, rest = divmod(above, below)
    if 2 * rest > below or (2 * rest == below and mantissa % 2):
        mantissa += 1
    return _carried(mantissa, power, digits)


def _enclosed(base: Fraction, exponent: int, digits: int) -> tuple[int, int]:
    precision = ceil(digits * log2(10)) + 2 * abs(exponent).bit_length() + 64
    while True:
        with flint.ctx.workprec(precision):
            log = exponent * flint.arb(flint.fmpq(base.numerator, base.denominator)).log()
            found = ball_mantissa(log.exp(), digits)
        if found is not None:
            return found
        precision *= 2


def ball_mantissa(x: flint.arb, digits: int) -> tuple[int, int] | None:
    """Return the mantissa and the power of ten to which every number of a positive ball is rounded, or None.

    >>> ball_mantissa(flint.arb(12345), 3), ball_mantissa(flint.arb("1 +/- 0.1"), 3)
    ((123, 4), None)
    """
    ten = flint.arb(10)
    log = x.log() / ten.log()
    power = log.lower().floor().unique_fmpz() if log.is_finite() else None
    if power is None:
        return None
    scaled = x * ten ** (digits - 1 - power) if abs(power) < 10**6 else ((log - power + digits - 1) * ten.log()).exp()
    mantissa = (scaled + 0.5).floor().unique_fmpz()
    if mantissa is None or mantissa > 10**digits:
        return None
    return _carried(int(mantissa), int(power), digits)


def _carried(mantissa: int, power: int, digits: int) -> tuple[int, int]:
    """Turn 10.00 into 1.000 and the next power of ten."""
    return (mantissa // 10, power + 1) if mantissa == 10**digits else (mantissa, power)


def digits_of(n: int) -> str:
    """Return the decimal digits of an int of any length, which Python's own str refuses."""
    return str(n) if n.bit_length() < sys.int_info.default_max_str_digits else str(flint.fmpz(n).str(base=10))
