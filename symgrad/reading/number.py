"""Printed numbers: 1,728, 1{,}728.5, 2.28e+06, 0.1(6)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number

LARGEST_NUMBER = 5_000
"""Characters of a number that is read."""


def read_number(text: str, alternative: Callable[[str], str]) -> Number:
    """Read a printed number: 1,728 or 1{,}728.5 or 2.28e+06."""
    if len(text) > LARGEST_NUMBER:
        raise NotUnderstoodError("a number with thousands of digits")
    mantissa, _, exponent = text.lower().partition("e")
    if mantissa.count(",") == 1 and "{" not in mantissa and "." not in mantissa and alternative("comma") == "decimal":
        mantissa = mantissa.replace(",", ".")
    digits = "".join(c for c in mantissa if c.isdecimal() or c == ".")
    if exponent and abs(int(exponent)) > 10_000:
        raise NotUnderstoodError("an exponent above 10,000")
    whole, _, decimals = digits.partition(".")
    power = int(exponent or 0)
    value = Fraction(int((whole + decimals) or "0")) * Fraction(10) ** (power - len(decimals))
    shown = f"{digits}e{power}" if exponent else digits
    return Number(value, shown, len(decimals) - power)


def read_based(text: str) -> Node:
    """Read 1101_2 or 1F.8_16, a number in a base, as the number that it is."""
    digits, _, base = text.partition("_")
    whole, _, decimals = digits.partition(".")
    value, size = int(whole + decimals, int(base)), int(base) ** len(decimals)
    above, below, of = (Number(Fraction(n), str(n)) for n in (value, size, int(base)))
    if base == "10":
        return read_number(digits, lambda name: "thousands")
    return Apply("base", (above if size == 1 else Apply("/", (above, below)), of))


def read_periodic(text: str) -> Node:
    """Read 0.1(6), a decimal whose last digits go on for ever, as the fraction that it is."""
    digits, _, period = text.rstrip(")").partition("(")
    whole, _, decimals = digits.partition(".")
    shift, nines = 10 ** len(decimals), 10 ** len(period) - 1
    x = Fraction(int(whole + decimals) * nines + int(period), shift * nines)
    above, below = (Number(Fraction(n), str(n)) for n in (x.numerator, x.denominator))
    return Apply("/", (above, below))
