"""Indices: the j, j-1, L, 3 and i+k-1 that quantities carry.

An index is an int, a symbol plus an offset, or a sum of symbols with whole coefficients.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import NamedTuple


class Index(NamedTuple):
    """A symbolic index, symbol + offset: ``Index("j", -1)`` is j - 1.

    >>> print(Index("j") - 1, Index("L"), at(Index("j", -1), {"j": 4}))
    j-1 L 3
    """

    symbol: str
    offset: int = 0

    def __add__(self, k: int) -> Index:  # type: ignore[override]  # an index adds numbers, not tuples
        return Index(self.symbol, self.offset + k)

    def __sub__(self, k: int) -> Index:
        return Index(self.symbol, self.offset - k)

    def __str__(self) -> str:
        return self.symbol if self.offset == 0 else f"{self.symbol}{self.offset:+d}"


@dataclass(frozen=True, eq=False)
class Affine:
    """A sum of symbols with coefficients and an offset, ``i + k - 1``; what an ``Index`` can say is written as one.

    terms: the symbols with their coefficients, none of which is 0, in the order in which they are written; equal sums
    are equal in any order.

    >>> print(plus(Index("i"), Index("k", -1)), minus(times(2, Index("i")), Index("k")), minus(Index("i"), Index("i")))
    i+k-1 2*i-k 0
    """

    terms: tuple[tuple[str, int], ...]
    offset: int = 0

    def __add__(self, k: int) -> Affine:
        return Affine(self.terms, self.offset + k)

    def __sub__(self, k: int) -> Affine:
        return Affine(self.terms, self.offset - k)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Affine) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[frozenset[tuple[str, int]], int]:
        return frozenset(self.terms), self.offset

    def __str__(self) -> str:
        parts = [("-" if n < 0 else "+") + (s if abs(n) == 1 else f"{abs(n)}*{s}") for s, n in self.terms]
        if parts[0].startswith("-") and self.offset > 0:
            return f"{self.offset}{''.join(parts)}"
        return "".join(parts).removeprefix("+") + (f"{self.offset:+d}" if self.offset else "")


Position = int | Index | Affine
"""Where an indexed quantity stands: a number or a symbolic index."""


def parts(p: Position) -> tuple[tuple[tuple[str, int], ...], int]:
    """Return the symbols of an index with their coefficients, and its offset."""
    match p:
        case int():
            return (), p
        case Index(symbol, offset):
            return ((symbol, 1),), offset
    return p.terms, p.offset


def combined(terms: Iterable[tuple[str, int]], offset: int) -> Position:
    """Return the index that is a sum of symbols with coefficients: a number, a symbol plus an offset, or a sum."""
    found: dict[str, int] = {}
    for symbol, n in terms:
        found[symbol] = found.get(symbol, 0) + n
    kept = [(s, n) for s, n in found.items() if n]
    if not kept:
        return offset
    if len(kept) == 1 and kept[0][1] == 1:
        return Index(kept[0][0], offset)
    return Affine((*((s, n) for s, n in kept if n > 0), *((s, n) for s, n in kept if n < 0)), offset)


def plus(p: Position, q: Position) -> Position:
    """Return p + q."""
    (left, m), (right, n) = parts(p), parts(q)
    return combined((*left, *right), m + n)


def minus(p: Position, q: Position) -> Position:
    """Return p - q."""
    return plus(p, times(-1, q))


def times(n: int, p: Position) -> Position:
    """Return n p."""
    terms, offset = parts(p)
    return combined(((s, n * c) for s, c in terms), n * offset)


def coefficient(p: Position, symbol: str) -> int:
    """Return the coefficient of a symbol in an index, 0 where it does not stand in it."""
    return dict(parts(p)[0]).get(symbol, 0)


def number(p: Position, numbers: Mapping[str, int]) -> int:
    """Return an index as a number, at numbers for its symbols."""
    if isinstance(p, int):
        return p
    if isinstance(p, Index):
        return numbers[p.symbol] + p.offset
    return sum([n * numbers[s] for s, n in p.terms], p.offset)


Place = int | tuple[int, ...] | None
"""Where a value is kept among those of its name: that of W at None, of w[2] at 2, of x[2,1] at (2, 1)."""

Bindings = Mapping[str, Position]


def at(position: Position | None, bindings: Bindings) -> Position | None:
    """Replace the symbols of an index by what ``bindings`` gives for them: j-1 at {j: 4} is 3."""
    match position:
        case Index(symbol, offset) if symbol in bindings:
            return bindings[symbol] + offset
        case Affine(terms, offset) if any(s in bindings for s, _ in terms):
            moved: Position = offset
            for s, n in terms:
                moved = plus(moved, times(n, bindings.get(s, Index(s))))
            return moved
    return position


def difference(p: Position, q: Position) -> int | None:
    """Return p - q where that is a number, as that of i+k and i+k-1 is, else None: it is not known."""
    match p, q:
        case (Index(s, m), Index(r, n)):
            return m - n if s == r else None
        case (int(), int()):
            return p - q
        case (int(), Index()) | (Index(), int()):
            return None
    gap = minus(p, q)
    return gap if isinstance(gap, int) else None


def place(positions: tuple[Position, ...], numbers: Mapping[str, int]) -> Place:
    """Return indices as numbers.

    >>> place((Index("l", -1), 3), {"l": 2}), place((Index("j"),), {"j": 5}), place((), {})
    ((1, 3), 5, None)
    """
    found = tuple([number(p, numbers) for p in positions])
    return None if not found else found[0] if len(found) == 1 else found


def symbols(positions: Iterable[Position]) -> frozenset[str]:
    """Return the symbols that indices are written with."""
    return frozenset(s for p in positions for s, _ in parts(p)[0])


def fresh(wanted: str, used: Container[str]) -> str:
    """Return a letter for an index that is not in use: the wanted one where it is free."""
    letters = (wanted, "j", "k", "m", "i", "r", "p", "q", "l")
    return next(s for s in chain(letters, (f"k{n}" for n in count(1))) if s not in used)
