"""What the symbol of a sum or a product runs through: k = 1, ..., t without i, or as far as conditions hold."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from symgrad.algebra.index import (
    Bindings,
    Index,
    Position,
    at,
    coefficient,
    difference,
    fresh,
    minus,
    number,
    parts,
    plus,
    symbols,
    times,
)


class Span(NamedTuple):
    """symbol = lower..upper, both included, without some values, where each of ``within`` is 0 or more.

    >>> print(Span("k", 1, Index("t", -1)), Span("j", 1, Index("n"), (Index("i"),)))
    k = 1..t-1 j = 1..n, j ≠ i
    >>> print(Span("k", 1, Index("K")).limited([minus(Index("j"), Index("k"))]))
    k = 1..min(K, j)
    """

    symbol: str
    lower: Position
    upper: Position
    without: tuple[Position, ...] = ()
    within: tuple[Position, ...] = ()

    @property
    def free(self) -> frozenset[str]:
        """The symbols that the ends, what is left out and the conditions are written with."""
        return symbols((self.lower, self.upper, *self.without)) | (symbols(self.within) - {self.symbol})

    @property
    def lowers(self) -> tuple[Position, ...]:
        """What the symbol is not less than: its lower end, and what conditions say so."""
        found = [plus(times(-1, w), Index(self.symbol)) for w in self.within if coefficient(w, self.symbol) == 1]
        return (self.lower, *found)

    @property
    def uppers(self) -> tuple[Position, ...]:
        """What the symbol is not more than."""
        found = [plus(w, Index(self.symbol)) for w in self.within if coefficient(w, self.symbol) == -1]
        return (self.upper, *found)

    @property
    def conditions(self) -> tuple[Position, ...]:
        """The conditions that are no ends: those in 2 i, or in other letters alone."""
        return tuple(w for w in self.within if abs(coefficient(w, self.symbol)) != 1)

    def limited(self, conditions: Iterable[Position], holds: Callable[[Position], bool] = lambda p: False) -> Span:
        """Return the span where each of some positions is 0 or more; an end that follows from another is left out.

        holds: whether a position is known to be 0 or more.
        """
        both = self._replace(within=(*self.within, *conditions))
        lowers = _least(both.lowers, lambda p, q: _at_least(p, q, holds))
        uppers = _least(both.uppers, lambda p, q: _at_least(q, p, holds))
        own = Index(self.symbol)
        ends = [minus(own, p) for p in lowers[1:]] + [minus(p, own) for p in uppers[1:]]
        others = [w for w in dict.fromkeys(both.conditions) if not (isinstance(w, int) and w >= 0) and not holds(w)]
        return Span(self.symbol, lowers[0], uppers[0], self.without, (*ends, *others))

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
        within = tuple([at(w, inner) for w in self.within])
        return Span(symbol, ends[0], ends[1], tuple(ends[2:]), within), inner  # type: ignore[arg-type]  # no None

    def numbers(self, at: Mapping[str, int]) -> Iterator[int]:
        """Yield the values of the symbol, where the other symbols stand for numbers."""
        lower, upper, *left_out = (number(p, at) for p in (self.lower, self.upper, *self.without))
        for w in self.within:
            n = coefficient(w, self.symbol)
            rest = number(minus(w, times(n, Index(self.symbol))), at)
            if n > 0:
                lower = max(lower, -(rest // n))
            elif n < 0:
                upper = min(upper, rest // -n)
            elif rest < 0:
                return iter(())
        return (k for k in range(lower, upper + 1) if k not in left_out)

    def __str__(self) -> str:
        ends = [_written(*pair) for pair in (("max", self.lowers), ("min", self.uppers))]
        more = "".join(f", {self.symbol} ≠ {p}" for p in self.without) + "".join(f", {c} ≥ 0" for c in self.conditions)
        return f"{self.symbol} = {ends[0]}..{ends[1]}{more}"


def _at_least(p: Position, q: Position, holds: Callable[[Position], bool]) -> bool:
    gap = difference(p, q)
    return gap >= 0 if gap is not None else holds(minus(p, q))


def _least(found: Iterable[Position], follows: Callable[[Position, Position], bool]) -> list[Position]:
    """Return the ends but for those that follow from another one."""
    kept: list[Position] = []
    for p in found:
        if not any(follows(q, p) for q in kept):
            kept = [*(q for q in kept if not follows(p, q)), p]
    return kept


def _written(name: str, ends: tuple[Position, ...]) -> str:
    return str(ends[0]) if len(ends) == 1 else f"{name}({', '.join(map(str, ends))})"


MOST_TURNS = 8
"""Letters that are taken out of an index one after the other: ends of ranges may be written with other letters."""


def least(p: Position, spans: Mapping[str, Span], turns: int = MOST_TURNS) -> Position:
    """Return what p is not less than, without the letters of some spans.

    >>> print(least(minus(Index("j"), Index("k")), {"j": Span("j", 3, Index("n")), "k": Span("k", 1, 2)}))
    1
    """
    letter = _innermost(p, spans) if turns else None
    if letter is None:
        return p
    own = spans[letter]
    ends = own.lowers if coefficient(p, letter) > 0 else own.uppers
    found = _least([least(_put(p, letter, end), spans, turns - 1) for end in ends], lambda q, r: holds(minus(q, r), {}))
    return found[0]


def reach(p: Position, spans: Mapping[str, Span]) -> tuple[Position, Position]:
    """Return the first and the last of what an index runs through, where its letters run through spans.

    >>> print(*reach(plus(Index("i"), Index("k", -1)), {"i": Span("i", 1, Index("n")), "k": Span("k", 1, Index("K"))}))
    1 n+K-1
    """
    return least(p, spans), times(-1, least(times(-1, p), spans))


def holds(p: Position, spans: Mapping[str, Span], turns: int = MOST_TURNS) -> bool:
    """Tell whether p is 0 or more for all letters in their spans, where every other letter is 1 or more.

    >>> holds(Index("j", -1), {}), holds(minus(Index("n"), Index("j")), {"j": Span("j", 1, Index("n"))})
    (True, True)
    """
    letter = _innermost(p, spans) if turns else None
    if letter is None:
        terms, offset = parts(p)
        return all(n > 0 for _, n in terms) and offset + sum(n for _, n in terms) >= 0
    own = spans[letter]
    ends = own.lowers if coefficient(p, letter) > 0 else own.uppers
    return any(holds(_put(p, letter, end), spans, turns - 1) for end in ends)


def _innermost(p: Position, spans: Mapping[str, Span]) -> str | None:
    """Return a letter of p that no span of another one ends with."""
    letters = [s for s, _ in parts(p)[0] if s in spans]
    outer = frozenset[str]().union(*(spans[s].free for s in letters))
    return next((s for s in letters if s not in outer), letters[0] if letters else None)


def _put(p: Position, letter: str, end: Position) -> Position:
    n = coefficient(p, letter)
    return plus(minus(p, times(n, Index(letter))), times(n, end))
