"""Intervals with two ends, each rounded outward (FLINT's arb at the ends); an end may be infinite.

A ball spreads on a wide range, and cannot end exactly at the border of a domain; an interval can: the
square root of [0, 1] is [0, 1]. A monotone function of an interval costs two values and is tight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import arb, ctx

from symgrad.arithmetic.ball import bits
from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.arithmetic.literal import exact
from symgrad.errors import ValuesError

ZERO, ONE, INFINITY = arb(0), arb(1), arb("inf")


class OutsideDomain(ValuesError):  # noqa: N818  # a signal first: who bisects catches it
    """A function of an interval on which it is not defined: nowhere in it, or perhaps not everywhere."""

    def __init__(self, function: str, x: Interval, nowhere: bool) -> None:
        self.nowhere = nowhere
        how = "is not defined on" if nowhere else "may not be defined everywhere on"
        super().__init__(f"{function} {how} {x}", todo="give a domain on which the expression is defined")


class Interval:
    """[lo, hi]; the operators give intervals that hold every result.

    >>> print(Interval(arb(-1), arb(2)) * Interval(arb(3), arb(4)))
    [-4.0000000, 8.0000000]
    """

    __slots__ = ("hi", "lo")

    def __init__(self, lo: arb, hi: arb) -> None:
        self.lo, self.hi = lo, hi

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = arb(other)
            return Interval((self.lo + other).lower(), (self.hi + other).upper())
        if not isinstance(other, Interval):
            return NotImplemented
        return Interval((self.lo + other.lo).lower(), (self.hi + other.hi).upper())

    __radd__ = __add__

    def __neg__(self) -> Interval:
        return Interval((-self.hi).lower(), (-self.lo).upper())  # an end of more bits than the precision is rounded

    def __sub__(self, other: Any) -> Any:
        return self + (-other) if isinstance(other, int | Interval) else NotImplemented

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = point(arb(other))
        if not isinstance(other, Interval):
            return NotImplemented
        if self.lo >= 0 and other.lo >= 0:
            return Interval(_times(self.lo, other.lo).lower(), _times(self.hi, other.hi).upper())
        products = [_times(x, y) for x in (self.lo, self.hi) for y in (other.lo, other.hi)]
        return Interval(min(p.lower() for p in products), max(p.upper() for p in products))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = point(arb(other))
        return self * other.reciprocal() if isinstance(other, Interval) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return self.reciprocal() * other

    def __pow__(self, n: Any) -> Any:
        if not isinstance(n, int):
            return NotImplemented
        if n < 0:
            return (self**-n).reciprocal()
        if n % 2 == 0 and self.lo < 0:
            return _magnitude(self) ** n
        return Interval(_raised(self.lo, n).lower(), _raised(self.hi, n).upper())

    def reciprocal(self) -> Interval:
        """Return 1 / x; OutsideDomain where 0 lies in x."""
        if not (self.lo > 0 or self.hi < 0):
            raise OutsideDomain("1/x", self, nowhere=self.lo == self.hi == 0)
        return Interval((1 / self.hi).lower(), (1 / self.lo).upper())

    def __contains__(self, x: Any) -> bool:
        return bool(self.lo <= x <= self.hi)

    def hull(self, other: Interval) -> Interval:
        """Return the least interval that holds both."""
        return Interval(min(self.lo, other.lo), max(self.hi, other.hi))

    def ball(self) -> arb:
        """Return a ball that holds the interval."""
        return self.lo.union(self.hi)

    @property
    def width(self) -> arb:
        """An upper bound of hi - lo."""
        return (self.hi - self.lo).upper()

    def __float__(self) -> float:
        return float(self.lo + self.hi) / 2

    def __str__(self) -> str:
        return f"[{_shown(self.lo)}, {_shown(self.hi)}]"

    __repr__ = __str__


def _shown(end: arb) -> str:
    return str(end.str(8, radius=False)) if end.is_finite() else "oo" if end > 0 else "-oo"


def point(x: arb) -> Interval:
    """Return the least interval that holds the ball x."""
    return Interval(x, x) if x.is_exact() else Interval(x.lower(), x.upper())


def _times(x: arb, y: arb) -> arb:
    """Return x y, where 0 times an infinite end is 0: no number of the interval is infinite."""
    return ZERO if x == 0 or y == 0 else x * y


def _raised(x: arb, n: int) -> arb:
    """Return x^n for n ≥ 0, also of an infinite end, of which FLINT's is no number."""
    if x.is_finite() or n == 0:
        return x**n
    return INFINITY if x > 0 or n % 2 == 0 else -INFINITY


def _magnitude(x: Interval) -> Interval:
    if x.lo >= 0:
        return x
    if x.hi <= 0:
        return -x
    return Interval(ZERO, max((-x.lo).upper(), x.hi))


Ends = tuple[arb, arb]


def _increasing(f: Callable[[arb], arb], limits: Ends) -> Callable[[Interval], Interval]:
    """Return f, increasing, with its limits at -infinity and infinity."""

    def of(x: Interval) -> Interval:
        if x.lo is x.hi:
            return point(f(x.lo))
        lo = f(x.lo).lower() if x.lo.is_finite() else limits[x.lo > 0]
        hi = f(x.hi).upper() if x.hi.is_finite() else limits[x.hi > 0]
        return Interval(lo, hi)

    return of


def _increasing_from(name: str, f: Callable[[arb], arb], start: int, closed: bool) -> Callable[[Interval], Interval]:
    """Return f, increasing and without a bound, defined from ``start`` on, or beyond it."""

    def of(x: Interval) -> Interval:
        if not (x.lo >= start if closed else x.lo > start):
            raise OutsideDomain(name, x, nowhere=x.hi < start if closed else x.hi <= start)
        return inside(x)

    inside = _increasing(f, (-INFINITY, INFINITY))
    return of


def _holds_point(x: Interval, start: arb, period: arb) -> bool:
    """Tell whether x may hold a point start + k period."""
    first, last = ((x.lo - start) / period).lower(), ((x.hi - start) / period).upper()
    return bool(last.floor().upper() >= first.ceil().lower())


def _sine(x: Interval) -> Interval:
    if not (x.lo.is_finite() and x.hi.is_finite()):
        return Interval(-ONE, ONE)
    ends, pi = point(x.lo.sin()).hull(point(x.hi.sin())), arb.pi()
    low = -ONE if _holds_point(x, -pi / 2, 2 * pi) else ends.lo
    return Interval(low, ONE if _holds_point(x, pi / 2, 2 * pi) else ends.hi)


def _cosine(x: Interval) -> Interval:
    if not (x.lo.is_finite() and x.hi.is_finite()):
        return Interval(-ONE, ONE)
    ends, pi = point(x.lo.cos()).hull(point(x.hi.cos())), arb.pi()
    low = -ONE if _holds_point(x, pi, 2 * pi) else ends.lo
    return Interval(low, ONE if _holds_point(x, ZERO, 2 * pi) else ends.hi)


def _tangent(x: Interval) -> Interval:
    if not (x.lo.is_finite() and x.hi.is_finite()) or _holds_point(x, arb.pi() / 2, arb.pi()):
        raise OutsideDomain("tan", x, nowhere=False)
    return Interval(x.lo.tan().lower(), x.hi.tan().upper())


def _arctangent(x: Interval) -> Interval:
    quarter = (arb.pi() / 2).upper()
    return _increasing(arb.atan, (-quarter, quarter))(x)


def _power(x: Interval, y: Any) -> Interval:
    if isinstance(y, int):
        return x**y
    if not x.lo >= 0 or (x.lo == 0 and not y.lo > 0):
        raise OutsideDomain("a power", x, nowhere=x.hi < 0)
    if x.hi == 0:
        return x
    top: Interval = _exp(_log(Interval(x.hi, x.hi)) * y)
    if x.lo == 0:
        return Interval(ZERO, top.hi)
    return top.hull(_exp(_log(Interval(x.lo, x.lo)) * y))


def _minimum(x: Interval, y: Any) -> Interval:
    other = y if isinstance(y, Interval) else point(arb(y))
    return Interval(min(x.lo, other.lo), min(x.hi, other.hi))


_exp = _increasing(arb.exp, (ZERO, INFINITY))
_log = _increasing_from("log", arb.log, 0, closed=False)
_ONES = (-ONE, ONE)
_ALL = (-INFINITY, INFINITY)


class Intervals(ObjectArithmetic):
    """Intervals whose ends have ``digits`` decimal digits; a function that may be undefined raises.

    >>> A = Intervals(20)
    >>> with A.working():
    ...     print(A.sqrt(A.interval(0, 4)), A.relu(A.interval(-1, 2)), A.sin(A.interval(0, 9)))
    [0, 2.0000000] [0, 2.0000000] [-1.0000000, 1.0000000]
    """

    name = "interval"
    rigorous = True
    digits: int

    def __init__(self, digits: int = 17) -> None:
        self.digits = digits

    def describe(self) -> str:
        """Return the name in words."""
        return f"intervals of {self.digits} digits"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Set FLINT's precision, and restore it."""
        with ctx.workprec(bits(self.digits)):
            yield

    def number(self, q: Fraction | int) -> Interval:
        """Return the least interval that holds q, a point if q is a dyadic fraction."""
        return point(ball(q))

    def interval(self, low: Any, high: Any) -> Interval:
        """Return the interval from low to high, numbers as ``number`` and ``array`` take them."""
        return Interval(self.number(exact(low)).lo, self.number(exact(high)).hi)

    def _scalar(self, x: Any) -> Any:
        if isinstance(x, Interval):
            return x
        return point(x) if isinstance(x, arb) else self.number(exact(x))

    def _hull(self, x: Interval, y: Interval) -> Interval:
        return x.hull(y)

    def _selected(self, c: Interval, x: Interval, y: Interval) -> Interval:
        if bool(c.lo == 1):
            return x
        return y if bool(c.hi == 0) else x.hull(y)

    def _is_zero(self, x: Interval) -> bool:
        return bool(x.lo == 0) and bool(x.hi == 0)

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return Interval(-INFINITY, -INFINITY)

    @property
    def pi(self) -> Interval:
        """An interval that holds the circle's number."""
        return point(arb.pi())

    exp = lift(_exp)
    expm1 = lift(_increasing(arb.expm1, (-ONE, INFINITY)))
    log = lift(_log)
    log1p = lift(_increasing_from("log1p", arb.log1p, -1, closed=False))
    sqrt = lift(_increasing_from("sqrt", arb.sqrt, 0, closed=True))
    sin = lift(_sine)
    cos = lift(_cosine)
    tan = lift(_tangent)
    atan = lift(_arctangent)
    sinh = lift(_increasing(arb.sinh, _ALL))
    cosh = lift(lambda x: _increasing(arb.cosh, (ONE, INFINITY))(_magnitude(x)))
    tanh = lift(_increasing(arb.tanh, _ONES))
    erf = lift(_increasing(arb.erf, _ONES))
    erfc = lift(lambda x: -_increasing(lambda t: -t.erfc(), (arb(-2), ZERO))(x))
    logistic = lift(_increasing(lambda x: 1 / (1 + (-x).exp()), (ZERO, ONE)))
    softplus = lift(_increasing(lambda x: x.exp().log1p(), (ZERO, INFINITY)))
    abs = lift(_magnitude)
    sign = lift(lambda x: Interval(x.lo.sgn(), x.hi.sgn()))
    relu = lift(lambda x: Interval(max(x.lo, ZERO), max(x.hi, ZERO)))
    negative_part = lift(lambda x: Interval(min(x.lo, ZERO), min(x.hi, ZERO)))
    step = lift(lambda x: Interval(ONE if x.lo > 0 else ZERO, ONE if x.hi > 0 else ZERO))
    minimum = lift_pair(_minimum)
    maximum = lift_pair(lambda x, y: -_minimum(-x, -y))
    power = lift_pair(_power)

    def largest(self, x: Any) -> Any:
        """Return the interval of max_i x_i of a vector."""
        return Interval(max(v.lo for v in x), max(v.hi for v in x)) if self.rank(x) else x
