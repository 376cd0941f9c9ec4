"""Indices: the j, j-1, L and 3 that quantities carry. An index is an int or a symbol plus an offset."""

from __future__ import annotations

from collections.abc import Mapping
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
