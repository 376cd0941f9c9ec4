"""Values with their slopes, v + d eps with eps^2 = 0, over any number system: intervals, balls, tails.

The slope of each function is the one of its record, which is tested against SymPy and against FLINT's own
series. Over an interval X the slope encloses every slope that f has inside X; at a kink, both sides count.
``Dual(Dual(A))`` has second derivatives.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic.interval import INFINITY, ZERO, Interval, Intervals
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.scalars import Function
from symgrad.errors import ValuesError
from symgrad.numbers.tail.monomial import TryFurther
from symgrad.numbers.tail.tail import Tail
from symgrad.ops.elementwise import ELEMENTWISE

INTERVALS = Intervals()
HALF = Interval(arb(0.5), arb(0.5))

Slope = Any
"""A value of the number system below; None for a constant, whose slope is 0."""


class DualNumber:
    """v + d eps."""

    __slots__ = ("d", "v")

    def __init__(self, v: Any, d: Slope = None) -> None:
        self.v, self.d = v, d

    def __add__(self, other: Any) -> DualNumber:
        if isinstance(other, DualNumber):
            return DualNumber(self.v + other.v, _plus(self.d, other.d))
        return DualNumber(self.v + other, self.d)

    __radd__ = __add__

    def __neg__(self) -> DualNumber:
        return DualNumber(-self.v, None if self.d is None else -self.d)

    def __sub__(self, other: Any) -> DualNumber:
        return self + (-other)

    def __rsub__(self, other: Any) -> DualNumber:
        return -self + other

    def __mul__(self, other: Any) -> DualNumber:
        if isinstance(other, DualNumber):
            return DualNumber(self.v * other.v, _plus(_times(self.d, other.v), _times(other.d, self.v)))
        return DualNumber(self.v * other, _times(self.d, other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> DualNumber:
        if not isinstance(other, DualNumber):
            return DualNumber(self.v / other, None if self.d is None else self.d / other)
        q = self.v / other.v
        if other.d is None:
            return DualNumber(q, None if self.d is None else self.d / other.v)
        if isinstance(bottom(q), Tail):  # the terms of a tail are exact: in this order they can cancel
            return DualNumber(q, _plus(_times(self.d, other.v), -(self.v * other.d)) / other.v**2)
        return DualNumber(q, _plus(self.d, -(q * other.d)) / other.v)

    def __rtruediv__(self, other: Any) -> DualNumber:
        q = other / self.v
        return DualNumber(q, None if self.d is None else -(q * self.d) / self.v)

    def __pow__(self, n: int) -> DualNumber:
        if n == 0 or self.d is None:
            return DualNumber(self.v**n)
        return DualNumber(self.v**n, self.d if n == 1 else n * self.v ** (n - 1) * self.d)

    def __repr__(self) -> str:
        return f"{self.v} + {self.d} eps"


def _plus(x: Slope, y: Slope) -> Slope:
    return y if x is None else x if y is None else x + y


def _times(x: Slope, y: Any) -> Slope:
    return None if x is None else x * y


def bottom(x: Any) -> Any:
    """Return the value under all slopes: an interval, a ball, a tail."""
    while isinstance(x, DualNumber):
        x = x.v
    return x


def sides(x: Any) -> tuple[bool, bool, bool]:
    """Tell of a bottom value whether it is surely >= 0, surely <= 0, and surely not 0."""
    x = bottom(x)
    if isinstance(x, arb):
        return bool(x >= 0), bool(x <= 0), bool(x > 0 or x < 0)
    x = x if isinstance(x, Interval) else x.coefficient
    return bool(x.lo >= 0), bool(x.hi <= 0), bool(x.lo > 0 or x.hi < 0)


def _smooth(name: str) -> Function:
    record = ELEMENTWISE[name]

    def method(self: Dual, x: DualNumber) -> DualNumber:
        A = self.below
        v = getattr(A, name)(x.v)
        return DualNumber(v) if x.d is None else DualNumber(v, record.slope_at(A, x.v) * x.d)

    return method


def _kinked(name: str, left: int, right: int) -> Function:
    """Return the function that is ``left`` x for x <= 0 and ``right`` x for x >= 0."""
    record = ELEMENTWISE[name]

    def method(self: Dual, x: DualNumber) -> DualNumber:
        positive, negative, _ = sides(x.v)
        if positive and negative and isinstance(x.v, Interval | DualNumber) and x.d is not None:
            # x is 0, perhaps at this point alone: both sides count
            both = (
                self.unknown()
                if isinstance(x.v, DualNumber)
                else Interval(arb(min(left, right)), arb(max(left, right)))
            )
            return DualNumber(getattr(self.below, name)(x.v), both * x.d)
        if positive or negative:
            factor = right if positive else left
            return x if factor == 1 else -x if factor == -1 else DualNumber(self.below.number(0))
        v = getattr(self.below, name)(x.v)
        return DualNumber(v) if x.d is None else DualNumber(v, record.slope_at(self.below, x.v) * x.d)

    return method


def _steep(x: Any, q: Interval) -> Interval | None:
    """Return the slopes of x^q inside [0, b], 0 < q < 1, which are all that from q b^(q-1) on; None for other x.

    A function that is continuous on an interval, with slopes of one sign inside, is monotone, whatever it does at
    the ends: there its slope may be infinite.
    """
    if not isinstance(x, Interval) or x.lo != 0 or not x.hi > 0 or not (q.lo > 0 and q.hi < 1):
        return None
    end = Interval(x.hi, x.hi)
    least = q / end * INTERVALS.power(end, q) if x.hi.is_finite() else Interval(ZERO, ZERO)
    return Interval(least.lo, INFINITY)


def _jump(name: str) -> Function:
    """Return a piecewise constant function; nothing is known of its slope where the jump may lie."""

    def method(self: Dual, x: DualNumber) -> DualNumber:
        v = getattr(self.below, name)(x.v)
        return DualNumber(v) if x.d is None or sides(x.v)[2] else DualNumber(v, self.unknown() * x.d)

    return method


_root = _smooth("sqrt")


class Dual(Arithmetic):
    """Values with slopes, over the number system ``below``.

    >>> from symgrad.arithmetic.interval import Intervals
    >>> A = Dual(Intervals(20))
    >>> with A.working():
    ...     y = A.tanh(A.variable(A.below.interval(0, 1)))
    >>> print(y.d)
    [0.23840584, 1.7615942]
    """

    name = "dual"
    rigorous = True

    def __init__(self, below: Any) -> None:
        self.below = below

    def describe(self) -> str:
        """Return the name in words."""
        return f"values with slopes in {self.below.describe()}"

    def working(self) -> AbstractContextManager[None]:
        """Set the precision of the number system below."""
        return self.below.working()

    def number(self, q: Fraction | int) -> DualNumber:
        """Return the constant q."""
        return DualNumber(self.below.number(q))

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return a constant; arrays are not taken."""
        if shape:
            raise ValuesError("values with slopes have no arrays", todo="give a number")
        return DualNumber(self.below.array(data, shape))

    def variable(self, x: Any) -> DualNumber:
        """Return x + eps, where x is a value at the bottom."""
        if isinstance(self.below, Dual):
            return DualNumber(self.below.variable(x), self.below.number(1))
        return DualNumber(x, self.below.number(1))

    def unknown(self) -> Any:
        """Return a slope of which nothing is known, a value of the number system below; a tail has none: TryFurther."""
        if isinstance(self.below, Dual):
            return DualNumber(self.below.unknown(), self.below.unknown())
        if self.below.name == "tail":
            raise TryFurther
        return arb("nan") if self.below.name == "ball" else Interval(-INFINITY, INFINITY)

    @property
    def pi(self) -> DualNumber:
        """The circle's number."""
        return DualNumber(self.below.pi)

    exp = _smooth("exp")
    expm1 = _smooth("expm1")
    log = _smooth("log")
    log1p = _smooth("log1p")
    sin = _smooth("sin")
    cos = _smooth("cos")
    tan = _smooth("tan")
    atan = _smooth("atan")
    sinh = _smooth("sinh")
    cosh = _smooth("cosh")
    tanh = _smooth("tanh")
    erf = _smooth("erf")
    erfc = _smooth("erfc")
    logistic = _smooth("logistic")
    softplus = _smooth("softplus")
    abs = _kinked("abs", -1, 1)
    relu = _kinked("relu", 0, 1)
    negative_part = _kinked("negative_part", 1, 0)
    sign = _jump("sign")
    step = _jump("step")

    def sqrt(self, x: DualNumber) -> DualNumber:
        """Return the square root."""
        slopes = _steep(x.v, HALF)
        if slopes is None or x.d is None:
            return _root(self, x)
        return DualNumber(self.below.sqrt(x.v), slopes * x.d)

    def power(self, x: DualNumber, y: Any) -> DualNumber:
        """Return x**y; the slope of a power with a varying exponent is that of exp(y log x)."""
        if isinstance(y, int):
            return x**y
        if y.d is not None:
            return self.exp(y * self.log(x))
        v = self.below.power(x.v, y.v)
        if x.d is None:
            return DualNumber(v)
        slopes = _steep(x.v, y.v)
        return DualNumber(v, (y.v * self.below.power(x.v, y.v - 1) if slopes is None else slopes) * x.d)
