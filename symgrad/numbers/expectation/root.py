"""A zero of a function whose values and slopes are balls, by interval Newton: it is there, and is the only one."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, ctx

from symgrad.arithmetic.interval import Interval
from symgrad.deadline import Deadline
from symgrad.errors import NotDefined
from symgrad.numbers.newton import Enclosed, image, sharpened

BallFunction = Callable[[arb, int], arb]
"""(x, bits) -> a ball that holds the value for every number of the ball x."""

START_BITS = 64
"""Precision at which a zero is shown to be there."""
WIDTHS = (2**-20, 2**-14, 2**-9)
"""Widths of the place that are tried around a start, relative to it: the start is right to some 14 bits."""


def enclosed_root(F: BallFunction, slope: BallFunction, start: arb, bits: int) -> arb:
    """Return a ball with a radius of about 2^-bits of its place that holds exactly one zero of F, near the start.

    Raises NotDefined where no zero can be proved: the slope may be 0 there, or the start is too far away.

    >>> enclosed_root(lambda x, _: x * x - 2, lambda x, _: 2 * x, arb(1.4142135623), 64).str(18, radius=False)
    '1.41421356237309505'
    """
    on_values, on_slopes = _over_intervals(F), _over_intervals(slope)
    m = start.mid()
    if m.is_finite():
        m = (m - F(m, START_BITS) / slope(m, START_BITS)).mid()
    for width in WIDTHS if m.is_finite() else ():
        r = (abs(m) * width + arb(2) ** -bits).upper()
        X = Interval((m - r).lower(), (m + r).upper())
        N = image(on_values, on_slopes, X, START_BITS)
        if N is not None and X.lo < N.lo and N.hi < X.hi:
            found = sharpened(on_values, on_slopes, N, bits, Deadline(None))
            with ctx.workprec(bits + START_BITS):
                return found.lo.union(found.hi)
    raise NotDefined(
        f"no single zero could be enclosed near {start.str(8, radius=False)}",
        todo="ask at another place: the slope may be 0 at this one",
    )


def _over_intervals(f: BallFunction) -> Enclosed:
    def enclosed(X: Interval, bits: int) -> Interval | None:
        with ctx.workprec(bits):
            y = f(X.lo.union(X.hi), bits)
            return Interval(y.lower(), y.upper()) if y.is_finite() else None

    return enclosed
