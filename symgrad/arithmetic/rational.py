"""Exact rational numbers: + - * / and the piecewise linear functions are closed, the others are not."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any, NoReturn

from flint import fmpq

from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.arithmetic.events import note_kink
from symgrad.arithmetic.scalars import Function, ScalarFunctions
from symgrad.errors import NotClosed, TooLarge

ZERO, ONE = fmpq(0), fmpq(1)
LARGEST_POWER = 2**27
"""Bits: 16 megabytes."""


def _refuse(function: str) -> NoReturn:
    raise NotClosed(
        f"{function} of a rational number is not a rational number in general",
        todo="use arithmetic='ball' for an enclosure, or 'symbolic' for an expression",
    )


def _not_closed(function: str) -> Function:
    def method(_: Any, x: Any) -> NoReturn:
        _refuse(function)

    return method


def _sqrt(x: fmpq) -> fmpq:
    if x >= 0:
        root = fmpq(isqrt(int(x.p)), isqrt(int(x.q)))
        if root * root == x:
            return root
    _refuse("sqrt")


def _power(x: fmpq, y: Any) -> fmpq:
    if y != int(y):
        _refuse(f"the power {y}")
    if abs(y) * x.height_bits() > LARGEST_POWER:
        raise TooLarge(
            f"an exact power of more than {LARGEST_POWER:,} bits was asked for", todo="use arithmetic='ball'"
        )
    return x ** int(y)


def _sign(x: fmpq) -> fmpq:
    if x == 0:
        note_kink()
    return (x > 0) - ONE * (x < 0)


class Rational(ObjectArithmetic):
    """Rational numbers of any size (FLINT's fmpq).

    >>> A = Rational()
    >>> A.relu(A.array(["-1/3", 0.5], (2,)))
    array([0, 1/2], dtype=object)
    >>> A.exp(A.number(1))
    Traceback (most recent call last):
    symgrad.errors.NotClosed: exp of a rational number is not a rational number in general
      what to do: use arithmetic='ball' for an enclosure, or 'symbolic' for an expression
    """

    name = "exact"
    rigorous = True

    def describe(self) -> str:
        """Return the name in words."""
        return "exact rational numbers"

    def number(self, q: Fraction | int) -> fmpq:
        """Return q exactly."""
        return fmpq(q.numerator, q.denominator)

    @property
    def pi(self) -> NoReturn:
        """Raise NotClosed: the circle's number is irrational."""
        raise NotClosed("pi is not a rational number", todo="use arithmetic='ball'")

    sqrt = lift(_sqrt)
    """The root of a square, as 3/2 of 9/4; NotClosed of any other number."""
    abs = lift(abs)
    sign = lift(_sign)
    relu = lift(lambda x: x if x > 0 else ZERO)
    negative_part = lift(lambda x: x if x < 0 else ZERO)
    step = lift(lambda x: ONE if _sign(x) > 0 else ZERO)
    power = lift_pair(_power)

    def largest(self, x: Any) -> Any:
        """Return max_i x_i of a vector."""
        return max(x) if self.rank(x) else x


for _function in ScalarFunctions.__annotations__:
    if not hasattr(Rational, _function):  # what is not written above is not closed
        setattr(Rational, _function, _not_closed(_function))
for _function in ("logistic", "softplus", "softmax", "logsumexp", "expm"):  # named as they were called
    setattr(Rational, _function, _not_closed(_function))
