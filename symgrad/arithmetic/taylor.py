"""First-order Taylor numbers v + t eps, eps^2 = 0, in balls: a witness of derivative rules.

f(v + eps) = f(v) + f'(v) eps. FLINT's own series code (arb_series) differentiates exp, log, sqrt, sin, cos,
tan, erf and erfc; every other function is composed of these, so no derivative rule is written here.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, arb_series, ctx

from symgrad.arithmetic import ball
from symgrad.arithmetic.entries import lift, lift_pair
from symgrad.arithmetic.protocol import Arithmetic


def _operator(f: Callable[[Any, Any], Any]) -> Callable[[TaylorNumber, Any], Any]:
    def method(x: TaylorNumber, y: Any) -> Any:
        if isinstance(y, TaylorNumber):
            return TaylorNumber.of(f(x.series, y.series))
        return TaylorNumber.of(f(x.series, y)) if isinstance(y, int | arb) else NotImplemented

    return method


def _quotient(x: Any, y: Any) -> arb_series:
    try:
        return x / y
    except (ValueError, ZeroDivisionError):  # the denominator may be 0: nothing is known of the quotient
        return arb_series([arb.nan(), arb.nan()])


def _whole_power(x: arb_series, n: int) -> arb_series:
    """Return x^n by squaring; FLINT's own power of a constant ball around 0 is nan."""
    result = arb_series([1])
    for bit in bin(abs(n))[2:]:
        result = result * result * x if bit == "1" else result * result
    return result if n >= 0 else _quotient(1, result)


class TaylorNumber:
    """A series of two coefficients, which numpy takes for a scalar (an arb_series it would unpack).

    >>> x = TaylorNumber(3, 1)
    >>> x * x
    9.00000000000000 + 6.00000000000000 eps
    """

    __slots__ = ("series",)

    def __init__(self, value: Any, tangent: Any = 0) -> None:
        self.series = arb_series([value, tangent])

    @classmethod
    def of(cls, series: arb_series) -> TaylorNumber:
        """Wrap FLINT's series."""
        x = cls.__new__(cls)
        x.series = series
        return x

    @property
    def value(self) -> arb:
        """The coefficient v."""
        return self.series[0]

    @property
    def tangent(self) -> arb:
        """The coefficient t of eps."""
        return self.series[1]

    def __repr__(self) -> str:
        return f"{self.value} + {self.tangent} eps"

    __add__ = __radd__ = _operator(operator.add)
    __mul__ = __rmul__ = _operator(operator.mul)
    __sub__ = _operator(operator.sub)
    __rsub__ = _operator(lambda x, y: y - x)
    __truediv__ = _operator(_quotient)
    __rtruediv__ = _operator(lambda x, y: _quotient(y, x))

    def __neg__(self) -> TaylorNumber:
        return TaylorNumber.of(-self.series)

    def __pow__(self, n: int) -> TaylorNumber:
        return TaylorNumber.of(_whole_power(self.series, n)) if isinstance(n, int) else NotImplemented


ZERO = TaylorNumber(0)


def _series(f: Callable[[arb_series], arb_series]) -> Callable[[TaylorNumber], TaylorNumber]:
    def value(x: TaylorNumber) -> TaylorNumber:
        try:
            return TaylorNumber.of(f(x.series))
        except (ValueError, ZeroDivisionError):  # the argument may be where f is not defined
            return TaylorNumber(arb.nan(), arb.nan())

    return value


def _series_with(value: Callable[[arb], arb], f: Callable[[arb_series], arb_series]) -> Callable[..., TaylorNumber]:
    """Return f, with the value by FLINT's own function, which cancels nothing: ln(1 + e^x) is no 0 at -800."""

    series = _series(f)

    def method(x: TaylorNumber) -> TaylorNumber:
        return TaylorNumber(value(x.value), series(x).tangent)

    return method


def _hull(x: TaylorNumber, y: TaylorNumber) -> TaylorNumber:
    return TaylorNumber(x.value.union(y.value), x.tangent.union(y.tangent))


def _kinked(
    left: Callable[[TaylorNumber], TaylorNumber], right: Callable[[TaylorNumber], TaylorNumber]
) -> Callable[[TaylorNumber], TaylorNumber]:
    """Return the function that is left(x) for x < 0, right(x) for x > 0, and at 0 the hull of both."""

    def f(x: TaylorNumber) -> TaylorNumber:
        if x.value > 0:
            return right(x)
        return left(x) if x.value < 0 else _hull(left(x), right(x))

    return f


_relu = _kinked(lambda x: ZERO, lambda x: x)


def _jump(f: Callable[[arb], arb]) -> Callable[[TaylorNumber], TaylorNumber]:
    """Return a piecewise constant function: its tangent is 0, and nothing is known of it at the jump."""
    return lambda x: TaylorNumber(f(x.value), 0 if x.value != 0 else arb.nan())


def _exp(x: arb_series) -> arb_series:
    return x.exp()


def _power(x: TaylorNumber, y: Any) -> TaylorNumber:
    return x**y if isinstance(y, int) else _series(_exp)(y * _series(arb_series.log)(x))


class Taylor(ball.Ball):
    """Values and tangents in balls of ``digits`` digits; both enclosures are rigorous.

    >>> A = Taylor(20)
    >>> with A.working():
    ...     y = A.sqrt(A.variable(A.number(4)))
    >>> print(float(y.value), float(y.tangent))
    2.0 0.25
    """

    name = "taylor"

    def describe(self) -> str:
        """Return the name in words."""
        return f"Taylor numbers in balls of {self.digits} digits"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Set FLINT's precision and length of series, and restore them."""
        cap = ctx.cap
        with super().working():
            try:
                ctx.cap = 2
                yield
            finally:
                ctx.cap = cap

    def number(self, q: Fraction | int) -> TaylorNumber:
        """Return the constant q: its tangent is 0."""
        return TaylorNumber(super().number(q))

    def variable(self, x: Any, direction: Any = 1) -> Any:
        """Return x + d eps for a constant x, and d a number, or an array of numbers of the shape of x.

        d is an int or ball; a function of the result has its derivative in the direction d as tangent.
        """
        seed = np.frompyfunc(lambda v, d: TaylorNumber(v.value if isinstance(v, TaylorNumber) else v, d), 2, 1)
        return seed(x, direction)

    def _scalar(self, x: Any) -> Any:
        found = x if isinstance(x, TaylorNumber) else super()._scalar(x)
        return TaylorNumber(found) if isinstance(found, arb) else found

    def _middle(self, x: TaylorNumber) -> float:
        return float(x.value.mid())

    def _is_zero(self, x: TaylorNumber) -> bool:
        return bool(x.value == 0) and bool(x.tangent == 0)

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return TaylorNumber(arb("-inf"))

    @property
    def pi(self) -> TaylorNumber:
        """The circle's number, a constant."""
        return TaylorNumber(arb.pi())

    exp = lift(_series(_exp))
    expm1 = lift(_series_with(arb.expm1, lambda x: x.exp() - 1))
    log = lift(_series(arb_series.log))
    log1p = lift(_series_with(arb.log1p, lambda x: (1 + x).log()))
    sqrt = lift(_series(arb_series.sqrt))
    sin = lift(_series(arb_series.sin))
    cos = lift(_series(arb_series.cos))
    tan = lift(_series(arb_series.tan))
    atan = lift(_series(arb_series.atan))
    sinh = lift(_series_with(arb.sinh, lambda x: (x.exp() - (-x).exp()) / 2))
    cosh = lift(_series(lambda x: (x.exp() + (-x).exp()) / 2))
    tanh = lift(_series_with(arb.tanh, lambda x: 1 - 2 / ((2 * x).exp() + 1)))
    erf = lift(_series(arb_series.erf))
    erfc = lift(_series(arb_series.erfc))
    logistic = lift(_series(lambda x: 1 / (1 + (-x).exp())))
    softplus = lift(_series_with(lambda x: x.exp().log1p(), lambda x: (1 + x.exp()).log()))
    abs = lift(_kinked(lambda x: -x, lambda x: x))
    relu = lift(_relu)
    negative_part = lift(_kinked(lambda x: x, lambda x: ZERO))
    sign = lift(_jump(arb.sgn))
    step = lift(_jump(ball.step))
    minimum = lift_pair(lambda x, y: -_relu(-(x - y)) + y)
    maximum = lift_pair(lambda x, y: _relu(x - y) + y)
    power = lift_pair(_power)

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix; its tangent stands above the diagonal in exp [[v, t], [0, v]]."""
        n = len(x)
        v, t = (np.frompyfunc(f, 1, 1)(x) for f in (lambda z: z.value, lambda z: z.tangent))
        found = super().expm(self.blocks([[v, t], [np.full((n, n), arb(0)), v]]))
        return np.frompyfunc(TaylorNumber, 2, 1)(found[:n, :n], found[:n, n:])

    stopped = lift(lambda x: TaylorNumber(x.value))

    def _selected(self, c: Any, x: Any, y: Any) -> Any:
        """Choose by the value of c; where its tangent is not known, c jumps, and so do x and y in the hull."""
        if not c.tangent.is_finite():
            return TaylorNumber(x.value.union(y.value), arb.nan())
        return super()._selected(c.value, x, y)

    def _hull(self, x: Any, y: Any) -> Any:
        return _hull(x, y)

    def matmul(self, x: Any, y: Any) -> Any:
        """Return x y, as numpy's ``@`` has it."""
        return np.matmul(x, y)

    def largest(self, x: Any) -> Any:
        """Return max_i x_i of a vector; where two are equal, the hull of their tangents."""
        return Arithmetic.largest(self, x)
