"""A function of one variable with its enclosures: values, slopes and curvatures over an interval."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from symgrad.algebra.expression_tree import applications
from symgrad.arithmetic.interval import Interval, Intervals
from symgrad.network.formula import Formula, value
from symgrad.numbers.extremum.dual import Dual, DualNumber
from symgrad.numbers.tail.arithmetic import TailArithmetic
from symgrad.numbers.tail.tail import Tail
from symgrad.ops.record import Elementwise
from symgrad.ops.regularity import Regularity, of_expression

ARITHMETIC = {"+", "-", "*", "/", "neg", "power"}
LOW = 17
"""Digits of a search; what it finds is sharpened afterwards."""
INTERVALS = Intervals(LOW)
SLOPES = Dual(INTERVALS)
CURVATURES = Dual(SLOPES)


class Local(NamedTuple):
    """Enclosures over one interval X; slope None: f is constant on X."""

    value: Any
    slope: Any
    curvature: Any = None


@dataclass(frozen=True)
class Objective:
    """sign · f(x), where sign is 1 or -1: a minimum of f is a maximum of -f."""

    formula: Formula
    variable: str
    sign: int = 1

    @cached_property
    def regularity(self) -> Regularity:
        """How regular f is wherever it is defined; ANALYTIC: it is then constant, or nowhere constant."""
        return of_expression(self.formula.expression)

    @property
    def analytic(self) -> bool:
        """Whether f is built of analytic functions only."""
        return self.regularity is Regularity.ANALYTIC

    @property
    def continuous(self) -> bool:
        """Whether f is continuous wherever it is defined: no jump, and no slope that jumps."""
        return self.regularity >= Regularity.CONTINUOUS

    @cached_property
    def elementwise(self) -> bool:
        """Whether f of an array is the array of its values: no sum, no loss."""
        applied = [e.op for e in applications(self.formula.expression)]
        return all(isinstance(op.record, Elementwise) or op.name in ARITHMETIC for op in applied)

    def at(self, A: Any, x: Any) -> Any:
        """Return sign · f(x) in an arithmetic; called inside ``A.working()``."""
        y = value(self.formula.expression, A, {self.variable: x})
        return -y if self.sign < 0 else y

    def range(self, X: Interval, A: Intervals = INTERVALS) -> Interval:
        """Enclose the values over X; OutsideDomain where f may be undefined."""
        found: Interval = self.at(A, X)
        return found

    def slope(self, X: Interval, A: Dual = SLOPES) -> Local:
        """Enclose values and slopes over X."""
        y = self.at(A, A.variable(X))
        return Local(y.v, y.d)

    def curvature(self, X: Interval, A: Dual = CURVATURES) -> Local:
        """Enclose values, slopes and second derivatives over X."""
        y = self.at(A, A.variable(X))
        slope = y.v.d if y.d is None else y.d.v
        return Local(y.v.v, slope, None if y.d is None else y.d.d)

    def on_tail(self, k: int, end: Fraction | None, side: int) -> tuple[TailArithmetic, Tail]:
        """Return the tail arithmetic from Z = 2^k on, and x: ``side`` z, or end - ``side`` / z."""
        A = TailArithmetic(k)
        z = A.variable()
        return A, z * side if end is None else A.number(end) - z.reciprocal() * side

    def tail(self, k: int, end: Fraction | None, side: int) -> tuple[Tail, Tail | None]:
        """Enclose values and slopes on a tail; raises TryFurther or OutsideDomain."""
        below, x = self.on_tail(k, end, side)
        A = Dual(below)
        with A.working():
            y: DualNumber = self.at(A, A.variable(x))
            return y.v, y.d
