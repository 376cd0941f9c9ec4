"""What the symbol of a sum or a product runs through: k = 1, ..., t without i."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

from symgrad.algebra.index import Bindings, Index, Position, at, fresh, symbols


class Span(NamedTuple):
    """symbol = lower..upper, both included, without some values.

    >>> print(Span("k", 1, Index("t", -1)), Span("j", 1, Index("n"), (Index("i"),)))
    k = 1..t-1 j = 1..n, j ≠ i
    """

    symbol: str
    lower: Position
    upper: Position
    without: tuple[Position, ...] = ()

    @property
    def free(self) -> frozenset[str]:
        """The symbols that the ends and what is left out are written with."""
        return symbols((self.lower, self.upper, *self.without))

    def at(self, bindings: Bindings, body: Callable[[], Collection[str]]) -> tuple[Span, Bindings]:
        """Return the span with other symbols replaced, and what to replace in what it is the span of.

        Its own symbol is left alone, or gets another letter where it would catch one that is put in. ``body``: the
        free symbols of what it is the span of.
        """
        inner = {s: p for s, p in bindings.items() if s != self.symbol}
        put = symbols(inner.values())
        symbol = self.symbol
        if symbol in put:
            symbol = fresh(symbol, put.union(body(), self.free, inner))
            inner[self.symbol] = Index(symbol)
        ends = [at(p, bindings) for p in (self.lower, self.upper, *self.without)]
        return Span(symbol, ends[0], ends[1], tuple(ends[2:])), inner  # type: ignore[arg-type]  # no None among them

    def numbers(self, at: Mapping[str, int]) -> Iterator[int]:
        """Yield the values of the symbol, where the other symbols stand for numbers."""
        lower, upper, *left_out = (
            p if isinstance(p, int) else at[p.symbol] + p.offset for p in (self.lower, self.upper, *self.without)
        )
        return (k for k in range(lower, upper + 1) if k not in left_out)

    def __str__(self) -> str:
        without = "".join(f", {self.symbol} ≠ {p}" for p in self.without)
        return f"{self.symbol} = {self.lower}..{self.upper}{without}"
