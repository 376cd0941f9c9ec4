"""Scientific notation: every digit is right, against integers and against mpmath at a higher precision."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symgrad.arithmetic.scientific import Scientific, scientific

KNOWN = [
    ((Fraction(3, 2), 150, 3), ("2.59", 26)),
    ((Fraction(3, 2), 149, 2), ("1.7", 26)),
    ((Fraction(1, 2), 150, 2), ("7.0", -46)),
    ((Fraction(9, 10), 152, 3), ("1.11", -7)),
    ((Fraction(25), 1, 1), ("2", 1)),  # a tie goes to the even digit
    ((Fraction(35), 1, 1), ("4", 1)),
    ((Fraction(25, 10**9_000), 1, 1), ("2", -8_999)),
    ((5 * Fraction(10) ** 6_000, 3, 2), ("1.2", 18_002)),
    ((Fraction(9_999, 10), 1, 3), ("1.00", 3)),
    ((Fraction(1, 10), 10_000_000, 4), ("1.000", -10_000_000)),
    ((Fraction(-1, 2), 3, 3), ("-1.25", -1)),
    ((Fraction(7), 0, 3), ("1.00", 0)),
]


@pytest.mark.parametrize(("power", "expected"), KNOWN)
def test_known_values(power: tuple[Fraction, int, int], expected: tuple[str, int]) -> None:
    assert scientific(*power) == Scientific(*expected)


@given(st.integers(1, 10**30), st.integers(1, 10**30), st.integers(-6, 6), st.integers(2, 25))
def test_against_decimal(p: int, q: int, exponent: int, digits: int) -> None:
    value = Fraction(p, q) ** exponent
    # the quotient of integers is rounded once, half to even, by the standard library's own division
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN)
    expected = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    found = scientific(Fraction(p, q), exponent, digits)
    assert Decimal(f"{found.digits}e{found.exponent}") == expected


@given(st.fractions(min_value=Fraction(1, 50), max_value=50, max_denominator=50), st.integers(10_000, 10**9))
def test_large_powers_against_mpmath(base: Fraction, exponent: int) -> None:
    found = scientific(base, exponent, 12)
    with mpmath.workdps(60):
        log = exponent * mpmath.log10(mpmath.mpf(base.numerator) / base.denominator) - found.exponent
        error = abs(mpmath.mpf(10) ** log - mpmath.mpf(found.digits))
        assert error <= mpmath.mpf(10) ** -11 / 2 + mpmath.mpf(10) ** -40
