"""Indices: the j, j-1, L and 3 that quantities carry. An index is an int or a symbol plus an offset."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
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


Position = int | Index
"""Where an indexed quantity stands: a number or a symbolic index."""

Place = int | tuple[int, ...] | None
"""Where a value is kept among those of its name: that of W at None, of w[2] at 2, of x[2,1] at (2, 1)."""

Bindings = Mapping[str, Position]


def at(position: Position | None, bindings: Bindings) -> Position | None:
    """Replace the symbol of an index by what ``bindings`` gives for it: j-1 at {j: 4} is 3."""
    if isinstance(position, Index) and position.symbol in bindings:
        return bindings[position.symbol] + position.offset
    return position


def difference(p: Position, q: Position) -> int | None:
    """Return p - q where both stand on the same symbol (or are numbers), else None: it is not known."""
    match p, q:
        case (Index(s, m), Index(r, n)) if s == r:
            return m - n
        case (int(), int()):
            return p - q
    return None


def place(positions: tuple[Position, ...], numbers: Mapping[str, int]) -> Place:
    """Return indices as numbers.

    >>> place((Index("l", -1), 3), {"l": 2}), place((Index("j"),), {"j": 5}), place((), {})
    ((1, 3), 5, None)
    """
    found = tuple([p if isinstance(p, int) else numbers[p.symbol] + p.offset for p in positions])
    return None if not found else found[0] if len(found) == 1 else found


def symbols(positions: Iterable[Position]) -> frozenset[str]:
    """Return the symbols that indices are written with."""
    return frozenset(p.symbol for p in positions if isinstance(p, Index))


def fresh(wanted: str, used: Container[str]) -> str:
    """Return a letter for an index that is not in use: the wanted one where it is free."""
    letters = (wanted, "j", "k", "m", "i", "r", "p", "q", "l")
    return next(s for s in chain(letters, (f"k{n}" for n in count(1))) if s not in used)
