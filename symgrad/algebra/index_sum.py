"""Sums and products over an index, an index used as a number, and what is read below a sum."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symgrad.algebra.expression import Expression, Number, Quantity
from symgrad.algebra.index import Position
from symgrad.algebra.span import Span
from symgrad.algebra.tree import remembered_hash


@dataclass(frozen=True, slots=True)
class Bound(Quantity):
    """A quantity at all values of letters that sums above it bind: what Σ_t loss(s_t) reads of s.

    spans: what the letters run through, the outermost sum first. Each stands in an index, or in a later span.
    """

    spans: tuple[Span, ...] = ()

    @property
    def one(self) -> Quantity:
        """The quantity itself, at its letters."""
        return Quantity(self.name, self.index, self.further, self.ahead)


@dataclass(frozen=True, slots=True)
class IndexNumber(Expression):
    """An index, or the end of its range, used as a number: the j of 1/j, the L of 1/sqrt(L)."""

    position: Position


@dataclass(frozen=True, slots=True)
class IndexSum(Expression):
    """Σ body (kind "sum") or ∏ body, entry by entry ("prod"), for symbol = lower..upper, both included.

    without: values of the symbol that are left out, as i in Σ_{j ≠ i}. within: what is 0 or more where there is a term.
    """

    symbol: str
    lower: Position
    upper: Position
    body: Expression
    kind: str = "sum"
    without: tuple[Position, ...] = ()
    within: tuple[Position, ...] = ()

    __hash__ = remembered_hash

    @property
    def range(self) -> Span:
        """What its symbol runs through."""
        return Span(self.symbol, self.lower, self.upper, self.without, self.within)


def index_number(position: Position) -> Expression:
    """Return an index as a number: exact where it is one."""
    return Number(Fraction(position)) if isinstance(position, int) else IndexNumber(position)


def index_sum(span: Span, body: Expression, kind: str = "sum") -> IndexSum:
    """Return the sum or the product of body over a span."""
    return IndexSum(span.symbol, span.lower, span.upper, body, kind, span.without, span.within)
