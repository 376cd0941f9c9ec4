"""A curve of a figure: a formula's values, computed in balls, at points that are equally far apart."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.derivation.figure import Curve
from symgrad.errors import UnknownName, ValuesError
from symgrad.network.formula import read_formula
from symgrad.numbers.extremum.domain import read_domain

DIGITS = 30


def curve(label: str, formula: str, where: str, points: int = 121, functions: Mapping[str, str] | None = None) -> Curve:
    """Return the curve of a formula over a bounded interval, its ends included: each value is the nearest float64.

    Raises ValuesError where the interval has no end, or where the formula has no value.

    >>> curve("$z^2$", "z^2", "0 <= z <= 1", points=3).points
    ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0))
    """
    read, [interval] = read_formula(formula, functions), read_domain(where)
    x, low, high = interval.variable, interval.low, interval.high
    if low is None or high is None:
        raise ValuesError(f"a curve over {where} has no end", todo="write '0 <= z <= 4'")
    if others := [v for v in read.variables if v != x]:
        raise UnknownName(f"variable of the curve {formula}", others[0], [x])
    A = arithmetic("ball", DIGITS)
    places = [low + (high - low) * Fraction(k, points - 1) for k in range(points)]
    with A.working():
        values = [arb(read(A, **{x: A.number(q)})) for q in places]
    for q, y in zip(places, values, strict=True):
        if not y.is_finite():
            raise ValuesError(f"{formula} has no value at {x} = {q}", todo="leave this place out of the interval")
    return Curve(label, tuple((float(q), float(y.mid())) for q, y in zip(places, values, strict=True)))
