"""Intervals: every result holds the values of all points, also with few digits and with infinite ends."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from flint import arb, ctx

from symgrad.arithmetic.interval import INFINITY, Interval, Intervals, point

FUNCTIONS = ("exp", "expm1", "sin", "cos", "atan", "sinh", "cosh", "tanh", "erf", "erfc", "logistic", "softplus", "abs")
FUNCTIONS += ("relu", "negative_part", "sign", "step", "log", "log1p", "sqrt")


def inside(x: Interval, source: random.Random) -> arb:
    """A point of an interval, at the precision of 300 bits."""
    if source.random() < 0.3:
        return x.lo if source.random() < 0.5 else x.hi
    return x.lo + (x.hi - x.lo) * source.randrange(2**20) / 2**20


@pytest.mark.parametrize("n", [-3, -2, -1, 0, 1, 2, 3, 4, 7])
@pytest.mark.parametrize("digits", [1, 3, 17])
def test_a_power_is_rounded_outward(n: int, digits: int) -> None:
    A, source = Intervals(digits), random.Random(n * 100 + digits)
    for _ in range(300):
        with ctx.workprec(80):
            ends = sorted(arb(source.randrange(-(10**12), 10**12)) / 10**11 for _ in range(2))
            x = Interval(ends[0].mid(), ends[1].mid())
        if n < 0 and x.lo <= 0 <= x.hi:
            continue
        with A.working():
            y = x**n
        with ctx.workprec(300):
            for _ in range(5):
                value = inside(x, source) ** n
                assert y.lo <= value.lower(), (x, n, y)
                assert value.upper() <= y.hi, (x, n, y)


def test_the_end_of_a_power_is_no_nearer_than_the_number() -> None:
    """(2^20 + 1)^2 has 41 bits: with 11 of them the ends lie on both sides."""
    x = point(arb(2**20 + 1))
    with Intervals(1).working():
        y = x**2
    with ctx.workprec(100):
        assert y.lo < arb(2**20 + 1) ** 2 < y.hi
    with Intervals(17).working():
        assert (x**2).lo == (x**2).hi == arb((2**20 + 1) ** 2)


@pytest.mark.parametrize("f", ["sin", "cos"])
@pytest.mark.parametrize(
    ("low", "high"), [(0, INFINITY), (-INFINITY, 0), (-INFINITY, INFINITY), (arb(1) / 8, INFINITY), (-INFINITY, 2)]
)
def test_a_wave_over_an_infinite_interval_takes_all_its_values(f: str, low: arb | int, high: arb | int) -> None:
    A = Intervals(17)
    with A.working():
        found = getattr(A, f)(Interval(arb(low), arb(high)))
    assert (found.lo, found.hi) == (-1, 1)


@pytest.mark.parametrize("f", ["sin", "cos"])
def test_a_wave_turns_where_it_does(f: str) -> None:
    A = Intervals(17)
    with A.working():
        g = getattr(A, f)
        for k in range(-8, 9):
            low, high = A.interval(Fraction(k, 2), Fraction(k, 2) + 3).lo, A.interval(0, Fraction(k, 2) + 3).hi
            found = g(Interval(low, high))
            values = [getattr(low + (high - low) * n / 400, f)() for n in range(401)]
            assert all(found.lo <= v.upper() and v.lower() <= found.hi for v in values)
            assert found.lo >= min(float(v) for v in values) - 1e-4
            assert found.hi <= max(float(v) for v in values) + 1e-4


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize("digits", [2, 17])
def test_a_function_holds_its_values(f: str, digits: int) -> None:
    A, source = Intervals(digits), random.Random(digits)
    for _ in range(60):
        with ctx.workprec(80):
            ends = sorted(arb(source.randrange(-(10**9), 10**9)) / 10**8 for _ in range(2))
            low, high = (e.mid() for e in ends)
            x = (
                Interval(abs(low).min(abs(high)), abs(low).max(abs(high)))
                if f in ("log", "sqrt")
                else Interval(low, high)
            )
        if f == "log1p" and x.lo <= -1:
            continue
        with A.working():
            y = getattr(A, f)(x)
        B = Intervals(60)
        with B.working():
            for _ in range(5):
                value = getattr(B, f)(point(inside(x, source)))
                assert y.lo <= value.hi, (x, y)
                assert value.lo <= y.hi, (x, y)


def test_the_tangent_is_undefined_over_a_pole_and_over_infinity() -> None:
    from symgrad.arithmetic.interval import OutsideDomain

    A = Intervals(17)
    with A.working():
        assert A.tan(A.interval(-1, 1)).hi > 1.55
        for x in (A.interval(1, 2), Interval(arb(0), INFINITY), Interval(-INFINITY, arb(1))):
            with pytest.raises(OutsideDomain):
                A.tan(x)
