"""The one zero of f' in a bracket, by interval Newton with the enclosures of f' and f''."""

from __future__ import annotations

from math import ceil, log10

from symgrad.arithmetic.interval import Interval, Intervals, OutsideDomain
from symgrad.deadline import Deadline
from symgrad.numbers.extremum.dual import Dual
from symgrad.numbers.extremum.objective import Objective
from symgrad.numbers.newton import sharpened


def sharpen(f: Objective, bracket: Interval, bits: int, deadline: Deadline) -> Interval:
    """Return X within the bracket, of a width below 2^-bits of its place, that holds the zero of f'.

    bracket: f'' has one sign on it, and f' has two signs at its ends. Raises TimeUp when the time is over.
    """

    def slope(X: Interval, working: int) -> Interval | None:
        A = _slopes(working)
        with A.working():
            try:
                return f.slope(X, A).slope
            except OutsideDomain:
                return None

    def curvature(X: Interval, working: int) -> Interval | None:
        A = Dual(_slopes(working))
        with A.working():
            try:
                return f.curvature(X, A).curvature
            except OutsideDomain:
                return None

    return sharpened(slope, curvature, bracket, bits, deadline)


def _slopes(bits: int) -> Dual:
    return Dual(Intervals(max(ceil((bits - 8) * log10(2)), 1)))
