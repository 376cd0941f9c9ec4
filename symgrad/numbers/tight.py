"""The slope of an activation over an interval, tight: from its values at the ends and at its local extrema.

A formula that uses x several times spreads: σ(x) σ(-x) over [-2, 2] is [0.01, 0.78], and σ' is at most 1/4.
Between two neighbouring local extrema, all of which are certified, σ' is monotone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.op import Op
from symgrad.arithmetic.interval import Interval
from symgrad.network.formula import Formula
from symgrad.numbers.dual import DualNumber
from symgrad.numbers.local import local_extrema
from symgrad.numbers.objective import INTERVALS
from symgrad.ops.function import slope
from symgrad.ops.record import Elementwise


class Monotone:
    """The pieces of f' between its local extrema; what is open is enclosed by the formula.

    >>> from symgrad.ops.activation import LOGISTIC
    >>> with INTERVALS.working():
    ...     print(pieces_of(LOGISTIC).range(INTERVALS.interval(-2, 2)))
    [0.10499359, 0.25000000]
    """

    def __init__(self, record: Elementwise) -> None:
        self.record = record
        formula = Formula(f"{record.name}'(x)", Apply(slope(record.name, record), (Quantity("x"),)))
        self.turns: list[tuple[Interval, Interval]] = []
        self.open: list[Interval] = []
        with INTERVALS.working():
            for e in local_extrema(formula, "x", timeout=None):
                c = e.candidate
                if e.what == "undecided":
                    self.open.append(c.box)
                else:
                    self.turns.append((c.place(64), c.value(64)))

    def range(self, X: Interval) -> Interval:
        """Enclose f' over X."""
        if any(_meet(X, box) for box in self.open):
            found: Interval = self.record.slope_at(INTERVALS, X)
            return found
        found = self._at(X.lo) if X.lo is X.hi else self._at(X.lo).hull(self._at(X.hi))
        for place, value in self.turns:
            if _meet(X, place):
                found = found.hull(value)
        return found

    def _at(self, x: object) -> Interval:
        value: Interval = self.record.slope_at(INTERVALS, Interval(x, x))
        return value


def _meet(x: Interval, y: Interval) -> bool:
    return bool(x.lo <= y.hi and y.lo <= x.hi)


@cache
def pieces_of(record: Elementwise) -> Monotone:
    """Return the pieces of the slope of a record, found once."""
    return Monotone(record)


@cache
def _tight(op: Op) -> Op:
    """Return a slope operation that is tight on intervals, also on intervals with slopes."""

    def value(A: object, x: object) -> object:
        if isinstance(x, DualNumber):
            loose = op.record.slope_at(A, x)
            return DualNumber(pieces_of(op.record).range(x.v), loose.d)
        return pieces_of(op.record).range(x)  # type: ignore[arg-type]  # an interval

    return replace(op, value=value, record=("tight", op.record))


def tightened(e: Expression) -> Expression:
    """Return e with the slopes of its activations made tight."""
    match e:
        case Apply(op, arguments):
            inside = tuple(map(tightened, arguments))
            narrow = op.kind == "slope" and isinstance(op.record, Elementwise)
            return Apply(_tight(op) if narrow else op, inside)
    return e
