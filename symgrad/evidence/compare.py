"""Compare two results in balls: disjoint balls refute, overlapping ones agree only if they are sharp."""

from __future__ import annotations

from enum import Enum
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


def _both_left_out(a: arb, b: arb) -> bool:
    return not (a.is_finite() or b.is_finite()) and bool(a.upper() == MINUS_INFINITY == b.upper())


def _entries(x: Any, like: Any) -> list[arb]:
    if x is None:
        return [arb(0)] * np.size(like)
    return [b if isinstance(b, arb) else arb(b) for b in np.ravel(x)]
