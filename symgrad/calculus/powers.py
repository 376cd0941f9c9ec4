"""The numbers of a map: powers such as (3/2)^150, their exact values, and these rounded."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from symgrad.algebra.expression import Number
from symgrad.algebra.linear_map import LinearMap, Product, Scale, inside_unopened
from symgrad.algebra.tree import walk

if TYPE_CHECKING:
    from symgrad.arithmetic.scientific import Scientific

LONGEST_EXACT = 1_000
"""Bits of a numerator or a denominator that is still written out: 300 digits."""


@dataclass(frozen=True)
class NumericPower:
    """base^exponent; base is not 0."""

    base: Fraction
    exponent: int

    @property
    def exact(self) -> Fraction | None:
        """The exact value, or None where it is too long to be written out."""
        size = self.exponent * max(self.base.numerator.bit_length(), self.base.denominator.bit_length())
        return self.base**self.exponent if size <= LONGEST_EXACT else None

    def rounded(self, digits: int = 10) -> Scientific:
        """Return the value, correctly rounded."""
        from symgrad.arithmetic.scientific import scientific  # it needs FLINT, which most pages do not

        return scientific(self.base, self.exponent, digits)


def numeric_powers(m: LinearMap) -> tuple[NumericPower, ...]:
    """Return the powers of numbers in m, and its other numbers as first powers, each once.

    >>> from symgrad.algebra.map_tree import product

    >>> from symgrad.algebra.map_algebra import scale
    >>> [p] = numeric_powers(product("j", 1, 150, scale(Number(Fraction(3, 2)))))
    >>> p.base, p.exponent, p.rounded(3)
    (Fraction(3, 2), 150, Scientific(digits='2.59', exponent=26))
    """
    powers = map(_power, walk(m, lambda x: () if _power(x) else inside_unopened(x)))
    return tuple(dict.fromkeys(p for p in powers if p is not None))


def _power(m: LinearMap) -> NumericPower | None:
    match m:
        case Product(_, int(lower), int(upper), Scale(Number(value))):
            return NumericPower(value, upper - lower + 1)
        case Scale(Number(value)):
            return NumericPower(value, 1)
    return None
