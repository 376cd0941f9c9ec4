"""The range of a scalar gradient over a box of parameters: rigorous, to a wanted width, by branch and bound.

Best first: the box with the greatest upper bound is looked at next. Where the gradient's own slope by one
variable has a sign, only that end of the interval counts; else the variable that matters most is bisected.
Values at points bound the range from inside, so that it is known when the enclosure is narrow enough.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

from flint import arb

from symgrad.algebra.linear_map import rewrite
from symgrad.arithmetic import Arithmetic
from symgrad.arithmetic.interval import Interval
from symgrad.calculus.evaluate import Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import reads
from symgrad.calculus.values import Values
from symgrad.errors import ValuesError
from symgrad.numbers.box import Box
from symgrad.numbers.deadline import Deadline, TimeUp
from symgrad.numbers.dual import Dual
from symgrad.numbers.objective import INTERVALS
from symgrad.numbers.sparse import Sparse
from symgrad.numbers.tight import tightened

Intervals_ = tuple[Interval, ...]
STARTS, ROUNDS = 8, 6
STEPS = (1, 4, 16)


@dataclass(frozen=True)
class Enclosure:
    """low <= gradient <= high over the whole box; it takes values at least as far apart as inner_low, inner_high.

    complete: whether the wanted width was reached before the time was over.
    """

    low: float
    high: float
    inner_low: float
    inner_high: float
    boxes: int
    complete: bool

    def __contains__(self, x: float) -> bool:
        return self.low <= x <= self.high

    def __str__(self) -> str:
        return f"[{self.low:.10g}, {self.high:.10g}]"


class _Gradient:
    """The gradient as a function of the variables of a box, in intervals."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.map = rewrite(box.form.map, tightened)
        self.plain, self.dual = Dual(INTERVALS).below, Dual(INTERVALS)
        self._tools = {A.name: self._prepare(A) for A in (self.plain, self.dual)}

    def _prepare(self, A: Arithmetic) -> tuple[Values, Compiler, Evaluation, Any]:
        values = Values(self.box.form.network, A, self.box.depth)
        compiler = Compiler(values)
        return values, compiler, Evaluation(values, compiler), A.number(1)

    def _at(self, A: Arithmetic, x: tuple[Any, ...]) -> Any:
        values, compiler, evaluation, one = self._tools[A.name]
        for q, v in zip(self.box.variables, x, strict=True):
            values.env.setdefault(q.name, {})[q.index] = v  # type: ignore[index]  # a number, or None
        forward(self.box.form.network, values, compiler, wanted=reads(self.map))
        found = evaluation.apply(self.map, one, dict(self.box.at))
        return A.number(0) if found is None else found

    def range(self, x: Intervals_) -> Interval:
        """Enclose the values over x."""
        found: Interval = self._at(self.plain, x)
        return found

    def slopes(self, x: Intervals_) -> tuple[Interval, dict[int, Interval]]:
        """Enclose the values, and the slopes by each variable."""
        unit = INTERVALS.number(1)
        seeds = tuple(self.dual.variable(v) for v in x)
        for i, seed in enumerate(seeds):
            seed.d = Sparse({i: unit}) if x[i].lo is not x[i].hi else None
        y = self._at(self.dual, seeds)
        return y.v, {} if y.d is None else y.d.entries


def enclose(box: Box, width: float = 0.01, timeout: float | None = 60, seed: int = 0) -> Enclosure:
    """Return the range of the gradient over a box, wider by at most ``width`` of its own width.

    What is left when the time is over is an enclosure too, and says so.
    """
    if not 0 < width < 1e6:
        raise ValuesError(f"the width {width} is not positive", todo="give a part of the range, such as 0.01")
    deadline = Deadline(timeout)
    with INTERVALS.working():
        g = _Gradient(box)
        random = Random(seed)
        inside = [_climb(g, sign, random) for sign in (-1, 1)]
        low, high = -inside[0], inside[1]
        ends, boxes, complete = [], 0, True
        for sign in (-1, 1):
            tolerance = (high - low) * arb(width) / 2
            end, found, n, done = _supremum(g, sign, inside[(sign + 1) // 2], tolerance, deadline)
            ends.append(end)
            low, high = (min(low, -found), high) if sign < 0 else (low, max(high, found))
            boxes, complete = boxes + n, complete and done
        outer = Interval(-ends[0], ends[1])
    return Enclosure(_down(outer.lo), _up(outer.hi), _up(low), _down(high), boxes, complete)


def _supremum(g: _Gradient, sign: int, floor: arb, tolerance: arb, deadline: Deadline) -> tuple[arb, arb, int, bool]:
    """Return an upper bound of sign · g over the box, the best value found, the boxes looked at, and success."""
    order = count()
    start = g.box.intervals
    heap = [(-_top(g.range(start), sign), next(order), start)]
    while True:
        negative, _, x = heap[0]
        upper = -negative
        if upper - floor <= tolerance:
            return upper, floor, next(order), True
        try:
            deadline.check()
        except TimeUp:
            return upper, floor, next(order), False
        heapq.heappop(heap)
        values, slopes = g.slopes(x)
        middle = tuple(_middle(v) for v in x)
        at_middle = g.range(middle)
        floor = max(floor, (at_middle * sign).lo)
        around = at_middle
        for i, d in slopes.items():
            around = around + d * (x[i] - middle[i])
        top = min(upper, _top(values, sign), _top(around, sign))
        narrowed = tuple(_useful_end(v, slopes.get(i), sign) for i, v in enumerate(x))
        parts = [narrowed] if any(a is not b for a, b in zip(narrowed, x, strict=True)) else _halves(x, slopes)
        for part in parts or [x]:
            bound = min(top, _top(g.range(part), sign))
            heapq.heappush(heap, (-bound, next(order), part))
        if not parts:
            return top, floor, next(order), False


def _top(x: Interval, sign: int) -> arb:
    return x.hi if sign > 0 else -x.lo


def _middle(x: Interval) -> Interval:
    if x.lo is x.hi:
        return x
    m = ((x.lo + x.hi) / 2).mid()
    return Interval(m, m)


def _useful_end(x: Interval, slope: Interval | None, sign: int) -> Interval:
    """Return the end at which sign · g is greatest, where the slope has a sign; x where it has none."""
    if x.lo is x.hi:
        return x
    if slope is None:
        return Interval(x.lo, x.lo)
    if slope.lo >= 0 or slope.hi <= 0:
        end = x.hi if bool(slope.lo >= 0) == (sign > 0) else x.lo
        return Interval(end, end)
    return x


def _halves(x: Intervals_, slopes: dict[int, Interval]) -> list[Intervals_]:
    """Bisect the variable whose slope times width is greatest."""
    weights = {i: float((max(abs(d.lo), abs(d.hi)) * x[i].width).upper()) for i, d in slopes.items()}
    i = max(weights, key=lambda k: weights[k], default=None)
    if i is None:
        return []
    m = _middle(x[i]).lo
    return [(*x[:i], part, *x[i + 1 :]) for part in (Interval(x[i].lo, m), Interval(m, x[i].hi))]


def _climb(g: _Gradient, sign: int, random: Random) -> arb:
    """Return a value that sign · g surely takes: the best of some coordinate searches over grids of 17 points."""
    best = -arb("inf")
    for start in range(STARTS):
        x = [random.randint(0, 16) if start else 8 for _ in g.box.variables]
        value = _value(g, x, sign)
        for step in (8, 4, 2, 1) * ROUNDS:
            i_moved = False
            for i in range(len(x)):
                for move in (-step, step):
                    if 0 <= x[i] + move <= 16:
                        y = [*x[:i], x[i] + move, *x[i + 1 :]]
                        at_y = _value(g, y, sign)
                        if at_y > value:
                            x, value, i_moved = y, at_y, True
            if not i_moved and step == 1:
                break
        best = max(best, value)
    return best


def _value(g: _Gradient, grid: list[int], sign: int) -> arb:
    x = tuple(_on_grid(v, k) for v, k in zip(g.box.intervals, grid, strict=True))
    found = g.range(x) * sign
    return found.lo


def _on_grid(x: Interval, k: int) -> Interval:
    if x.lo is x.hi:
        return x
    m = (x.lo + (x.hi - x.lo) * k / 16).mid()
    return Interval(max(x.lo, m), max(x.lo, m)) if m < x.hi else Interval(x.hi, x.hi)


def _down(x: arb) -> float:
    """Return a float that is not above x."""
    return _outward(x, -1)


def _up(x: arb) -> float:
    """Return a float that is not below x."""
    return _outward(x, 1)


def _outward(x: arb, direction: int) -> float:
    from math import inf, nextafter

    y = float(x)
    while (y > x) if direction < 0 else (y < x):
        y = nextafter(y, direction * inf)
    return y
