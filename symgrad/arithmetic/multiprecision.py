"""Floating-point numbers of many digits, with an unbounded exponent (mpmath)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from flint import arb

from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.arithmetic.scalars import Function


def _of_context(name: str) -> Function:
    """Return the method that calls the function of this name of the object's own mpmath context."""

    def method(self: Multiprecision, x: Any) -> Any:
        f = getattr(self.context, name)
        return np.frompyfunc(f, 1, 1)(x) if type(x) is np.ndarray else f(x)

    return method


class Multiprecision(ObjectArithmetic):
    """mpmath numbers: each function is accurate to about ``digits`` digits; errors are not tracked.

    The precision belongs to the object's own context, so objects of different digits do not disturb each
    other, nor mpmath.mp.

    >>> A = Multiprecision(30)
    >>> A.tanh(A.number(Fraction(1, 2)))
    mpf('0.462117157260009758502318483643684')
    """

    name = "mp"
    digits: int

    def __init__(self, digits: int = 50) -> None:
        self.digits = digits
        self.context = mpmath.MPContext()
        self.context.dps = digits

    def describe(self) -> str:
        """Return the name in words."""
        return f"floating point of {self.digits} digits"

    def number(self, q: Fraction | int) -> Any:
        """Return q, correctly rounded."""
        mpf = mpmath.libmp.from_rational(q.numerator, q.denominator, self.context.prec, "n")
        return self.context.make_mpf(mpf)

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return mpmath.mpf("-inf")

    @property
    def pi(self) -> Any:
        """The circle's number, correctly rounded."""
        return +self.context.pi

    exp = _of_context("exp")
    expm1 = _of_context("expm1")
    log = _of_context("log")
    log1p = _of_context("log1p")
    sqrt = _of_context("sqrt")
    sin = _of_context("sin")
    cos = _of_context("cos")
    tan = _of_context("tan")
    atan = _of_context("atan")
    sinh = _of_context("sinh")
    cosh = _of_context("cosh")
    tanh = _of_context("tanh")
    erf = _of_context("erf")
    erfc = _of_context("erfc")
    sign = _of_context("sign")
    abs = lift(abs)
    relu = lift(lambda x: x if x > 0 else 0 * x)
    negative_part = lift(lambda x: x if x < 0 else 0 * x)
    step = lift(lambda x: x**0 if x > 0 else 0 * x)
    minimum = lift_pair(lambda x, y: x if x < y else 0 * x + y)
    power = lift_pair(lambda x, y: x**y)

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix, by mpmath."""
        found = self.context.expm(self.context.matrix(x.tolist()))
        return np.array(found.tolist(), dtype=object).reshape(x.shape)


def enclosed(x: Any) -> arb:
    """Return a finite number of mpmath as a ball, exact where the precision that is set holds it.

    >>> enclosed(mpmath.mpf("0.375"))
    0.375000000000000
    """
    sign, mantissa, exponent, _ = x._mpf_
    return arb((int(-mantissa if sign else mantissa), int(exponent)))
