"""Where along an index something holds: intervals whose ends are numbers, or end with the depth.

Ends are compared as at a large depth, 3 before L - 2; whoever reads the result states that the depth is so large.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from symgrad.algebra.index import Index, Position, minus, parts
from symgrad.errors import NotDefined


class Interval(NamedTuple):
    """lower, ..., upper, both included.

    >>> print(Interval(1, Index("L")) & Interval(0, Index("L", -1)))
    1..L-1
    """

    lower: Position
    upper: Position

    def __and__(self, other: Interval) -> Interval:
        return Interval(latest((self.lower, other.lower)), earliest((self.upper, other.upper)))

    def __or__(self, other: Interval) -> Interval:
        """Return the shortest interval that holds both."""
        return Interval(earliest((self.lower, other.lower)), latest((self.upper, other.upper)))

    def moved(self, by: int) -> Interval:
        """Return the interval with both ends moved."""
        return Interval(self.lower + by, self.upper + by)

    def holds(self, other: Interval) -> bool:
        """Tell whether another interval lies inside."""
        return not before(other.lower, self.lower) and not before(self.upper, other.upper)

    @property
    def empty(self) -> bool:
        """Whether it holds nothing at a large depth."""
        return before(self.upper, self.lower)

    @property
    def point(self) -> bool:
        """Whether it holds one position."""
        return self.lower == self.upper

    def __str__(self) -> str:
        return f"{self.lower}..{self.upper}"


Box = tuple[Interval, ...]
"""An interval for each index of a quantity."""


def before(p: Position, q: Position) -> bool:
    """Tell whether p < q at a large depth; NotDefined where they end with different symbols."""
    match p, q:
        case Index(s, m), Index(r, n) if s == r:
            return m < n
        case int(), int():
            return p < q
        case int(), Index():
            return True
        case Index(), int():
            return False
    terms, offset = parts(minus(q, p))
    if not terms:
        return offset > 0
    if all(n > 0 for _, n in terms) or all(n < 0 for _, n in terms):
        return terms[0][1] > 0
    if isinstance(p, int) or isinstance(q, int):
        return isinstance(p, int)  # n - K + 1 is the end of a range
    raise NotDefined(f"whether {p} comes before {q} is not known", todo="give numbers, or one symbol for both")


def earliest(positions: Iterable[Position]) -> Position:
    """Return the first of some positions."""
    first, *others = positions
    for p in others:
        first = p if before(p, first) else first
    return first


def latest(positions: Iterable[Position]) -> Position:
    """Return the last of some positions."""
    last, *others = positions
    for p in others:
        last = p if before(last, p) else last
    return last


def pieces(whole: Interval, parts: Iterable[Interval]) -> list[Interval]:
    """Cut an interval where one of the parts begins or ends; the first piece first.

    >>> print(*pieces(Interval(1, Index("L")), [Interval(0, Index("L", -1)), Interval(Index("L"), Index("L"))]))
    1..L-1 L..L
    """
    cuts = [whole.lower]
    ends = [p for part in parts for p in (part.lower, part.upper + 1)]
    while True:
        later = [p for p in ends if before(cuts[-1], p) and not before(whole.upper, p)]
        if not later:
            break
        cuts.append(earliest(later))
    return [Interval(a, b) for a, b in zip(cuts, [*(c - 1 for c in cuts[1:]), whole.upper], strict=True)]
