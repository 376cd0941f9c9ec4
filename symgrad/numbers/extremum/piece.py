"""The pieces into which a domain is cut, each with what is proved of f on it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symgrad.arithmetic.interval import Interval
from symgrad.numbers.extremum.end import End

RIGHT = End(None, 1)


@dataclass(frozen=True)
class Piece:
    """f on [lo, hi]. left, right: the sign of the slope beside the two ends, None where it is not known.

    kind: "monotone", "peak" (rises, then falls), "valley", "flat", "low", "jump" (one point), or "open".
    """

    kind: str
    box: Interval
    range: Interval
    left: int | None = None
    right: int | None = None
    corner: Fraction | None = None
    """The exact end that it shares with its neighbour, where the end of the box is that rounded outward."""


@dataclass(frozen=True)
class Beyond(Piece):
    """A piece that runs to an end that it does not reach; ``unbounded``: f grows beyond all bounds there."""

    end: End = RIGHT
    unbounded: bool = False
