"""Exponents of sizes: c + Σ c_i s_i with index symbols s_i, as t - k."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symgrad.algebra.index import Position, parts
from symgrad.errors import UnknownName


@dataclass(frozen=True)
class Exponent:
    """c + Σ c_i s_i, with index symbols s_i.

    >>> from symgrad.algebra.index import Index
    >>> print(length(Index("k", 1), Index("t")))
    t-k
    """

    constant: Fraction = Fraction(0)
    symbols: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: Exponent) -> Exponent:
        coefficients = dict(self.symbols)
        for symbol, c in other.symbols:
            coefficients[symbol] = coefficients.get(symbol, 0) + c
        kept = tuple(sorted((s, c) for s, c in coefficients.items() if c))
        return Exponent(self.constant + other.constant, kept)

    def times(self, n: int) -> Exponent:
        """Return n times the exponent."""
        return Exponent(self.constant * n, tuple((s, c * n) for s, c in self.symbols if n))

    def at(self, indices: Mapping[str, int]) -> Fraction:
        """Return the number, with the index symbols at numbers."""
        for symbol, _ in self.symbols:
            if symbol not in indices:
                raise UnknownName("value for the index", symbol, indices)
        return self.constant + sum(c * indices[s] for s, c in self.symbols)

    def __str__(self) -> str:
        terms = sorted(self.symbols, key=lambda t: -t[1])
        text = "".join(f"{'+' if c > 0 else '-'}{'' if abs(c) == 1 else abs(c)}{s}" for s, c in terms)
        if self.constant or not text:
            text += f"{'+' if self.constant >= 0 else '-'}{abs(self.constant)}"
        return text.removeprefix("+")


ONCE, HALF = Exponent(Fraction(1)), Exponent(Fraction(1, 2))


def length(lower: Position, upper: Position) -> Exponent:
    """Return upper - lower + 1."""
    return exponent(upper) + exponent(lower).times(-1) + ONCE


def exponent(p: Position) -> Exponent:
    """Return a position as an exponent."""
    terms, offset = parts(p)
    return Exponent(Fraction(offset), terms)
