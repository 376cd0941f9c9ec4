"""Further opinions on an extremum, which share no enclosure with it: SciPy's optimiser, mpmath's root finder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from flint import arb, ctx

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.floating import float_events
from symgrad.arithmetic.interval import Interval
from symgrad.arithmetic.multiprecision import enclosed
from symgrad.deadline import attempt
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.numbers.extremum.objective import Objective

GRID = 4001
SECONDS = 10
FAR = arb(2) ** 960
ENOUGH_PLACE, ENOUGH_VALUE = 6, 12
"""Digits of place and of value to which a float64 optimiser must agree: f is flat at its extremum."""
PLACE = ".6g"
"""How a place is shown: where a function is flat, floats tell half of their digits, and machines differ in the rest."""


@dataclass(frozen=True)
class Opinion:
    """source: who says so; place, value: as text; agrees: digits of place and value that agree."""

    source: str
    place: str
    value: str
    digits: tuple[int, int]
    agrees: bool


def scipy_opinion(f: Objective, domain: RealDomain, places: Sequence[Interval], Y: Interval) -> Opinion | None:
    """Return what SciPy finds from a grid over the whole domain, compared with the nearest place and the value Y."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    if any(_is_extreme(X) for X in (*places, Y)):
        return None
    A = arithmetic("float")
    low = -inf if domain.low is None else float(domain.low)
    high = inf if domain.high is None else float(domain.high)
    grid = _grid(low, high)
    with float_events(), np.errstate(all="ignore"):
        values = np.asarray([float(f.at(A, x)) for x in grid]) if not f.elementwise else f.at(A, grid)
        values = np.broadcast_to(np.asarray(values, dtype=float), grid.shape)
        if not np.isfinite(values).any():
            return None
        best = int(np.nanargmax(np.where(np.isfinite(values), values, -np.inf)))
        bounds = grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)]
        found = minimize_scalar(
            lambda x: -float(f.at(A, np.float64(x))), bounds=bounds, method="bounded", options={"xatol": 1e-12}
        )
    place, value = float(found.x), -float(found.fun)
    if not np.isfinite(value):
        return None
    if values[best] > value:
        place, value = float(grid[best]), float(values[best])
    digits = max(agreement(X, arb(place)) for X in places), agreement(Y, arb(value))
    agrees = digits[0] >= ENOUGH_PLACE and digits[1] >= ENOUGH_VALUE
    return Opinion("SciPy minimize_scalar", f"{place:{PLACE}}", f"{f.sign * value:.15g}", digits, agrees)


def _is_extreme(X: Interval) -> bool:
    """Tell whether float64 loses a number: it is not 0, and close to the ends of the range."""
    size = abs(X.ball())
    return not (size < FAR and (size > 1 / FAR or size.overlaps(arb(0))))


def _grid(low: float, high: float) -> Any:
    """Return points of the domain; an infinite end is mapped to a finite one."""
    import numpy as np

    t = np.linspace(0, 1, GRID + 2)[1:-1]
    if low > -inf and high < inf:
        return low + (high - low) * np.linspace(0, 1, GRID)
    if low > -inf:
        return low + t / (1 - t)
    if high < inf:
        return high - (1 - t) / t
    return np.sinh(14 * (t - 0.5))


def mpmath_opinion(f: Objective, X: Interval, Y: Interval, digits: int) -> Opinion | None:
    """Return the root of f' that mpmath finds beside the place, by numerical differentiation."""
    A = arithmetic("mp", digits + 10)
    context = A.context  # type: ignore[attr-defined]  # of Multiprecision
    start = context.mpf(float((X.lo + X.hi) / 2)) * (1 + context.mpf(2) ** -20)

    def search() -> tuple[Any, Any]:
        root = context.findroot(lambda x: context.diff(lambda t: f.at(A, t), x), start)
        return root, f.at(A, root)

    both = attempt(search, None, SECONDS, (Exception,))
    if both is None or not all(map(context.isfinite, both)):
        return None
    root, value = both
    found = agreement(X, _ball(root)), agreement(Y, _ball(value))
    agrees = found[0] >= digits - 8 and found[1] >= digits - 8
    place, reached = (context.nstr(x, digits, strip_zeros=False) for x in (root, f.sign * value))
    return Opinion("mpmath findroot", place, reached, found, agrees)


def _ball(x: Any) -> arb:
    with ctx.workprec(x.context.prec + 64):
        return enclosed(x)


def agreement(X: Interval, y: arb) -> int:
    """Return to how many digits y agrees with an interval: those of its relative distance, at most 10^6."""
    with ctx.workprec(max(ctx.prec, 4096)):
        distance = max(abs(X.lo - y).upper(), abs(X.hi - y).upper())
        size = max(abs(X.lo), abs(X.hi)).upper()
        if distance == 0:
            return 10**6
        if size == 0 or distance > size:
            size = arb(1)
        digits = -(distance / size).log() / arb(10).log()
        return max(0, int(float(digits.floor().mid())))
