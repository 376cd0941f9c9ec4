"""Interval Newton: the one zero of f' in a bracket, to any number of digits.

N(X) = m - f'(m) / f''(X), m in X. Every zero of f' in X lies in N(X) (mean value theorem), so X may be
replaced by X ∩ N(X); its width is squared at each step, and the precision doubles with it.
Moore, Kearfott, Cloud, Introduction to Interval Analysis (2009), section 8.1.
"""

from __future__ import annotations

from math import ceil, log10

from flint import arb, ctx

from symgrad.arithmetic.interval import Interval, Intervals, OutsideDomain
from symgrad.deadline import Deadline
from symgrad.numbers.extremum.dual import Dual
from symgrad.numbers.extremum.objective import Objective

GUARD = 24
MOST_STEPS = 400


def sharpen(f: Objective, bracket: Interval, bits: int, deadline: Deadline) -> Interval:
    """Return X within the bracket, of a width below 2^-bits of its place, that holds the zero of f'.

    bracket: f'' has one sign on it, and f' has two signs at its ends. Near 0 the width is below 2^-bits of
    the bracket's. Raises TimeUp when the time is over.
    """
    X, scale = bracket, bracket.width
    working = _precision(X, scale, bits)
    for _ in range(MOST_STEPS):
        size = min(abs(X.lo), abs(X.hi)) if X.lo * X.hi > 0 else scale * arb(2) ** -GUARD
        if X.width <= size * arb(2) ** -bits:
            return X
        deadline.check()
        narrower = _step(f, X, working)
        if narrower.width > X.width / 4:
            narrower = _bisect(f, narrower, working)
        gained = narrower.width < X.width / 2**8
        working = _precision(narrower, scale, bits) if gained else min(2 * working, 4 * bits + 256)
        X = narrower
    return X


def _correct(X: Interval, scale: arb) -> int:
    """Return how many bits of the place are known."""
    size = max(abs(X.lo), abs(X.hi), scale * arb(2) ** -GUARD)
    with ctx.workprec(53):
        ratio = (X.width / size).upper()
        return int(float(-(ratio.log() / arb(2).log()))) if ratio > 0 else 10**6


def _precision(X: Interval, scale: arb, bits: int) -> int:
    """Return the precision of the next step: twice the bits that are known, and a guard."""
    return max(64, min(2 * _correct(X, scale), bits) + 2 * GUARD)


def _step(f: Objective, X: Interval, working: int) -> Interval:
    """Return X ∩ N(X), computed with a precision of so many bits; X where nothing is learnt."""
    fine, coarse = _slopes(working), Dual(_slopes(working // 2 + GUARD))
    with fine.working():
        m = ((X.lo + X.hi) / 2).mid()
        if not (X.lo <= m <= X.hi):
            return X
        try:
            slope = f.slope(Interval(m, m), fine).slope
        except OutsideDomain:
            return X
    with coarse.working():
        try:
            bend = f.curvature(X, coarse).curvature
        except OutsideDomain:
            return X
    if slope is None or bend is None or not (bend.lo > 0 or bend.hi < 0):
        return X
    with fine.working():
        N = Interval(m, m) - slope / bend
        return Interval(max(X.lo, N.lo), min(X.hi, N.hi)) if N.lo <= X.hi and N.hi >= X.lo else X


def _bisect(f: Objective, X: Interval, working: int) -> Interval:
    """Halve a bracket by the sign of f' at a point within, as long as that has one."""
    A = _slopes(working)
    with A.working():
        m = (X.lo + (X.hi - X.lo) * 487 / 1024).mid()
        try:
            at_m, at_lo = (f.slope(Interval(x, x), A).slope for x in (m, X.lo))
        except OutsideDomain:
            return X
    if at_m is None or at_lo is None or not (at_m.lo > 0 or at_m.hi < 0) or not (at_lo.lo > 0 or at_lo.hi < 0):
        return X
    return Interval(m, X.hi) if bool(at_m.lo > 0) == bool(at_lo.lo > 0) else Interval(X.lo, m)


def _slopes(bits: int) -> Dual:
    return Dual(Intervals(max(ceil((bits - 8) * log10(2)), 1)))
