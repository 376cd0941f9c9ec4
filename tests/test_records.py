"""Each record against its own rules: parity, analyticity, homogeneity, moments, slope bound, range, and the audit."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import mpmath
import numpy as np
import pytest
from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.numbers.bound.slope_bound import certified_slope, greatest_slope, range_of, slope_range
from symgrad.ops.elementwise import ELEMENTWISE, Elementwise, activations
from symgrad.ops.regularity import Regularity, regularity, slope_regularity
from symgrad.ops.structure import homogeneous, parity

RECORDS = list(dict.fromkeys(ELEMENTWISE.values()))
WHOLE = [f for f in RECORDS if f.domain == "all real x"]
POINTS = [Fraction(n, 7) for n in (-60, -23, -9, -7, -2, 1, 3, 7, 8, 20, 41, 60)]
each = pytest.mark.parametrize("f", RECORDS, ids=lambda f: f.name)
each_whole = pytest.mark.parametrize("f", WHOLE, ids=lambda f: f.name)
each_activation = pytest.mark.parametrize("f", activations(), ids=lambda f: f.name)
BALLS = arithmetic("ball", 40)


@each_whole
def test_parity_is_that_of_the_values(f: Elementwise) -> None:
    with BALLS.working():
        pairs = [(f(BALLS, BALLS.number(q)), f(BALLS, BALLS.number(-q))) for q in POINTS]
    even, odd = all(x.overlaps(y) for x, y in pairs), all(x.overlaps(-y) for x, y in pairs)
    assert parity(f) == ("even" if even else "odd" if odd else "")


@each_whole
def test_homogeneity_is_that_of_the_values(f: Elementwise) -> None:
    with BALLS.working():
        values = [(f(BALLS, BALLS.number(100 * q)), 100 * f(BALLS, BALLS.number(q))) for q in POINTS]
    assert homogeneous(f) == all(x.overlaps(y) for x, y in values)


@each_whole
def test_what_jumps_is_not_continuous_by_its_rule(f: Elementwise) -> None:
    A, x = arithmetic("float"), np.arange(-8, 8, 2.0**-12)
    for values, known in ((f(A, x), regularity(f)), (f.slope_at(A, x), slope_regularity(f))):
        jumps = np.max(np.abs(np.diff(values)) / (1 + np.abs(values[1:]))) > 0.005
        assert not jumps or known is Regularity.DISCONTINUOUS
        if known is Regularity.DISCONTINUOUS and f.name not in ("elu", "sign", "step"):
            assert jumps  # the jump of elu' is 1 - alpha = 0; the slopes of the two others are 0 by convention


@each_whole
def test_the_eighth_difference_of_an_analytic_record_is_small(f: Elementwise) -> None:
    """It is h^8 f⁽⁸⁾; across a kink it is of the order of h, or of a higher power where a later derivative jumps."""
    m, h = arithmetic("mp", 60), Fraction(1, 1000)
    rough = False
    for k in range(-36, 37):
        values = [f(m, m.number(Fraction(k, 6) + (n - 3) * h)) for n in range(9)]
        difference = sum((-1) ** n * comb(8, n) * v for n, v in enumerate(values))
        rough = rough or abs(difference) > 1e-15 * (1 + abs(values[0]))
    assert rough == (regularity(f) < Regularity.ANALYTIC)


@each_activation
def test_the_greatest_slope_of_a_record_is_the_certified_one(f: Elementwise) -> None:
    closed, certified = greatest_slope(f), certified_slope(f)
    assert closed is not None
    assert certified is not None
    assert closed.ball(150).overlaps(certified.ball(150))


@each_activation
@pytest.mark.parametrize("of", ["value", "slope"])
def test_the_range_of_a_record_holds_its_values(f: Elementwise, of: str) -> None:
    found = range_of(f) if of == "value" else slope_range(f)
    if found is None:
        return
    low, high = found
    values = [
        Fraction(float(f(arithmetic("float"), x) if of == "value" else f.slope_at(arithmetic("float"), x)))
        for x in np.linspace(-40, 40, 4001)
    ]
    slack = Fraction(1, 10**12)
    assert low - slack <= min(values) <= low + (high - low) / 20
    assert high - (high - low) / 20 <= max(values) <= high + slack


@each
def test_moments_of_a_record_are_those_of_quadrature(f: Elementwise) -> None:
    if f.moments is None:
        return
    A, mp = arithmetic("float"), arithmetic("mp", 20)
    m, q = mp.context, 1.7
    nodes = sorted({-12, -4, 0, 4, 12, *(k / m.sqrt(q) for k in (-3, -1, 1, 3, 6))})
    y = lambda z: f(mp, m.sqrt(q) * z)  # noqa: E731
    dy = lambda z: f.slope_at(mp, m.sqrt(q) * z)  # noqa: E731
    of = {
        "mean": lambda z: y(z),
        "second": lambda z: y(z) ** 2,
        "slope_second": lambda z: dy(z) ** 2,
        "cross": lambda z: y(z) * dy(z),
    }
    for which, g in of.items():
        by_mpmath = m.quad(lambda z, g=g: g(z) * m.npdf(z), nodes)
        closed = getattr(f.moments, which)(A, np.float64(q), *map(A.number, f.values))
        assert float(closed) == pytest.approx(float(by_mpmath), rel=1e-9, abs=1e-15), which


@each
def test_the_critical_line_of_a_record_is_1_over_its_slope_moment(f: Elementwise) -> None:
    from symgrad.network.formula import read_formula

    if f.critical:
        assert f.moments is not None
        with BALLS.working():
            q = arb(3) / 7
            assert (read_formula(f.critical)(BALLS, q=q) * f.moments.slope_second(BALLS, q)).contains(1)


# --- the records by formulas of their papers and of PyTorch, written by hand ------------------------------


def clip(x: mpmath.mpf, low: float, high: float) -> mpmath.mpf:
    return min(max(x, mpmath.mpf(low)), mpmath.mpf(high))


BY_HAND = {
    "mish": lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))),
    "hard_tanh": lambda x: clip(x, -1, 1),
    "relu6": lambda x: clip(x, 0, 6),
    "celu": lambda x: max(x, 0) + min(mpmath.mpf(0), mpmath.expm1(x)),
    "celu(2)": lambda x: max(x, 0) + min(mpmath.mpf(0), 2 * mpmath.expm1(x / 2)),
    "hard_swish": lambda x: x * clip(x + 3, 0, 6) / 6,
    "hard_sigmoid": lambda x: clip(x + 3, 0, 6) / 6,
    "hard_sigmoid(0.2)": lambda x: clip(x / 5 + mpmath.mpf("0.5"), 0, 1),
}


@pytest.mark.parametrize("name", BY_HAND)
def test_the_records_are_what_their_papers_say(name: str) -> None:
    from symgrad.network.activation import read_activation

    f, A = read_activation(name), arithmetic("mp", 40)
    with mpmath.workdps(40):
        for q in (*POINTS, Fraction(29, 2), Fraction(-29, 2)):
            x = mpmath.mpf(q.numerator) / q.denominator
            right = BY_HAND[name](x)
            assert abs(f(A, A.number(q)) - right) <= mpmath.mpf(10) ** -35 * (1 + abs(right))
            if all(abs(abs(x) - k) > 0.01 for k in (0, 1, 2.5, 3, 6)):
                slope = mpmath.diff(BY_HAND[name], x, h=mpmath.mpf(10) ** -15)
                assert abs(f.slope_at(A, A.number(q)) - slope) < mpmath.mpf(10) ** -12


@pytest.mark.parametrize(
    ("name", "at", "slope"),
    [
        ("hard_tanh", -1, 0),
        ("hard_tanh", 1, 0),
        ("relu6", 0, 0),
        ("relu6", 6, 0),
        ("hard_sigmoid", -3, 0),
        ("hard_sigmoid", 3, 0),
        ("hard_swish", -3, 0),
        ("hard_swish", 3, 1),
        ("celu", 0, 1),
    ],
)
def test_the_slope_at_a_kink_is_the_one_that_the_record_says(name: str, at: int, slope: int) -> None:
    for system in ("exact", "float"):
        A = arithmetic(system)
        if name != "celu" or system == "float":
            assert ELEMENTWISE[name].slope_at(A, A.number(at)) == slope


@pytest.mark.parametrize("x", [1e-300, -1e-300, 1e-9, 5e15, -5e15, 1e300])
def test_float64_of_a_clipped_function_loses_nothing(x: float) -> None:
    A = arithmetic("float")
    assert ELEMENTWISE["hard_tanh"](A, np.float64(x)) == min(max(x, -1.0), 1.0)
    assert ELEMENTWISE["relu6"](A, np.float64(x)) == min(max(x, 0.0), 6.0)
