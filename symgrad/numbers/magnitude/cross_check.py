"""A second opinion on a value, which shares no enclosure with it: mpmath's floating point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import mpmath
from flint import arb, ctx

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.multiprecision import enclosed
from symgrad.errors import SymgradError
from symgrad.numbers.magnitude.magnitude import Magnitude

OPINION_DIGITS = 1_000
"""To which mpmath is asked at most."""
MOST_LOST = 1_000
"""Digits that cancellation may take, for which mpmath computes with more."""
GUARD = 10


@dataclass(frozen=True)
class MpmathOpinion:
    """What mpmath computes, with digits to spare, and whether it lies in the enclosure as far as it is sharp."""

    value: str
    digits: int
    agrees: bool


def opinion_on(x: Magnitude, value: Callable[[Any], Any], digits: int) -> MpmathOpinion | None:
    """Return what mpmath makes of an expression, ``value`` in an arithmetic, whose value is x; None where it fails.

    It computes with as many digits more as the same expression in balls loses, and agrees where it lies in a ball
    that was computed with fewer digits than its own: no tolerance is chosen.
    """
    digits = min(digits, OPINION_DIGITS)
    lost = digits - _sure_digits(value, digits)
    working = digits + min(max(lost, 0), MOST_LOST)
    A = arithmetic("mp", working + GUARD)
    try:
        found = A.context.mpf(value(A))  # type: ignore[attr-defined]  # of Multiprecision
    except (ArithmeticError, ValueError, TypeError, NotImplementedError, mpmath.libmp.NoConvergence):
        return None
    if not mpmath.isfinite(found):
        return None
    bits = ceil((working + 2 * GUARD) / log10(2))
    near = _ball_of(value, working)
    with ctx.workprec(bits):
        mine, theirs = x.ball(bits), enclosed(found)
        if near is None or not near.is_finite():
            near = mine + arb(0, abs(mine).upper() * arb(10) ** -digits)
        agrees = bool(near.overlaps(theirs)) and bool(near.overlaps(mine))
    return MpmathOpinion(found.context.nstr(found, digits, strip_zeros=False), digits, agrees)


def _ball_of(value: Callable[[Any], Any], digits: int) -> arb | None:
    A = arithmetic("ball", digits)
    try:
        with A.working():
            return arb(value(A))
    except (SymgradError, ArithmeticError, ValueError):
        return None


def _sure_digits(value: Callable[[Any], Any], digits: int) -> int:
    """Return how many digits of a value computed in balls of so many are sure."""
    near = _ball_of(value, digits)
    return digits if near is None or not near.is_finite() else floor(near.rel_accuracy_bits() * log10(2))


def said(opinion: MpmathOpinion | None) -> str:
    """Return an opinion in words."""
    if opinion is None:
        return "gives no number"
    return f"{opinion.value}: {'agrees' if opinion.agrees else 'DOES NOT AGREE'}"
