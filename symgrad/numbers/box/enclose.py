"""The range of a scalar gradient over a box of parameters: rigorous, to a wanted width, by branch and bound.

Best first: the place with the greatest upper bound is looked at next, and the variable that matters most in
it is bisected. The bound is the smaller of the interval value and of the mean value form, g(c) + Σ g_i (x_i
- c_i) with slopes g_i over the place. Values at points bound the range from inside, so that it is known when
the enclosure is narrow enough.
"""

from __future__ import annotations

import heapq
from contextlib import suppress
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from itertools import count, pairwise
from math import inf, nextafter

from flint import arb

from symgrad.arithmetic.interval import Interval
from symgrad.deadline import Deadline, TimeUp
from symgrad.errors import ValuesError
from symgrad.numbers.box.box import Box
from symgrad.numbers.box.pattern_search import Climb
from symgrad.numbers.box.relaxation import Empty, Place, Relaxation, View
from symgrad.numbers.extremum.objective import INTERVALS

PARTS = 4
"""Into so many a variable is cut."""
ROUNDING = arb(1e-12)
"""A range that is a single number is enclosed to this part of it."""
AGAIN = 500
"""After so many places the search for great values starts from other points."""


@dataclass(frozen=True)
class Enclosure:
    """low ≤ gradient ≤ high over the whole box; it takes a value ≤ inner_low, and one ≥ inner_high.

    complete: whether the wanted width was reached before the time was over. places: how many were looked at.
    ``Gradient.enclose`` makes it.

    >>> import symgrad as sg
    >>> square = sg.parse("C = x*x").derivative("C", "x").enclose({"x": (-1, 2)})
    >>> square.low <= -2, 4 <= square.high, 0 in square, 5 in square
    (True, True, True, False)
    """

    low: float
    high: float
    inner_low: float
    inner_high: float
    places: int
    complete: bool

    def __contains__(self, x: float) -> bool:
        return self.low <= x <= self.high

    def __str__(self) -> str:
        """Write the two ends, rounded outwards, and whether they may be far from the range.

        >>> print(Enclosure(-1 / 3, 0.1, -0.3, 0.1, 1, True))
        [-0.3333333334, 0.1000000001]
        """
        late = "" if self.complete else f" (the best so far; it takes {self.inner_low:.6g} and {self.inner_high:.6g})"
        return f"[{_decimal(self.low, -1)}, {_decimal(self.high, 1)}]{late}"


def enclose(box: Box, width: float = 0.01, timeout: float | None = 60, seed: int = 0) -> Enclosure:
    """Return the range of the gradient over a box, wider by at most ``width`` of its own width, or to 12 digits.

    What is left when the time is over is an enclosure too, and says so.
    """
    if not 0 < width <= 1:
        raise ValuesError(f"the width {width} is no part of the range", todo="give a part such as 0.01")
    deadline = Deadline(timeout)
    with INTERVALS.working():
        g, climb = Relaxation(box), Climb(box, seed)
        low, high = sides = [_Side(g, climb, sign) for sign in (-1, 1)]
        complete = _narrow(sides, arb(width), deadline)
        return Enclosure(
            _float(-low.upper, -1),
            _float(high.upper, 1),
            _float(-low.floor, 1),
            _float(high.floor, -1),
            low.places + high.places,
            complete,
        )


def _narrow(sides: list[_Side], width: arb, deadline: Deadline) -> bool:
    """Bisect on the side with the wider gap; False where the time is over, or nothing is left to bisect."""
    while sum(s.gap for s in sides) > sum(s.floor for s in sides) * width + max(abs(s.upper) for s in sides) * ROUNDING:
        try:
            deadline.check()
        except TimeUp:
            return False
        if not max(sides, key=lambda s: s.gap).step():
            return False
    return True


Parts = list[tuple[arb, Place]]
"""Places, each with an upper bound of sign · g over it."""


class _Side:
    """The supremum of sign · g: never above ``upper``, and not below ``floor``."""

    def __init__(self, g: Relaxation, climb: Climb, sign: int) -> None:
        self.g, self.climb, self.sign = g, climb, sign
        self.order = count()
        start = g.start()
        self.upper = _top(g.range(start), sign)
        self.heap = [(-self.upper, next(self.order), start)]
        self.places, self.floor = 0, -arb("inf")
        self.search()

    def search(self) -> None:
        """Look for greater values at points."""
        point = self.climb.best(self.sign)
        value = self.g.range((*point, *self.g.start()[len(point) :]))
        self.floor = max(self.floor, (value * self.sign).lo)

    @property
    def gap(self) -> arb:
        """How far the upper bound is from a value that is taken."""
        return self.upper - self.floor

    def step(self) -> bool:
        """Look at the place with the greatest bound and divide it; False where that is not possible."""
        self.places += 1
        if self.places % AGAIN == 0:
            self.search()
        if not self.heap:
            self.upper = self.floor
            return True
        negative, _, place = heapq.heappop(self.heap)
        parts = self._divided(place, -negative)
        for bound, part in [(-negative, place)] if parts is None else parts:
            if bound > self.floor:
                heapq.heappush(self.heap, (-bound, next(self.order), part))
        self.upper = max(self.floor, -self.heap[0][0]) if self.heap else self.floor
        return parts is not None

    def _divided(self, place: Place, top: arb) -> Parts | None:
        """Return the parts of a place with their bounds, which are at most ``top``; None where there are none."""
        try:
            view = self.g.view(place)
        except Empty:
            return []
        top = min(top, _top(view.value, self.sign), self._mean_value(view))
        if top <= self.floor:
            return []
        narrowed = self._ends(view)
        parts = self._bounded(narrowed) if narrowed else self._split(view, top)
        return None if parts is None else [(min(top, bound), part) for bound, part in parts]

    def _bounded(self, places: list[Place]) -> Parts:
        """Return the places that may hold a point, each with an upper bound."""
        found = []
        for place in places:
            with suppress(Empty):
                found.append((_top(self.g.range(place), self.sign), place))
        return found

    def _ends(self, view: View) -> list[Place]:
        """Return the place with each parameter at an end, where sign · g is greatest there; [] if there is none."""
        ends = [
            _useful_end(x, view.slopes.get(i), self.sign) if i in self.g.free else x for i, x in enumerate(view.place)
        ]
        return [tuple(ends)] if any(a is not b for a, b in zip(ends, view.place, strict=True)) else []

    def _split(self, view: View, top: arb) -> Parts | None:
        """Cut the variable at whose points the bound is least: what is left there is not its doing.

        A parameter that only scales the gradient is not cut for nothing: at its ends the bound stays. Where no
        constraint joins the parameters, the one that matters most is cut.
        """
        able = [i for i, weight in view.weights.items() if weight > 0 and _divisible(view.place[i])]
        if not able:
            return None

        def left(i: int) -> tuple[arb, float]:
            bounds = [] if self.g.unconstrained else self._bounded(_points(view.place, i))
            return max((min(top, bound) for bound, _ in bounds), default=self.floor), -view.weights[i]

        i = min(able, key=left)
        return self._bounded(_parts(view.place, i))

    def _mean_value(self, view: View) -> arb:
        centre = tuple(map(_middle, view.place))
        around = self.g.at_centre(centre)
        for i, slope in view.slopes.items():
            around = around + slope * (view.place[i] - centre[i])
        return _top(around, self.sign)


def _top(x: Interval, sign: int) -> arb:
    top = x.hi if sign > 0 else -x.lo
    return arb("inf") if top.is_nan() else top


def _middle(x: Interval) -> Interval:
    if x.lo == x.hi:
        return x
    m = ((x.lo + x.hi) / 2).mid()
    return Interval(m, m)


def _useful_end(x: Interval, slope: Interval | None, sign: int) -> Interval:
    """Return the end at which sign · g is greatest, where the slope has a sign; x where it has none."""
    falls, grows = slope is None or slope.hi <= 0, slope is not None and slope.lo >= 0
    if x.lo == x.hi or not (falls or grows):
        return x
    end = x.hi if grows == (sign > 0) else x.lo
    return Interval(end, end)


def _divisible(x: Interval) -> bool:
    return bool(x.lo < _middle(x).lo < x.hi)


def _cuts(x: Interval) -> list[arb]:
    return [x.lo, *((x.lo + (x.hi - x.lo) * k / PARTS).mid() for k in range(1, PARTS)), x.hi]


def _parts(place: Place, i: int) -> list[Place]:
    """Cut one variable's interval into equal parts."""
    return [(*place[:i], Interval(a, b), *place[i + 1 :]) for a, b in pairwise(_cuts(place[i]))]


def _points(place: Place, i: int) -> list[Place]:
    """Put one variable at the ends of its parts."""
    return [(*place[:i], Interval(a, a), *place[i + 1 :]) for a in _cuts(place[i])]


def _float(x: arb, direction: int) -> float:
    """Return a float that is not above x (direction -1), or not below it (1)."""
    y = float(x)
    while (y > x) if direction < 0 else (y < x):
        y = nextafter(y, direction * inf)
    return y


def _decimal(x: float, direction: int) -> str:
    """Write ten digits, not above x (direction -1), or not below it (1)."""
    rounding = ROUND_FLOOR if direction < 0 else ROUND_CEILING
    return f"{float(Context(prec=10, rounding=rounding).create_decimal_from_float(x)):.10g}"
