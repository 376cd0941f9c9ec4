"""Compare two results in balls: disjoint balls refute, overlapping ones agree only if they are sharp."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from itertools import count
from typing import Any

import numpy as np
from flint import arb

SHARP_BITS = 40
"""Bits to which both balls must be known, relative to the largest entry, for an overlap to count."""


MINUS_INFINITY = arb("-inf")


class Comparison(Enum):
    """What the comparison of two results says."""

    AGREE = "sharp, and overlap"
    DISJOINT = "disjoint"
    WIDE = "too wide to decide"
    UNDEFINED = "not finite"


def compare(x: Any, y: Any) -> Comparison:
    """Compare two numbers or arrays of balls, entry by entry; None is 0, and -∞, as a mask has it, is -∞."""
    if x is None and y is None:
        return Comparison.AGREE
    pairs = [(a, b) for a, b in zip(_entries(x, y), _entries(y, x), strict=True) if not _both_left_out(a, b)]
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    if not all(b.is_finite() for b in (*first, *second)):
        return Comparison.UNDEFINED
    if any(not a.overlaps(b) for a, b in zip(first, second, strict=True)):
        return Comparison.DISJOINT
    size = max((b.abs_upper() for b in (*first, *second)), default=arb(0))
    allowed = size * arb(2) ** -SHARP_BITS
    sharp = all(b.rad() <= allowed for b in (*first, *second))
    return Comparison.AGREE if sharp else Comparison.WIDE


Judge = Callable[[Any, Any], Comparison]
"""What compares two results."""


class Zeros:
    """The same results compared in more and more digits: what cancels is 0 beside its own terms.

    A ball around 0 is too wide to decide, beside its value. But where it shrinks with the digits, as its terms' balls
    do, and still holds 0, the terms cancel to all of these digits: so do the derivatives by what a softmax, or a
    normalisation, does not see. Results that only vanish do not cancel, and their balls do not hold 0.

    >>> zeros = Zeros()
    >>> [zeros.at(n)(arb(0, 10.0**-n), arb(0, 10.0**-n)).name for n in (60, 240)]
    ['WIDE', 'AGREE']
    >>> zeros = Zeros()
    >>> [zeros.at(n)(arb(0, 1), arb(0, 1)).name for n in (60, 240)]
    ['WIDE', 'WIDE']
    """

    def __init__(self) -> None:
        self.widths: dict[int, tuple[int, arb]] = {}

    def at(self, digits: int) -> Judge:
        """Return the comparison of results in a number of digits, in the same order each time."""
        order = count()

        def judge(x: Any, y: Any) -> Comparison:
            result, n = compare(x, y), next(order)
            entries = [*_entries(x, y), *_entries(y, x)]
            if result is not Comparison.WIDE or not all(b.contains(0) for b in entries):
                return result
            width = max(b.rad() for b in entries)
            before = self.widths.get(n)
            self.widths[n] = digits, width
            if before is None or digits < FINE_ENOUGH * before[0]:
                return result
            shrunk = before[1] * arb(10) ** -(digits - before[0] - SPARE_DIGITS)
            return Comparison.AGREE if width <= shrunk else result

        return judge


FINE_ENOUGH = 4
"""How many times the digits what cancels must be 0 in."""
SPARE_DIGITS = 10
"""Digits that the growth of a ball by rounding may cost."""


def _both_left_out(a: arb, b: arb) -> bool:
    return not (a.is_finite() or b.is_finite()) and bool(a.upper() == MINUS_INFINITY == b.upper())


def _entries(x: Any, like: Any) -> list[arb]:
    if x is None:
        return [arb(0)] * np.size(like)
    return [b if isinstance(b, arb) else arb(b) for b in np.ravel(x)]
