"""Gradients over boxes: an interval for each variable that is read, by the variable's number."""

from __future__ import annotations

from typing import Any

from symgrad.arithmetic.interval import Interval


class Sparse:
    """Σ x_i e_i; the intervals that are not held are 0."""

    __slots__ = ("entries",)

    def __init__(self, entries: dict[int, Interval]) -> None:
        self.entries = entries

    def __add__(self, other: Sparse) -> Sparse:
        total = dict(self.entries)
        for i, x in other.entries.items():
            total[i] = total[i] + x if i in total else x
        return Sparse(total)

    def __mul__(self, other: Any) -> Sparse:
        return Sparse({i: x * other for i, x in self.entries.items()})

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Sparse:
        return Sparse({i: x / other for i, x in self.entries.items()})

    def __neg__(self) -> Sparse:
        return Sparse({i: -x for i, x in self.entries.items()})
