"""A zero of a function whose values and slopes are balls, by interval Newton: it is there, and is the only one.

With m in X, if N = m - F(m) / F'(X) lies inside X then F has exactly one zero in X, and it lies in N (Moore,
Kearfott, Cloud, Introduction to Interval Analysis, 2009, section 8.1).
"""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx

from symgrad.errors import NotDefined

BallFunction = Callable[[arb, int], arb]
"""(x, bits) -> a ball that holds the value for every number of the ball x."""

GUARD = 16
KNOWN = 14
"""Bits to which a start is right."""
SLOPE_BITS = 40
"""Precision of a slope that a proof needs."""


def enclosed_root(F: BallFunction, slope: BallFunction, start: arb, bits: int) -> arb:
    """Return a ball with a radius of about 2^-bits that holds exactly one zero of F, near the start.

    The precision doubles with the bits that are known, and the slope has half of it. Raises NotDefined where no
    zero can be proved: the slope may be 0 there, or the start is too far away.

    >>> enclosed_root(lambda x, _: x * x - 2, lambda x, _: 2 * x, arb(1.4142135623), 64).str(18, radius=False)
    '1.41421356237309505'
    """
    m, known = start.mid(), KNOWN
    while known < bits + GUARD and m.is_finite():
        working = min(2 * known, bits + GUARD)
        m, known = _newton(F, slope, m, working), working
    found = _proved(F, slope, m, bits + GUARD) if m.is_finite() else None
    if found is None:
        raise NotDefined(
            f"no single zero could be enclosed near {start.str(8, radius=False)}",
            todo="ask at another place: the slope may be 0 at this one",
        )
    return found


def _newton(F: BallFunction, slope: BallFunction, m: arb, working: int) -> arb:
    with ctx.workprec(working + GUARD):
        return (m - F(m, working + GUARD) / slope(m, working // 2 + GUARD)).mid()


def _proved(F: BallFunction, slope: BallFunction, m: arb, working: int) -> arb | None:
    """Return N where it lies inside X, a few times wider than the last step; the slope needs few bits."""
    with ctx.workprec(working + GUARD):
        value = F(m, working + GUARD)
        size = abs(value / slope(m, SLOPE_BITS)) + abs(m) * arb(2) ** -working
        X = m + arb(0, (4 * size).upper())
        N = m - value / slope(X, SLOPE_BITS)
        return N if X.contains_interior(N) else None
