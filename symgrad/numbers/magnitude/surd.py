"""Square roots of rational numbers, as a person writes them: sqrt(2), 2/sqrt(3), (1/sqrt(2))^3."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from symgrad.algebra.expression import Apply, Expression, Number
from symgrad.errors import NotClosed, ValuesError
from symgrad.network.formula import read_formula

Signed = tuple[int, Fraction]
"""The sign of a number, and its square."""


def read_surd(text: str) -> tuple[Fraction, int]:
    """Return (r, 1) for a rational number r, or (q, 2) for ±sqrt(|q|) with the sign of q.

    >>> read_surd("3/2"), read_surd("2/sqrt(2)"), read_surd("-sqrt(9/4)")
    ((Fraction(3, 2), 1), (Fraction(2, 1), 2), (Fraction(-3, 2), 1))
    """
    formula = read_formula(text, file="base")
    if formula.variables:
        raise ValuesError(f"{formula.variables[0]} is not a number", todo="give a number")
    sign, square = _square(formula.expression)
    root = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    return (sign * root, 1) if root * root == square else (sign * square, 2)


def _square(e: Expression) -> Signed:
    match e:
        case Number(value):
            return (value > 0) - (value < 0), value * value
        case Apply(op, (x,)) if op.name == "neg":
            sign, square = _square(x)
            return -sign, square
        case Apply(op, (x,)) if op.name == "power":
            return _power(_square(x), Fraction(op.record))
        case Apply(op, (x,)) if op.name == "sqrt":
            return _power(_square(x), Fraction(1, 2))
        case Apply(op, (x, y)) if op.name in ("*", "/"):
            (s, p), (t, q) = _square(x), _square(y)
            if op.name == "*":
                return s * t, p * q
            if q:
                return s * t, p / q
            raise ValuesError("division by zero", todo="correct the denominator")
    raise NotClosed("its square is not known exactly", todo="use numbers, * / and sqrt only")


def _power(x: Signed, n: Fraction) -> Signed:
    sign, square = x
    if n.denominator == 1:
        if square == 0 and n <= 0:
            raise ValuesError("a power of 0 that is not positive", todo="give another base")
        if abs(n) * max(square.numerator.bit_length(), square.denominator.bit_length()) > 100_000:
            raise ValuesError("the base is too long", todo="put the exponent into the second argument")
        return sign if n % 2 else sign * sign, square ** int(n)
    root = Fraction(isqrt(square.numerator), isqrt(square.denominator))
    if n == Fraction(1, 2) and sign >= 0 and root * root == square:
        return sign, root
    raise NotClosed("a root of a root, or of a negative number", todo="give the square root of a rational number")
