"""Powers of numbers that a person wrote: exact where that has a size to be formed, enclosed at any size."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import log2
from typing import Any

from flint import arb, ctx

from symgrad.arithmetic.dyadic import ball
from symgrad.errors import SymgradError, TooLarge, ValuesError
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude

LARGEST_EXACT = 10_000_000
"""Bits above or below the line up to which an exact power is formed: three million digits."""
FORMED = 100_000
"""Bits up to which the exact value is formed without being asked for."""
LARGEST_EXPONENT = 10**30
BITS_A_DIGIT = log2(10)
_WHOLE = re.compile(r"[+-]?\d{1,40}(\.0*)?(e\+?\d{1,2})?")
_DECIMAL = re.compile(r"[+-]?\d{1,1000}(\.\d{0,1000})?|[+-]?\.\d{1,1000}")


@dataclass(frozen=True)
class Power:
    """base^exponent, where base is a rational number, or the square root of one (``degree`` 2).

    radicand: base^degree, with the sign of base.
    """

    radicand: Fraction
    exponent: int
    degree: int = 1

    @property
    def rational(self) -> tuple[Fraction, int] | None:
        """The power as base^exponent of a rational base, or None where it is irrational."""
        if self.degree == 1:
            return self.radicand, self.exponent
        if self.exponent % 2 == 0:
            return abs(self.radicand), self.exponent // 2
        return None

    @property
    def size(self) -> int:
        """An upper bound of the bits of the exact value, above or below the line."""
        longest = max(abs(self.radicand.numerator), self.radicand.denominator)
        return int(abs(self.exponent) * Fraction(log2(longest)) / self.degree) + 64

    def exact(self, largest: int = LARGEST_EXACT) -> Fraction:
        """Return the exact value.

        Raises TooLarge for one of more than ``largest`` bits, ValuesError for an irrational one.

        >>> Power(Fraction(1, 2), 3).exact()
        Fraction(1, 8)
        """
        if self.rational is None:
            raise ValuesError(f"{self} is irrational", todo="ask for digits, or give an even exponent")
        if self.size > largest:
            raise TooLarge(
                f"the exact value of {self} has about {self.size / BITS_A_DIGIT:,.0f} digits; "
                f"at most {largest / BITS_A_DIGIT:,.0f} are formed",
                todo="leave --exact out: the decimal digits asked for are right at any size",
            )
        base, exponent = self.rational
        return base**exponent

    def value(self, A: Any) -> Any:
        """Return the power in an arithmetic: the base is formed first, and raised to the exponent then."""
        base = A.number(abs(self.radicand))
        base = A.sqrt(base) if self.degree == 2 else base
        return (-base if self.radicand < 0 else base) ** self.exponent

    @cached_property
    def magnitude(self) -> Magnitude:
        """The value as a Magnitude."""
        small = self.rational is not None and self.size <= FORMED
        return Magnitude(self._enclose, self.exact() if small else None)

    def _enclose(self, bits: int) -> arb:
        if self.radicand == 0:
            return arb(1 if self.exponent == 0 else 0)
        with ctx.workprec(bits + self.exponent.bit_length() + 16):
            q = abs(self.radicand)
            log = ball(q).log() / self.degree
            value = (log * self.exponent).exp()
        return -value if self.radicand < 0 and self.exponent % 2 else value

    def __str__(self) -> str:
        q = abs(self.radicand)
        minus = "-" if self.radicand < 0 else ""
        if self.degree == 2:
            return f"({minus}sqrt({q}))^{self.exponent}" if minus else f"sqrt({q})^{self.exponent}"
        if q.denominator == 1:
            return f"({minus}{q})^{self.exponent}" if minus else f"{q}^{self.exponent}"
        return f"({minus}{q})^{self.exponent}"


def power(base: Any, exponent: Any) -> Magnitude:
    """Return base^exponent as a Magnitude: sign, exact value or enclosure, digits, logarithm.

    base: a number, or text: a decimal (exact), a fraction, "sqrt(2)"; exponent: a whole number.
    Raises ValuesError for what is not, and for 0 to a negative power.

    >>> power("1.5", 149).to(4), power("0.5", 10**9).to(4), power("sqrt(2)", 3).to(5)
    ('1.728e26', '2.168e-301029996', '2.8284')
    """
    return read_power(base, exponent).magnitude


def read_power(base: Any, exponent: Any) -> Power:
    """Read a base and an exponent; ValuesError says what is wrong with them."""
    radicand, degree = _base(base)
    n = whole_number(exponent)
    if radicand == 0 and n < 0:
        raise ValuesError(f"0^{n} is a division by zero", todo="give an exponent of 0 or more")
    return Power(radicand, n, degree)


def whole_number(x: Any) -> int:
    """Return an exponent as an int: a whole number, written or of a number type."""
    try:
        q = Fraction(x.strip()) if isinstance(x, str) and _WHOLE.fullmatch(x.strip()) else x
        if isinstance(q, bool) or q != int(q):
            raise ValueError
        n = int(q)
    except (ValueError, TypeError, OverflowError, ZeroDivisionError):
        raise ValuesError(f"the exponent {x!r} is not a whole number", todo="give one such as 149") from None
    if abs(n) > LARGEST_EXPONENT:
        raise ValuesError("the exponent is out of range", todo="stay within ±1e30")
    return n


def _base(x: Any) -> tuple[Fraction, int]:
    if not isinstance(x, str):
        found = magnitude(x).exact
        if found is None:
            raise ValuesError(f"the base {x} is not an exact number", todo="give a fraction or a decimal in quotes")
        return found, 1
    if _DECIMAL.fullmatch(x.strip()):
        return Fraction(x.strip()), 1
    try:
        return _root(x)
    except SymgradError as error:
        raise ValuesError(
            f"the base {x!r} is not a rational number or a square root of one: {error.what}",
            where=error.where,
            todo="write 1.5, 3/2, sqrt(2) or 2/sqrt(3)",
        ) from None


def _root(text: str) -> tuple[Fraction, int]:
    """Return (r, 1) for a rational number r, or (q, 2) for ±sqrt(|q|) with the sign of q.

    >>> _root("3/2"), _root("2/sqrt(2)"), _root("-sqrt(9/4)")
    ((Fraction(3, 2), 1), (Fraction(2, 1), 2), (Fraction(-3, 2), 1))
    """
    from symgrad.arithmetic.closed import Closed
    from symgrad.network.formula import read_formula

    formula = read_formula(text, file="base")
    if formula.variables:
        raise ValuesError(f"{formula.variables[0]} is not a number", todo="give a number")
    found = formula(Closed())
    if found.rational is not None:
        return found.rational, 1
    [((n, k), q), *more] = found.terms.items()
    if more or k:
        raise ValuesError(f"{found} is neither", todo="give the square root of a rational number")
    return q * abs(q) * n, 2
