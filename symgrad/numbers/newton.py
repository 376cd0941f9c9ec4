"""Interval Newton: the one zero of F in an interval, to any number of digits.

N(X) = m - F(m) / F'(X), m in X. Every zero of F in X lies in N(X) (mean value theorem), so X may be replaced by
X ∩ N(X); its width is squared at each step, and the precision doubles with it. Where N(X) lies inside X, and F' is
not 0 on X, there is exactly one zero. Moore, Kearfott, Cloud, Introduction to Interval Analysis (2009), section 8.1.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx

from symgrad.arithmetic.interval import Interval
from symgrad.deadline import Deadline

Enclosed = Callable[[Interval, int], Interval | None]
"""(X, bits) -> an interval that holds the values on X, computed with so many bits; None where nothing is known."""

GUARD = 24
MOST_STEPS = 400


def sharpened(F: Enclosed, slope: Enclosed, bracket: Interval, bits: int, deadline: Deadline) -> Interval:
    """Return X within the bracket, of a width below 2^-bits of its place, that holds the zero of F.

    bracket: F' has one sign on it, and F has two signs at its ends. Near 0 the width is below 2^-bits of
    the bracket's. Raises TimeUp when the time is over.
    """
    X, scale = bracket, bracket.width
    working = _precision(X, scale, bits)
    for _ in range(MOST_STEPS):
        size = min(abs(X.lo), abs(X.hi)) if X.lo * X.hi > 0 else scale * arb(2) ** -GUARD
        if X.width <= size * arb(2) ** -bits:
            return X
        deadline.check()
        narrower = _step(F, slope, X, working)
        if narrower.width > X.width / 4:
            narrower = _bisected(F, narrower, working)
        gained = narrower.width < X.width / 2**8
        working = _precision(narrower, scale, bits) if gained else min(2 * working, 4 * bits + 256)
        X = narrower
    return X


def image(F: Enclosed, slope: Enclosed, X: Interval, bits: int) -> Interval | None:
    """Return N(X); F is computed with so many bits, F' with half of them. None where F' may be 0, or nothing is known.

    >>> from symgrad.arithmetic.interval import Interval
    >>> N = image(lambda X, _: X * X - 2, lambda X, _: X * 2, Interval(arb(1.4), arb(1.5)), 64)
    >>> bool(1.4 < N.lo), bool(N.hi < 1.5)  # N(X) lies inside X: there is exactly one zero
    (True, True)
    """
    with ctx.workprec(bits + GUARD):
        m = ((X.lo + X.hi) / 2).mid()
    if not (X.lo <= m <= X.hi):
        return None
    at_m, over_X = F(Interval(m, m), bits), slope(X, bits // 2 + GUARD)
    if at_m is None or over_X is None or not (over_X.lo > 0 or over_X.hi < 0):
        return None
    with ctx.workprec(bits + GUARD):
        return Interval(m, m) - at_m / over_X


def _step(F: Enclosed, slope: Enclosed, X: Interval, working: int) -> Interval:
    """Return X ∩ N(X); X where nothing is learnt."""
    N = image(F, slope, X, working)
    if N is None or not (N.lo <= X.hi and N.hi >= X.lo):
        return X
    return Interval(max(X.lo, N.lo), min(X.hi, N.hi))


def _bisected(F: Enclosed, X: Interval, working: int) -> Interval:
    """Halve a bracket by the sign of F at a point within, as long as that has one."""
    with ctx.workprec(working + GUARD):
        m = (X.lo + (X.hi - X.lo) * 487 / 1024).mid()
    at_m, at_lo = (F(Interval(x, x), working) for x in (m, X.lo))
    if at_m is None or at_lo is None or not (at_m.lo > 0 or at_m.hi < 0) or not (at_lo.lo > 0 or at_lo.hi < 0):
        return X
    return Interval(m, X.hi) if bool(at_m.lo > 0) == bool(at_lo.lo > 0) else Interval(X.lo, m)


def _correct(X: Interval, scale: arb) -> int:
    """Return how many bits of the place are known."""
    size = max(abs(X.lo), abs(X.hi), scale * arb(2) ** -GUARD)
    with ctx.workprec(53):
        ratio = (X.width / size).upper()
        return int(float(-(ratio.log() / arb(2).log()))) if ratio > 0 else 10**6


def _precision(X: Interval, scale: arb, bits: int) -> int:
    """Return the precision of the next step: twice the bits that are known, and a guard."""
    return max(64, min(2 * _correct(X, scale), bits) + 2 * GUARD)
