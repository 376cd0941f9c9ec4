"""Taylor polynomials at 0 with Lagrange's remainder: f(x) = Σ_{k<n} c_k x^k + f⁽ⁿ⁾(ξ)/n! xⁿ, ξ between 0 and x.

The c_k are exact, so that what cancels in sin(x) - x or (e^x - 1)/x cancels exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import NamedTuple

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.interval import Interval, Intervals, point

_A = Intervals()


class Series(NamedTuple):
    """c_0, ..., c_(n-1), and the enclosure of f⁽ⁿ⁾(ξ)/n! for ξ in an interval."""

    coefficients: tuple[Fraction, ...]
    remainder: Callable[[Interval], Interval]

    @property
    def degree(self) -> int:
        """n, the power of x in the remainder."""
        return len(self.coefficients)


def _of_factorials(signs: tuple[int, ...], derivative: Callable[[Interval], Interval]) -> Series:
    n = len(signs)
    return Series(tuple(Fraction(s, factorial(k)) for k, s in enumerate(signs)), lambda X: derivative(X) / factorial(n))


def _fifth(sign: int, f: Callable[[Interval], Interval], X: Interval) -> Interval:
    """tan (sign 1) and tanh (-1): t' = 1 + s t², so t⁽⁵⁾ = (1 + s t²)(16 + 120 s t² + 120 t⁴); over 5!."""
    square = f(X) ** 2
    found: Interval = (1 + square * sign) * (16 + 120 * sign * square + 120 * square**2) / 120
    return found


def _odd(first: Fraction, third: Fraction, remainder: Callable[[Interval], Interval], constant: int = 0) -> Series:
    zero = Fraction(0)
    return Series((Fraction(constant, 2), first, zero, third, zero), remainder)


SERIES = {
    "exp": _of_factorials((1, 1, 1, 1), _A.exp),
    "expm1": _of_factorials((0, 1, 1, 1), _A.exp),
    "sin": _of_factorials((0, 1, 0, -1, 0, 1, 0), lambda X: -_A.cos(X)),
    "cos": _of_factorials((1, 0, -1, 0, 1, 0), lambda X: -_A.cos(X)),
    "sinh": _of_factorials((0, 1, 0, 1, 0, 1, 0), _A.cosh),
    "cosh": _of_factorials((1, 0, 1, 0, 1, 0), _A.cosh),
    "log1p": Series((Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(1, 3)), lambda X: -1 / (4 * (1 + X) ** 4)),
    "tan": _odd(Fraction(1), Fraction(1, 3), lambda X: _fifth(1, _A.tan, X)),
    "tanh": _odd(Fraction(1), Fraction(-1, 3), lambda X: _fifth(-1, _A.tanh, X)),
    "logistic": _odd(Fraction(1, 4), Fraction(-1, 48), lambda X: _fifth(-1, _A.tanh, X / 2) / 64, constant=1),
}


def binomial(q: Fraction) -> Series:
    """Return the series of (1 + x)^q."""

    def remainder(X: Interval) -> Interval:
        exponent = q - 3
        last = point(ball(exponent))
        third = q * (q - 1) * (q - 2) / 6
        found: Interval = _A.power(1 + X, last) * point(ball(third))
        return found

    return Series((Fraction(1), q, q * (q - 1) / 2), remainder)
