"""The exact value of a number that a person or a program wrote down.

A decimal is what it says (``"1.5"`` is 3/2), a float is its binary value (``0.1`` is not 1/10). Numbers of
SymPy, mpmath and FLINT are recognised by what they offer, so that none of these is imported for it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from reprlib import repr as shorten
from typing import Any

import numpy as np

from symgrad.errors import ValuesError

LARGEST_EXPONENT = 1_000_000
"""Of a decimal: 1e999999999 is eleven characters that would fill the memory."""

_EXPONENT = re.compile(r"[eE]([+-]?\d+)\s*$")


def exact(x: Any) -> Fraction:
    """Return x exactly.

    >>> exact("1.5"), exact("2/3"), exact(0.5), exact(7)
    (Fraction(3, 2), Fraction(2, 3), Fraction(1, 2), Fraction(7, 1))
    """
    match x:
        case bool() | np.bool_():
            raise _no_number(x, "a truth value")
        case Fraction():
            return x
        case int() | np.integer():
            return Fraction(int(x))
        case str():
            return _decimal(x)
        case Decimal():
            return _decimal(str(x))
        case float() | np.floating():
            if not np.isfinite(x):
                raise _no_number(x, "not finite")
            return Fraction(*x.as_integer_ratio())
    return _foreign(x)


def is_minus_infinity(x: Any) -> bool:
    """Tell whether a user's number is -∞: "-inf", or such a float.

    >>> is_minus_infinity("-inf"), is_minus_infinity(float("-inf")), is_minus_infinity(0)
    (True, True, False)
    """
    if isinstance(x, str):
        return x.strip().lower() in ("-inf", "-infinity", "-oo", "-∞")
    return isinstance(x, float | np.floating | Decimal) and x == float("-inf")


def entries(data: Any, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    """Return the numbers in nested lists or an array as an object array of the given shape.

    >>> entries([["1/2", 1]], (1, 2))
    array([['1/2', 1]], dtype=object)
    """
    try:
        array = np.array(data, dtype=object)
    except ValueError:
        raise ValuesError("the rows are of different shapes", todo=f"give an array of shape {shape}") from None
    require_shape(array.shape, shape)
    return array


def require_shape(found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    """Raise a ValuesError unless the shapes agree."""
    if found != shape:
        raise ValuesError(
            f"a value of shape {found} was given where shape {shape} is expected",
            todo="give a number" if shape == () else f"give nested lists or an array of shape {shape}",
        )


def _decimal(text: str) -> Fraction:
    exponent = _EXPONENT.search(text)
    if exponent and abs(int(exponent[1])) > LARGEST_EXPONENT:
        raise ValuesError(f"the exponent of {shorten(text)} is too large", todo=f"stay within ±{LARGEST_EXPONENT:,}")
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise _no_number(text, "no decimal number and no quotient of integers") from None


def _dyadic(mantissa: Any, exponent: Any) -> Fraction:
    n, e = int(mantissa), int(exponent)
    return Fraction(n << e) if e >= 0 else Fraction(n, 1 << -e)


def _foreign(x: Any) -> Fraction:
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return exact(x[()])
    if hasattr(x, "is_exact") and hasattr(x, "man_exp"):  # flint.arb, which has _mpf_ too: of its midpoint
        if x.is_exact() and x.is_finite():
            return _dyadic(*x.man_exp())
        raise ValuesError(f"the ball {x} is not one number", todo="use arithmetic='ball'")
    if hasattr(x, "_mpf_"):  # mpmath.mpf and sympy.Float: (-1)^sign * mantissa * 2^exponent
        sign, mantissa, exponent, _ = x._mpf_
        if mantissa or not exponent:
            return _dyadic((-1) ** sign * mantissa, exponent)
    elif hasattr(x, "p") and hasattr(x, "q"):  # flint.fmpq and sympy.Rational
        if x.q:
            return Fraction(int(x.p), int(x.q))
    elif hasattr(x, "__index__") and not isinstance(x, np.ndarray):  # flint.fmpz, gmpy2.mpz
        return Fraction(x.__index__())
    raise _no_number(x, f"a {type(x).__name__}")


def _no_number(x: Any, why: str) -> ValuesError:
    return ValuesError(
        f"{shorten(x)} is {why}: a finite real number is expected",
        todo='give an int, a float, a fraction, or a decimal in quotes as "1.5"',
    )
