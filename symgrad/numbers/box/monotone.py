"""An activation and its slope over an interval, tight: from the values at the ends and at the local extrema.

A formula that uses x several times spreads: σ(x) σ(-x) over [-2, 2] is [0.01, 0.78], and σ' is at most 1/4.
Between two neighbouring local extrema, all of which are certified, σ' is monotone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from flint import arb

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import everywhere
from symgrad.algebra.op import Op
from symgrad.arithmetic.interval import Interval
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.dual import DualNumber
from symgrad.numbers.extremum.local_extrema import local_extrema
from symgrad.numbers.extremum.objective import INTERVALS
from symgrad.ops.elementary import ELEMENTARY
from symgrad.ops.function import slope
from symgrad.ops.record import Elementwise

REACH = 16
"""How far from 0 the local extrema are known; beyond it the formula itself is narrow."""


class Monotone:
    """The pieces of a function between its local extrema; what is open is enclosed by the formula.

    >>> from symgrad.ops.saturating import LOGISTIC
    >>> with INTERVALS.working():
    ...     print(pieces_of(slope("logistic", LOGISTIC)).range(INTERVALS.interval(-2, 2)))
    [0.10499359, 0.25000000]
    """

    def __init__(self, op: Op) -> None:
        self.formula = op.on(INTERVALS)
        self.turns: list[tuple[Interval, Interval]] = []
        self.open: list[Interval] = []
        with INTERVALS.working():
            found = local_extrema(Formula(op.name, Apply(op, (Quantity("x"),))), "x", (-REACH, REACH), timeout=None)
            for e in found:
                c = e.candidate
                if e.what == "undecided":
                    self.open.append(c.box)
                else:
                    self.turns.append((c.place(64), c.value(64)))

    def range(self, X: Interval) -> Interval:
        """Enclose the function over X."""
        known = X.lo >= -REACH and X.hi <= REACH
        if not known or any(_meet(X, box) for box in self.open):
            return self.formula(X)
        found = self._at(X.lo) if X.lo == X.hi else self._at(X.lo).hull(self._at(X.hi))
        for place, value in self.turns:
            if _meet(X, place):
                found = found.hull(value)
        return found

    def _at(self, x: arb) -> Interval:
        return self.formula(Interval(x, x))


def _meet(x: Interval, y: Interval) -> bool:
    return bool(x.lo <= y.hi and y.lo <= x.hi)


@cache
def pieces_of(op: Op) -> Monotone:
    """Return the pieces of an activation or of its slope, found once."""
    return Monotone(op)


@cache
def _tight(op: Op) -> Op:
    """Return an operation that is tight on intervals, also on intervals with slopes."""
    record = op.record
    derivative = slope(record.name, record) if op.kind == "function" else None

    def value(A: object, x: object) -> object:
        if not isinstance(x, DualNumber):
            return pieces_of(op).range(x)  # type: ignore[arg-type]  # an interval
        if derivative is None:
            return DualNumber(pieces_of(op).range(x.v), record.slope_at(A, x).d)
        return DualNumber(pieces_of(op).range(x.v), None if x.d is None else pieces_of(derivative).range(x.v) * x.d)

    return replace(op, value=value, record=("tight", record))


def tightened(e: Expression) -> Expression:
    """Return e with its activations and their slopes made tight."""

    def tight(x: Expression) -> Expression:
        match x:
            case Apply(op, arguments) if isinstance(op.record, Elementwise) and op.record not in ELEMENTARY:
                return Apply(_tight(op), arguments)
        return x

    return everywhere(e, tight)
