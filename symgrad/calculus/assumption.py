"""What is assumed of the order of positions that the model does not settle: L ≥ k."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from symgrad.algebra.index import Index, Position, at, difference


class Assumption(NamedTuple):
    """larger ≥ smaller, for two positions whose order the model does not settle.

    >>> print(Assumption(Index("L", -1), 1))
    L ≥ 2
    """

    larger: Position
    smaller: Position

    def __str__(self) -> str:
        shift = self.larger.offset if isinstance(self.larger, Index) else 0
        left = Index(self.larger.symbol) if isinstance(self.larger, Index) else self.larger
        return f"{left} ≥ {self.smaller - shift}".replace("-", " - ").replace("+", " + ")

    def holds(self, numbers: Mapping[str, int]) -> bool:
        """Tell whether the assumption holds where the index symbols stand for numbers."""
        larger, smaller = at(self.larger, numbers), at(self.smaller, numbers)
        return isinstance(larger, int) and isinstance(smaller, int) and larger >= smaller


class Distinct(NamedTuple):
    """one ≠ other, for two members of a family.

    >>> print(Distinct(Index("i"), Index("k", 1)))
    i ≠ k + 1
    """

    one: Position
    other: Position

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}".replace("-", " - ").replace("+", " + ")

    def holds(self, numbers: Mapping[str, int]) -> bool:
        """Tell whether the assumption holds where the index symbols stand for numbers."""
        return at(self.one, numbers) != at(self.other, numbers)


def strongest(assumptions: Iterable[Assumption | Distinct]) -> tuple[Assumption | Distinct, ...]:
    """Drop the assumptions that follow from others: of L ≥ k and L ≥ k + 1 the second stays.

    >>> [str(a) for a in strongest([Assumption(Index("L"), 0), Assumption(Index("L", -1), 1)])]
    ['L ≥ 2']
    """
    kept: dict[tuple[str, str], Assumption] = {}
    assumptions = list(assumptions)
    for larger, smaller in (a for a in assumptions if isinstance(a, Assumption)):
        shift = larger.offset if isinstance(larger, Index) else 0
        top = Index(larger.symbol) if isinstance(larger, Index) else larger
        assumption = Assumption(top, smaller - shift)
        key = tuple(str(p - p.offset) if not isinstance(p, int) else "" for p in assumption)
        known = kept.setdefault(key, assumption)  # type: ignore[arg-type]  # two names
        if (difference(assumption.smaller, known.smaller) or 0) > (difference(assumption.larger, known.larger) or 0):
            kept[key] = assumption  # type: ignore[index]
    return (*kept.values(), *dict.fromkeys(a for a in assumptions if isinstance(a, Distinct)))
