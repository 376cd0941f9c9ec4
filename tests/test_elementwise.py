"""Elementwise functions: record x witness, record x arithmetic, mutant x witness, kinks, parameters."""

import random
from dataclasses import replace
from fractions import Fraction
from functools import cache

import numpy as np
import pytest
import sympy
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.floating import float_events
from symgrad.errors import NotClosed, UnknownName, ValuesError
from symgrad.ops.elementwise import ACTIVATIONS, ELEMENTARY, ELEMENTWISE, elementwise

RECORDS = (
    *ELEMENTARY,
    *ACTIVATIONS,
    elementwise("elu").with_parameters(2),
    elementwise("leaky_relu").with_parameters(Fraction(-1, 5)),
    elementwise("gelu_tanh").with_parameters(Fraction(1, 7)),
    elementwise("lecun_tanh").with_parameters(3, Fraction(1, 5)),
)
CLOSED = {
    "hard_tanh",
    "relu6",
    "hard_sigmoid",
    "hard_swish",
    "abs",
    "sign",
    "step",
    "negative_part",
    "relu",
    "leaky_relu",
    "softsign",
    "identity",
}
DOMAINS = {"log": (0, 8), "sqrt": (0, 8), "log1p": (-1, 8), "tan": (-1.5, 1.5)}


def name(record):
    values = ",".join(str(q)[:6] for _, q in record.parameters)
    return f"{record.name}({values})" if values else record.name


each_record = pytest.mark.parametrize("record", RECORDS, ids=name)


def points(record, n=12):
    """Random fractions of the domain, none of them 0."""
    low, high = DOMAINS.get(record.name, (-8, 8))
    rng = random.Random(record.name)
    return [Fraction(rng.uniform(low, high)).limit_denominator(10**6) for _ in range(n)]


def agree(x, y):
    """Do two balls overlap, both with 30 digits or more, or both exactly 0?"""
    sharp = all(ball.rel_accuracy_bits() > 100 or ball.is_zero() for ball in (x, y))
    return sharp and x.overlaps(y)


# --- witnesses: each is independent of the rule that it judges ---


def sympy_agrees(record):
    """SymPy's derivative minus the slope simplifies to 0, for x > 0 and for x < 0."""
    A, x, p = arithmetic("symbolic"), sympy.Symbol("x", real=True), sympy.Symbol("p", positive=True)
    derivative, slope = sympy.diff(record(A, x), x), record.slope_at(A, x)
    sides = (p,) if record.name in ("log", "sqrt") else (p, -p)
    return all(is_0(sympy.simplify((derivative - slope).subs(x, s).rewrite(sympy.exp))) for s in sides)


def is_0(e):
    """Tell whether an expression is 0, but for kinks, where the slope is a convention."""
    return e == 0 or (isinstance(e, sympy.Piecewise) and e.args[0].expr == 0 and isinstance(e.args[0].cond, sympy.Ne))


def taylor_agrees(record):
    """The tangent of the value, differentiated by FLINT, overlaps the slope at random points."""
    A, T = arithmetic("ball", 60), arithmetic("taylor", 60)
    with T.working():
        return all(
            agree(record(T, T.variable(T.number(q))).tangent, record.slope_at(A, A.number(q))) for q in points(record)
        )


def quotient_agrees(record):
    """The difference quotient of the value, at 400 digits, is near the slope: error O(h), relative."""
    A, h = arithmetic("ball", 400), Fraction(1, 10**150)
    with A.working():
        for q in points(record):
            left, right, slope = (
                record(A, A.number(q - h)),
                record(A, A.number(q + h)),
                record.slope_at(A, A.number(q)),
            )
            quotient = (right - left) / A.number(2 * h)
            if not abs(quotient - slope) <= arb(10) ** -50 * abs(slope):
                return False
    return True


def output_agrees(record):
    """The slope by the output overlaps the slope by the input."""
    A = arithmetic("ball", 60)
    with A.working():
        return all(
            agree(record.slope_at_output(A, record(A, A.number(q))), record.slope_at(A, A.number(q)))
            for q in points(record)
        )


def both_agree(record):
    """The slope by input and output overlaps the slope by the input."""
    A = arithmetic("ball", 60)
    with A.working():
        slope = record.slope_by_both_on(A)
        drawn = [A.number(q) for q in points(record)]
        return all(agree(slope(x, record(A, x)), record.slope_at(A, x)) for x in drawn)


WITNESSES = (sympy_agrees, taylor_agrees, quotient_agrees)


@each_record
@pytest.mark.parametrize("witness", WITNESSES)
def test_witness_agrees_with_the_slope(record, witness):
    assert witness(record)


@each_record
def test_slope_of_output_agrees_with_the_slope(record):
    if record.slope_of_output is None:
        with pytest.raises(ValuesError):
            record.slope_at_output(arithmetic("float"), np.float64(0.5))
    else:
        assert output_agrees(record)


@each_record
def test_slope_by_both_agrees_with_the_slope(record):
    assert both_agree(record)


MUTANTS = [
    ("tanh", lambda A, x: 1 + A.tanh(x) ** 2),
    ("tanh", lambda A, x: 1 - A.tanh(x)),
    ("logistic", lambda A, x: A.logistic(x) * (1 + A.logistic(x))),
    ("logistic", lambda A, x: A.logistic(x) ** 2),
    ("softplus", lambda A, x: A.logistic(-x)),
    ("relu", lambda A, x: A.step(-x)),
    ("relu", lambda A, x: A.ones_like(x)),
    ("leaky_relu", lambda A, x, alpha: alpha + A.step(x)),
    ("selu", lambda A, x, lambda_, alpha: elementwise("elu").slope(A, x, alpha)),
    ("gelu", lambda A, x: A.erfc(-x / A.sqrt(A.number(2))) / 2),
    ("gelu", lambda A, x: A.erfc(-x / A.sqrt(A.number(2))) / 2 - x * A.exp(-(x**2) / 2) / A.sqrt(2 * A.pi)),
    ("gelu_tanh", lambda A, x, c: elementwise("gelu").slope(A, x)),
    ("silu", lambda A, x: A.logistic(x) * (1 + A.logistic(-x))),
    ("softsign", lambda A, x: 1 / (1 + A.abs(x)) ** 3),
    ("sin", lambda A, x: -A.cos(x)),
    ("cos", lambda A, x: A.sin(x)),
    ("erf", lambda A, x: A.exp(-(x**2)) / A.sqrt(A.pi)),
    ("abs", lambda A, x: A.ones_like(x)),
    ("sqrt", lambda A, x: 1 / A.sqrt(x)),
    ("lecun_tanh", lambda A, x, a, b: a * elementwise("tanh").slope(A, b * x)),
    ("exp", lambda A, x: A.exp(x) * (1 + A.number(Fraction(1, 10**12)))),
]


@pytest.mark.parametrize("witness", WITNESSES)
@pytest.mark.parametrize(("mutated", "slope"), MUTANTS)
def test_every_witness_kills_every_mutant(mutated, slope, witness):
    assert not witness(replace(elementwise(mutated), slope=slope))


@pytest.mark.parametrize(
    ("mutated", "slope"),
    [
        ("tanh", lambda A, y: 1 + y**2),
        ("logistic", lambda A, y: y * (1 + y)),
        ("softplus", lambda A, y: A.expm1(-y)),
        ("relu", lambda A, y: A.step(-y)),
        ("softsign", lambda A, y: (1 - y) ** 2),
        ("sqrt", lambda A, y: 1 / y),
    ],
)
def test_mutants_of_the_slope_of_output_are_killed(mutated, slope):
    assert not output_agrees(replace(elementwise(mutated), slope_of_output=slope))


@pytest.mark.parametrize(
    ("mutated", "slope"),
    [
        ("logistic", lambda A, x, y: y / (1 + A.exp(-x))),
        ("logistic", lambda A, x, y: y * (1 + A.exp(x))),
        ("tanh", lambda A, x, y: 1 / A.cosh(x)),
        ("tanh", lambda A, x, y: 1 + y**2),
    ],
)
def test_mutants_of_the_slope_by_both_are_killed(mutated, slope):
    assert not both_agree(replace(elementwise(mutated), slope_by_both=slope))


# --- arithmetics ---


def ulps(record, x):
    """The relative error allowed in float64: a few ulps, times the condition number of an inner function."""
    match record.name:
        case "gelu" | "erf" | "erfc":
            return 4 * (1 + x * x)  # of exp(-x^2), and erfc(-x / sqrt 2)
        case "gelu_tanh":
            return 8 * (1 + abs(x) * (1 + float(record.parameters[0][1]) * x * x))  # of exp at the rounded 2u
        case "lecun_tanh":
            return 4 * (1 + 2 * abs(x))
    return 8


RULES = {
    "value": lambda record, A, x: record(A, x),
    "slope": lambda record, A, x: record.slope_at(A, x),
    "slope by both": lambda record, A, x: record.slope_by_both_on(A)(x, record(A, x)),
}


@cache
def systems():
    return arithmetic("float"), arithmetic("ball", 60)


@each_record
@pytest.mark.parametrize("rule", RULES)
def test_float64_is_within_a_few_ulps_of_the_ball_tails_included(record, rule):
    low, high = DOMAINS.get(record.name, (-40, 40))

    @given(st.floats(low, high if high < 8 else 40))
    def check(x):
        assume(low < x and (x < high or high >= 8))
        assume(x == 0 or abs(x) > 1e-290)  # at a subnormal x, x**2 underflows and 1 / x overflows
        F, B = systems()
        f = RULES[rule]
        with B.working():
            true = f(record, B, B.array(x, ()))
            size = abs(true)
            if rule != "value" and record.name in ("silu", "gelu", "gelu_tanh", "mish") and -4 < x < 0:
                gate = record(B, B.array(x, ())) / x
                size = abs(gate) + abs(true - gate)  # near its root the slope is far smaller than its two terms
            with float_events() as events:
                y = f(record, F, F.array(x, ()))
            assert not events.overflow
            assert not events.invalid
            if not (events.underflow and abs(true) < 1e-300):
                assert abs(arb(float(y)) - true) <= ulps(record, x) * 2.0**-53 * size

    check()


@each_record
@pytest.mark.parametrize("digits", [20, 45])
def test_mp_lies_in_the_ball(record, digits):
    mp, B = arithmetic("mp", digits), arithmetic("ball", 15)
    for q in points(record):
        with B.working():
            for f in (record, record.slope_at):
                ball = f(B, B.number(q))
                x = f(mp, mp.number(q))
                rounding = abs(x) * mp.context.mpf(10) ** (4 - digits)
                lower, upper = (mp.array(end, ()) for end in (ball.lower(), ball.upper()))
                assert lower - rounding <= x <= upper + rounding


@each_record
def test_exact_is_closed_for_piecewise_rational_functions_only(record):
    A, B = arithmetic("exact"), arithmetic("ball")
    if record.name in CLOSED:
        with B.working():
            for q in (Fraction(-7, 3), Fraction(0), Fraction(5, 2)):
                for f in (record, record.slope_at):
                    assert f(B, B.number(q)).contains(f(A, A.number(q)))
    else:
        with pytest.raises(NotClosed):
            record(A, A.number(2))


@each_record
def test_batches_equal_a_loop(record):
    F, B = arithmetic("float"), arithmetic("batch")
    x = np.array([[float(q) for q in points(record, 5)] for _ in range(2)])
    for f in (record, record.slope_at):
        batch = f(B, B.array(x, (2,)))
        for i in range(5):
            np.testing.assert_allclose(batch[:, i], f(F, F.array(x[:, i], (2,))), rtol=1e-15)


# --- kinks, parameters, names ---

SLOPES_AT_0 = {
    "relu": 0,
    "leaky_relu": Fraction(1, 100),
    "elu": 1,
    "abs": 0,
    "negative_part": 1,
    "sign": 0,
    "step": 0,
}


@pytest.mark.parametrize("record", [r for r in (*ELEMENTARY, *ACTIVATIONS) if r.kink], ids=name)
def test_slope_at_a_kink_is_the_stated_one_and_a_ball_around_it_gives_the_hull(record):
    A = arithmetic("ball")
    with A.working():
        if record.name in SLOPES_AT_0:
            assert record.slope_at(A, A.number(0)).overlaps(A.number(SLOPES_AT_0[record.name]))
        left, right = (record.slope_at(A, A.number(Fraction(s, 10**9))) for s in (-1, 1))
        hull = record.slope_at(A, arb(0, 1e-6))
        assert hull.contains(left)
        assert hull.contains(right)
        assert hull.rad() <= 1.001 * (abs(left).union(abs(right)).union(A.number(0)).rad() * 2 + 1e-5)


@pytest.mark.parametrize("test_name", ["relu", "leaky_relu", "elu"])
def test_balls_around_a_kink_are_tight(test_name):
    A, record = arithmetic("ball"), elementwise(test_name)
    with A.working():
        hull = record.slope_at(A, arb(0, 1))
        lowest = record.slope_at(A, arb(-1))
        assert hull.lower() >= lowest - 1e-6
        assert hull.upper() <= 1 + 1e-6


def test_selu_keeps_a_standard_normal_standard():
    """E selu(x) = 0 and E selu(x)^2 = 1, by the moments of e^x over x < 0 in closed form."""
    A = arithmetic("ball", 80)
    with A.working():
        lambda_, alpha = (A.number(q) for _, q in elementwise("selu").parameters)
        Phi = lambda x: A.erfc(-x / A.sqrt(A.number(2))) / 2  # noqa: E731
        e1, e2 = A.exp(A.number(1) / 2) * Phi(A.number(-1)), A.exp(A.number(2)) * Phi(A.number(-2))
        half = A.number(1) / 2
        mean = lambda_ * (1 / A.sqrt(2 * A.pi) + alpha * (e1 - half))
        square = lambda_**2 * (half + alpha**2 * (e2 - 2 * e1 + half))
        assert abs(mean) < 1e-59
        assert abs(square - 1) < 1e-59


def test_parameters_are_changed_by_position_or_by_name():
    leaky, selu = elementwise("leaky_relu"), elementwise("selu")
    assert leaky.with_parameters(Fraction(1, 5)) == leaky.with_parameters(alpha=Fraction(1, 5)) != leaky
    assert dict(selu.with_parameters(2).parameters) == {**dict(selu.parameters), "lambda": 2}
    with pytest.raises(ValuesError, match="no parameters"):
        elementwise("tanh").with_parameters(1)
    with pytest.raises(ValuesError, match="the parameters alpha; 2 values"):
        leaky.with_parameters(1, 2)
    with pytest.raises(ValuesError, match="twice"):
        leaky.with_parameters(1, alpha=2)
    with pytest.raises(UnknownName, match="did you mean 'alpha'"):
        leaky.with_parameters(alhpa=1)


def test_names_and_aliases_are_unique_and_found():
    assert len(ELEMENTWISE) == sum(1 + len(r.aliases) for r in (*ELEMENTARY, *ACTIVATIONS))
    assert elementwise("swish") is elementwise("silu")
    with pytest.raises(UnknownName, match="did you mean 'softsign'"):
        elementwise("sotsign")


@each_record
def test_record_is_complete(record):
    assert record.latex
    assert record.text
    assert record.source or record.name in ("identity", "negative_part")
    assert hash(record) == hash(replace(record))
