"""Decimals as a claim prints them: a number, rounded to the digits that are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from symgrad.errors import ReadError

LONGEST = 10_000
"""Characters of a decimal."""
LARGEST_EXPONENT = 10_000


@dataclass(frozen=True)
class Decimal:
    """value: the number that is written. unit: that of its last digit. digits: how many significant ones are shown.

    >>> d = read_decimal("1.728e26")
    >>> d.digits, d.unit == 10**23
    (4, True)
    """

    value: Fraction
    unit: Fraction
    digits: int


def read_decimal(text: str) -> Decimal | None:
    """Return a decimal, with or without an exponent; None for what is none, or is out of all bounds.

    >>> read_decimal("0.0450").digits, read_decimal("9e-1").unit, read_decimal("1/2")
    (3, Fraction(1, 10), None)
    """
    found = re.fullmatch(r"([+-]?)([0-9]+)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,6}))?", text.strip())
    if found is None or len(text) > LONGEST or abs(int(found[4] or 0)) > LARGEST_EXPONENT:
        return None
    decimals = found[3] or ""
    unit = Fraction(10) ** (int(found[4] or 0) - len(decimals))
    shown = found[2] + decimals
    whole = int(shown) if len(shown) < 4_000 else sum(int(d) * 10**k for k, d in enumerate(reversed(shown)))
    return Decimal((-1 if found[1] == "-" else 1) * whole * unit, unit, max(1, len(shown.lstrip("0"))))


def decimal(text: str) -> Decimal:
    """Return a decimal. Raises ReadError for what is none."""
    found = read_decimal(text)
    if found is None:
        raise ReadError(f"{text[:40]!r} is not a decimal", todo="write 0.25, -3 or 1.728e26")
    return found
