"""SymPy expressions: exact, with unknowns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.errors import TooLarge

LARGEST_POWER = 1_000_000
"""Bits of a power of numbers that SymPy may write out."""


def _power(x: Any, y: Any) -> Any:
    if isinstance(x, sp.Rational) and isinstance(y, int | sp.Rational):
        size = max(int(x.p).bit_length(), int(x.q).bit_length()) * abs(y)
        if size > LARGEST_POWER:
            raise TooLarge(f"a power of more than {LARGEST_POWER:,} bits was asked for", todo="use arithmetic='ball'")
    return x**y


MOST_CASES = 4
"""Cases inside a condition: SymPy multiplies them out."""
LARGEST_MATRIX = 5
"""Rows of a matrix whose minors are written out."""


def _condition(x: Any) -> Any:
    """Return an expression that a condition may hold; TooLarge where too many cases stand in it."""
    if isinstance(x, sp.Basic) and len(x.atoms(sp.Piecewise)) > MOST_CASES:
        raise TooLarge("cases inside the conditions of cases", todo="use arithmetic='exact' or 'ball'")
    return x


def _small(x: Any) -> Any:
    if len(x) > LARGEST_MATRIX:
        raise TooLarge(
            f"the minors of a matrix of more than {LARGEST_MATRIX} rows", todo="use arithmetic='exact' or 'ball'"
        )
    return sp.Matrix(x)


class _stopped(sp.Function):  # type: ignore[misc]  # noqa: N801  # SymPy has no types, and names functions so
    """A number whose derivative is 0."""

    is_real = True

    def fdiff(self, argindex: int = 1) -> Any:
        """Return 0."""
        return sp.Integer(0)


class Symbolic(ObjectArithmetic):
    """Real SymPy expressions; branches are Piecewise.

    >>> x = sp.Symbol("x", real=True)
    >>> Symbolic().relu(x)
    Piecewise((x, x > 0), (0, True))
    """

    name = "symbolic"
    rigorous = True

    def describe(self) -> str:
        """Return the name in words."""
        return "SymPy expressions"

    def number(self, q: Fraction | int) -> Any:
        """Return q exactly, as a SymPy Rational."""
        return sp.Rational(q.numerator, q.denominator)

    def _scalar(self, x: Any) -> Any:
        return x if isinstance(x, sp.Expr) and x.free_symbols else super()._scalar(x)

    @property
    def minus_infinity(self) -> Any:
        """-∞."""
        return -sp.oo

    @property
    def pi(self) -> Any:
        """The circle's number, unevaluated."""
        return sp.pi

    exp = lift(sp.exp)
    expm1 = lift(lambda x: sp.exp(x) - 1)
    log = lift(sp.log)
    log1p = lift(lambda x: sp.log(1 + x))
    sqrt = lift(sp.sqrt)
    sin = lift(sp.sin)
    cos = lift(sp.cos)
    tan = lift(sp.tan)
    atan = lift(sp.atan)
    sinh = lift(sp.sinh)
    cosh = lift(sp.cosh)
    tanh = lift(sp.tanh)
    erf = lift(sp.erf)
    erfc = lift(sp.erfc)
    abs = lift(sp.Abs)
    sign = lift(sp.sign)
    relu = lift(lambda x: sp.Piecewise((x, _condition(x) > 0), (0, True)))
    negative_part = lift(lambda x: sp.Piecewise((x, _condition(x) < 0), (0, True)))
    step = lift(lambda x: sp.Piecewise((1, _condition(x) > 0), (0, True)))
    power = lift_pair(_power)
    minimum = lift_pair(lambda x, y: x - sp.Piecewise((x - y, _condition(x) > _condition(y)), (0, True)))
    maximum = lift_pair(lambda x, y: x + sp.Piecewise((y - x, _condition(y) > _condition(x)), (0, True)))

    def _selected(self, c: Any, x: Any, y: Any) -> Any:
        return c * x + (1 - c) * y

    def det(self, x: Any) -> Any:
        """Return the determinant of a square matrix, without a division."""
        return _small(x).det(method="berkowitz")

    stopped = lift(lambda x: x if x.is_number else _stopped(x))

    def logdet(self, x: Any) -> Any:
        """Return ln |det x| of a square matrix, as a root that SymPy differentiates without a sign."""
        return sp.log(self.det(x) ** 2) / 2

    def expm(self, x: Any) -> Any:
        """Raise TooLarge: SymPy's exponential of a matrix of symbols is no expression of this page."""
        raise TooLarge("the exponential of a matrix of expressions", todo="use arithmetic='ball'")

    def inv(self, x: Any) -> Any:
        """Return x⁻¹ of a square matrix by its minors."""
        m = _small(x)
        found = m.adjugate(method="berkowitz") / m.det(method="berkowitz")
        return np.array(found.tolist(), dtype=object).reshape(x.shape)

    def largest(self, x: Any) -> Any:
        """Return Max(x_1, ..., x_n) of a vector."""
        return sp.Max(*x) if self.rank(x) else x
