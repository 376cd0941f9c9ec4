"""Balls (midpoint and radius): each result holds the true one (FLINT's arb)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import reduce
from math import ceil, isfinite, log2
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.arithmetic.events import note_kink
from symgrad.arithmetic.literal import exact
from symgrad.errors import ValuesError

ZERO, ONE = arb(0), arb(1)
WIDE = arb(2) ** -10


def bits(digits: int) -> int:
    """Return a precision in bits that carries this many decimal digits and a few more."""
    return ceil(digits * log2(10)) + 8


def monotone(f: Callable[[arb], arb]) -> Callable[[arb], arb]:
    """Return f, monotone and increasing or decreasing, with tight enclosures of wide balls.

    A formula that uses x twice, or divides, spreads on a wide ball; the values at its two ends do not.

    >>> monotone(arb.tanh)(arb(0, 10)).upper() < 1.01 < arb(0, 10).tanh().upper()
    True
    """

    def enclosure(x: arb) -> arb:
        if x.rad() < WIDE:
            return f(x)
        return f(x.lower()).union(f(x.upper()))

    return enclosure


def step(x: arb) -> arb:
    """Return 1 for x > 0, 0 for x <= 0, and the hull [0, 1] of a ball that may be either."""
    if x > 0:
        return ONE
    if x <= 0:
        if x == 0:
            note_kink()
        return ZERO
    return x if x.is_nan() else ZERO.union(ONE)


def sign(x: arb) -> arb:
    """Return -1, 0 or 1, and the hull [-1, 1] of a ball that may be on both sides of 0."""
    if x == 0:
        note_kink()
    return x.sgn()


def _power(x: arb, y: Any) -> arb:
    if type(y) is int and y > 0 and x.mid() == 0:  # for a ball around 0, FLINT's own power is nan
        top = x.upper() ** y
        return top.union(-top if y % 2 else ZERO)
    return x**y


_wide_logistic = monotone(lambda x: ONE / (ONE + (-x).exp()))


class Ball(ObjectArithmetic):
    """Rigorous balls of ``digits`` decimal digits; a ball that straddles a kink gives the hull.

    The precision is global to FLINT, so every call is made inside ``with A.working():``.

    >>> A = Ball(20)
    >>> with A.working():
    ...     print(A.logistic(A.number(-1000)).str(10))
    [5.075958898e-435 +/- ...]
    """

    name = "ball"
    rigorous = True
    digits: int

    def __init__(self, digits: int = 50) -> None:
        self.digits = digits

    def describe(self) -> str:
        """Return the name in words."""
        return f"balls of {self.digits} digits"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Set FLINT's precision, and restore it."""
        with ctx.workprec(bits(self.digits)):
            yield

    def number(self, q: Fraction | int) -> arb:
        """Return a ball that holds q: exact if q is a dyadic fraction, else of radius 1 ulp."""
        return ball(q)

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the user's data as a value of this shape; floats are exact."""
        plain = type(self) is Ball and isinstance(data, list) and (len(data),) == shape
        if plain and {*map(type, data)} == {float} and all(map(isfinite, data)):
            found = np.empty(shape, dtype=object)
            found[:] = list(map(arb, data))
            return found
        return super().array(data, shape)

    def _scalar(self, x: Any) -> Any:
        if isinstance(x, float) and isfinite(x):
            return arb(x)  # exact: a float is a dyadic fraction
        if not isinstance(x, arb):
            return self.number(exact(x))
        if not x.is_finite():
            raise ValuesError(f"the ball {x} is not finite", todo="give a ball with a finite radius")
        return x

    def _middle(self, x: Any) -> float:
        return float(x.mid())

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return arb("-inf")

    @property
    def pi(self) -> arb:
        """A ball that holds the circle's number."""
        return arb.pi()

    exp = lift(arb.exp)
    expm1 = lift(arb.expm1)
    log = lift(arb.log)
    log1p = lift(arb.log1p)
    sqrt = lift(arb.sqrt)
    sin = lift(arb.sin)
    cos = lift(arb.cos)
    tan = lift(arb.tan)
    atan = lift(monotone(arb.atan))
    sinh = lift(arb.sinh)
    cosh = lift(arb.cosh)
    tanh = lift(monotone(arb.tanh))
    erf = lift(monotone(arb.erf))
    erfc = lift(monotone(arb.erfc))
    logistic = lift(lambda x: ONE / (ONE + (-x).exp()) if x.rad() < WIDE else _wide_logistic(x))
    softplus = lift(monotone(lambda x: x.exp().log1p()))
    abs = lift(abs)
    sign = lift(sign)
    relu = lift(lambda x: x.max(ZERO))
    negative_part = lift(lambda x: x.min(ZERO))
    step = lift(step)
    minimum = lift_pair(lambda x, y: x.min(arb(y)))
    maximum = lift_pair(lambda x, y: x.max(arb(y)))
    power = lift_pair(_power)

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix, by FLINT."""
        n = len(x)
        return np.array(arb_mat(n, n, list(x.flat)).exp().entries(), dtype=object).reshape(n, n)

    def _hull(self, x: Any, y: Any) -> Any:
        return x.union(y)

    def largest(self, x: Any) -> Any:
        """Return a ball that holds max_i x_i of a vector."""
        return reduce(arb.max, x) if self.rank(x) else x

    def matmul(self, x: Any, y: Any) -> Any:
        """Return x y; two matrices are multiplied by FLINT, whose error bounds are entrywise."""
        if x.ndim < 2 or y.ndim < 2:
            return np.matmul(x, y)
        (m, n), (_, p) = x.shape, y.shape
        product = arb_mat(m, n, list(x.flat)) * arb_mat(n, p, list(y.flat))
        return np.array(product.entries(), dtype=object).reshape(m, p)
