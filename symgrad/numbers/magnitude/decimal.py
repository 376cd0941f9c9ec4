"""Decimal expansions that are finite: of fractions whose denominator has the factors 2 and 5 alone."""

from __future__ import annotations

from fractions import Fraction

from symgrad.arithmetic.scientific import digits_of
from symgrad.errors import ValuesError
from symgrad.numbers.magnitude.power import Power


def twos_and_fives(n: int) -> tuple[int, int, int]:
    """Return (a, b, rest) with n = 2^a 5^b rest."""
    a = (n & -n).bit_length() - 1
    n >>= a
    b = 0
    while n % 5 == 0:
        n, b = n // 5, b + 1
    return a, b, n


def expansion_digits(power: Power) -> int | None:
    """Return how many decimals the exact expansion of a power has, None where it is not finite.

    >>> expansion_digits(Power(Fraction(1, 2), 150)), expansion_digits(Power(Fraction(1, 3), 2))
    (150, None)
    """
    if power.rational is None or power.rational[0] == 0:
        return None if power.rational is None else 0
    q, n = power.rational
    a, b, rest = twos_and_fives(q.denominator if n >= 0 else abs(q.numerator))
    return max(a, b) * abs(n) if rest == 1 or n == 0 else None


def expansion(q: Fraction) -> str:
    """Return the finite decimal expansion of a fraction, every digit of it.

    >>> expansion(Fraction(-3, 8))
    '-0.375'
    """
    a, b, rest = twos_and_fives(q.denominator)
    if rest != 1:
        raise ValuesError(f"{q} has no finite decimal expansion", todo="ask for digits")
    places = max(a, b)
    digits = digits_of(abs(q.numerator) * 2 ** (places - a) * 5 ** (places - b)).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if q < 0 else "") + whole + ("." + decimals if decimals else "")
