"""Points of a box at which a scalar gradient is great, or small: a search in floats, many points at a time.

What it finds is evaluated in intervals, so that it bounds the range from inside.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import arb

from symgrad.arithmetic.batched import BatchedFloating
from symgrad.arithmetic.interval import Interval
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import reads
from symgrad.calculus.values.values import Values
from symgrad.numbers.box.box import Box

POINTS = 64
"""Points that climb side by side."""
HALVINGS = 14
"""How often the step, at first a quarter of the box, is halved: to 2^-16 of the box."""

ROUNDS, ENOUGH = 8, 1e-3
"""A step is taken again where the best value grew by more than this part of it."""

Array = Any


class Climb:
    """Pattern search from random points of a box, by a seed."""

    def __init__(self, box: Box, seed: int = 0) -> None:
        self.box, self.random = box, np.random.default_rng(seed)
        self.low = np.array([float(x.lo) for x in box.intervals])
        self.width = np.array([float(x.width) for x in box.intervals])
        self.values = Values(box.form.network, BatchedFloating(), box.depth)
        self.compiler = Compiler(self.values)
        self.evaluation = Evaluation(self.values, self.compiler)
        self.wanted = reads(box.form.map)

    def value(self, t: Array) -> Array:
        """Return the gradient at points t, given by parts of the width: an array (variables, points)."""
        for q, low, width, part in zip(self.box.variables, self.low, self.width, t, strict=True):
            self.values.env.setdefault(q.name, {})[q.index] = low + width * part  # type: ignore[index]
        with np.errstate(all="ignore"):
            forward(self.box.form.network, self.values, self.compiler, wanted=self.wanted)
            found = self.evaluation.apply(self.box.form.map, np.ones(t.shape[1]), dict(self.box.at))
        return np.zeros(t.shape[1]) if found is NOTHING else np.broadcast_to(found, t.shape[1:])

    def best(self, sign: int) -> tuple[Interval, ...]:
        """Return a point at which sign · gradient is great."""
        t = self.random.integers(0, 17, (len(self.low), POINTS)) / 16
        t[:, 0] = 0.5
        found = self._score(t, sign)
        for k in range(HALVINGS):
            for _ in range(ROUNDS):
                before = found.max()
                for i in np.flatnonzero(self.width):
                    for move in (-(2.0 ** -(k + 2)), 2.0 ** -(k + 2)):
                        other = t.copy()
                        other[i] = np.clip(other[i] + move, 0, 1)
                        at_other = self._score(other, sign)
                        better = at_other > found
                        t[:, better], found[better] = other[:, better], at_other[better]
                if found.max() - before <= ENOUGH * abs(found.max()):
                    break
        return tuple(map(_inside, self.box.intervals, t[:, int(np.argmax(found))]))

    def _score(self, t: Array, sign: int) -> Array:
        values = sign * self.value(t)
        return np.where(np.isfinite(values), values, -np.inf)


def _inside(x: Interval, part: float) -> Interval:
    """Return a point of the interval at this part of its width."""
    middle = (x.lo + (x.hi - x.lo) * arb(part)).mid()
    at = x.lo if middle < x.lo else x.hi if middle > x.hi else middle
    return Interval(at, at)
