"""Number systems: function x system tables, conversions, tails, kinks, events, global state."""

import math
import operator
import pickle
import random
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, fmpq
from hypothesis import given
from hypothesis import strategies as st

from symgrad.arithmetic import NAMES, arithmetic
from symgrad.arithmetic.floating import float_events
from symgrad.arithmetic.literal import exact
from symgrad.arithmetic.scalars import ScalarFunctions
from symgrad.errors import NotClosed, ReadError, UnknownName, ValuesError

FUNCTIONS = (
    *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "erfc"),
    *("abs", "sign", "relu", "negative_part", "step", "logistic", "softplus"),
)
PIECEWISE = ("abs", "sign", "relu", "negative_part", "step")
SYSTEMS = [arithmetic(name) for name in NAMES]
NUMERIC = [A for A in SYSTEMS if A.name not in ("symbolic", "exact")]
OPERATORS = (operator.add, operator.sub, operator.mul, operator.truediv)


def names(systems):
    return [A.name for A in systems]


def as_float(A, x):
    """The midpoint of a number, as a float."""
    if A.name == "taylor":
        x = x.value
    if A.name == "exact":
        return int(x.p) / int(x.q)
    return float(x[0] if A.name == "batch" else x)


def floats(A, x, shape):
    """A value of any system as an array of floats."""
    if shape == ():
        return np.array(as_float(A, x))
    return np.array([as_float(A, x[i]) for i in np.ndindex(shape)]).reshape(shape)


def random_fractions(seed, shape):
    rng = random.Random(seed)
    return np.array([Fraction(rng.randint(-64, 64) or 1, 16) for _ in range(math.prod(shape))], object).reshape(shape)


# --- the table ---


def test_every_entry_of_the_protocol_is_tested():
    assert set(FUNCTIONS) == {*ScalarFunctions.__annotations__, "logistic", "softplus"}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("A", NUMERIC, ids=names(NUMERIC))
def test_function_is_that_of_mpmath_on_scalars_and_arrays(A, name):
    reference = {
        "abs": abs,
        "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
        "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
        "relu": lambda x: max(x, 0),
        "negative_part": lambda x: min(x, 0),
        "step": lambda x: int(x > 0),
    }.get(name) or getattr(mpmath, name)
    points = [Fraction(k, 8) for k in ((1, 5, 13) if name in ("log", "sqrt") else (-5, 1, 13))]
    with A.working(), mpmath.workdps(30):
        x = A.array(points, (3,))
        y = getattr(A, name)(x)
        for i, q in enumerate(points):
            expected = float(reference(mpmath.mpf(q.numerator) / q.denominator))
            assert as_float(A, y[i]) == pytest.approx(expected, rel=1e-15, abs=0)
            assert as_float(A, getattr(A, name)(A.number(q))) == pytest.approx(expected, rel=1e-15, abs=0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_exact_is_closed_or_says_so(name):
    A = arithmetic("exact")
    if name in PIECEWISE:
        assert getattr(A, name)(fmpq(-9, 4)) in (fmpq(9, 4), fmpq(-9, 4), -1, 0)
        assert type(getattr(A, name)(fmpq(9, 4))) is fmpq
        return
    with pytest.raises(NotClosed, match=name) as error:
        getattr(A, name)(fmpq(2))
    assert "ball" in error.value.todo


def test_exact_roots_and_powers():
    A = arithmetic("exact")
    assert A.sqrt(fmpq(9, 4)) == fmpq(3, 2)
    assert A.power(fmpq(2, 3), -2) == fmpq(9, 4)
    with pytest.raises(NotClosed):
        A.power(fmpq(2), fmpq(1, 2))
    with pytest.raises(NotClosed):
        _ = A.pi


@pytest.mark.parametrize("op", OPERATORS)
@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
def test_operators_mix_numbers_arrays_and_ints(A, op):
    q, v, M = Fraction(3, 2), random_fractions(1, (3,)), random_fractions(2, (2, 3))
    with A.working():
        for data in (v, M):
            x, s = A.array(data, data.shape), A.number(q)
            for result, expected in (
                (op(s, x), op(q, data)),
                (op(x, s), op(data, q)),
                (op(2, x), op(2, data)),
                (op(x, 2), op(data, 2)),
                (op(x, x), op(data, data)),
                (-(x**2), -(data**2)),
                (x**-1, 1 / data),
            ):
                assert A.rank(result) == data.ndim
                np.testing.assert_allclose(floats(A, result, data.shape), expected.astype(float), rtol=1e-15)


@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
def test_linear_algebra_is_that_of_fractions(A):
    v, w, M, N = (random_fractions(k, s) for k, s in enumerate([(3,), (2,), (2, 3), (3, 4)]))
    with A.working():
        a, b, X, Y = (A.array(d, d.shape) for d in (v, w, M, N))
        cases = [
            (A.matmul(X, a), M @ v),
            (A.matmul(b, X), w @ M),
            (A.matmul(X, Y), M @ N),
            (A.matmul(a, a), np.array(v @ v)),
            (A.outer(b, a), np.multiply.outer(w, v)),
            (A.total(X), np.array(M.sum())),
            (A.total(A.number(3)), np.array(3)),
            (A.transpose(X), M.T),
            (A.transpose(a), v),
            (A.ones_like(X), np.ones((2, 3))),
            (A.zeros_like(a), np.zeros(3)),
            (A.ones_like(A.number(5)), np.array(1)),
            (A.eye(3), np.eye(3)),
            (A.power(A.abs(a), 2), v**2),
        ]
        for result, expected in cases:
            assert A.rank(result) == expected.ndim
            np.testing.assert_allclose(floats(A, result, expected.shape), expected.astype(float), rtol=1e-14)


@pytest.mark.parametrize("A", NUMERIC, ids=names(NUMERIC))
def test_softmax_and_logsumexp(A):
    data = [1000, Fraction(1001), "998.5"]
    with A.working():
        x = A.array(data, (3,))
        e = [math.exp(float(Fraction(d)) - 1001) for d in data]
        np.testing.assert_allclose(floats(A, A.softmax(x), (3,)), np.array(e) / sum(e), rtol=1e-13)
        assert as_float(A, A.logsumexp(x)) == pytest.approx(1001 + math.log(sum(e)), rel=1e-15)
        assert as_float(A, A.softmax(A.number(7))) == 1
        assert as_float(A, A.logsumexp(A.number(7))) == pytest.approx(7, rel=1e-15)


# --- data ---

HALVES = [
    *(1.5, "1.5", "3/2", Fraction(3, 2), Decimal("1.5"), np.float32(1.5), np.float64(1.5), np.array(1.5)),
    *(mpmath.mpf(1.5), arb(1.5), fmpq(3, 2), sympy.Rational(3, 2), sympy.Float(1.5), "15e-1"),
]
REJECTED = [
    True,
    np.bool_(False),
    1j,
    math.nan,
    math.inf,
    "nan",
    "a",
    "1/0",
    None,
    {},
    mpmath.inf,
    "1e99999999999",
]


@pytest.mark.parametrize("data", HALVES, ids=lambda d: type(d).__name__)
@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
def test_number_of_any_source_is_exact(A, data):
    with A.working():
        assert as_float(A, A.array(data, ())) == 1.5
        assert floats(A, A.array([data, data], (2,)), (2,)).tolist() == [1.5, 1.5]


@pytest.mark.parametrize("data", REJECTED, ids=repr)
@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
def test_what_is_no_number_is_rejected(A, data):
    with pytest.raises(ValuesError), A.working():
        A.array(data, ())
    with pytest.raises(ValuesError), A.working():
        A.array([data], (1,))


@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
@pytest.mark.parametrize("data", [[1.0, 2.0], np.array([1.0, 2.0]), [[1], [2, 3]]], ids=repr)
def test_wrong_shape_names_both_shapes(A, data):
    with pytest.raises(ValueError, match=r"\(2,\) .* \(3,\)"):
        A.array(data, (3,))


def test_arrays_with_nan_and_balls_that_are_no_number_are_rejected():
    with pytest.raises(ValuesError):
        arithmetic("float").array(np.array([1.0, math.nan]), (2,))
    with pytest.raises(ValuesError):
        exact(arb(1, 1))
    with pytest.raises(ValuesError):
        arithmetic("ball").array(arb.nan(), ())
    with pytest.raises(ValuesError):
        arithmetic("float").number(10**400)


def test_float_data_are_copied():
    data = np.ones(2)
    x = arithmetic("float").array(data, (2,))
    data[0] = 7
    assert x[0] == 1


@given(st.fractions())
def test_numbers_are_enclosed_or_correctly_rounded(q):
    for name in ("ball", "mp", "float"):
        A = arithmetic(name, 20) if name != "float" else arithmetic(name)
        with A.working():
            x = A.number(q)
            if name == "ball":
                assert x.contains(fmpq(q.numerator, q.denominator))
            else:
                precision = 53 if name == "float" else A.context.prec
                assert abs(exact(x) - q) <= abs(q) / 2**precision


def test_symbols_are_values_of_the_symbolic_arithmetic():
    x = sympy.Symbol("x")
    assert list(arithmetic("symbolic").array([x, 2], (2,))) == [x, 2]


# --- accuracy in the tails, and events ---

TAILS = [-700.0, -50.0, -1e-3, 0.0, 1e-3, 36.5, 50.0, 700.0]


@pytest.mark.parametrize("x", TAILS)
@pytest.mark.parametrize("name", ["logistic", "softplus"])
def test_tails_keep_their_relative_accuracy(name, x):
    ball, float_ = arithmetic("ball", 40), arithmetic("float")
    with ball.working():
        true = getattr(ball, name)(ball.array(x, ()))
        assert true.rel_accuracy_bits() > 120
        for scalar in (np.float64(x), np.full(5, x)):
            with float_events() as events:
                y = np.ravel(getattr(float_, name)(scalar))[0]
            assert not events
            assert abs(arb(float(y)) / true - 1) < 1e-15


@pytest.mark.parametrize("x", [-1000, -100_000, 1000, 100_000])
def test_balls_lose_no_digits_in_the_far_tails(x):
    A = arithmetic("ball", 50)
    with A.working():
        for f in (A.logistic, A.softplus, A.erfc):
            assert f(A.number(x)).rel_accuracy_bits() > 140


EVENTS = [
    ("logistic", 800.0, ""),
    ("logistic", -800.0, "underflow"),
    ("softplus", 800.0, ""),
    ("softplus", -800.0, "underflow"),
    ("erfc", 30.0, "underflow"),
    ("erfc", -30.0, ""),
    ("tanh", 800.0, ""),
    ("exp", 800.0, "overflow"),
    ("log", 0.0, "divide"),
    ("log", -1.0, "invalid"),
]


@pytest.mark.parametrize(("name", "x", "expected"), EVENTS)
@pytest.mark.parametrize("shape", [(), (9,)])
def test_float_events_are_noticed_and_harmless_ones_are_not(name, x, expected, shape):
    A = arithmetic("float")
    x = np.full(shape, x)[()]
    with float_events() as events:
        getattr(A, name)(x)
    assert [event for event, happened in vars(events).items() if happened] == ([expected] if expected else [])


@pytest.mark.parametrize("A", [arithmetic("float"), arithmetic("batch")], ids=["float", "batch"])
def test_underflow_in_linear_algebra_and_conversion_is_noticed(A):
    tiny = np.full((2, 2), 1e-200)
    with float_events() as events:
        X = A.array(tiny, (2, 2))
        assert not events
        A.matmul(X, X)
    assert events.underflow
    with float_events() as events:
        A.number(Fraction(1, 10**400))
    assert events.underflow


def test_underflow_of_a_batch_of_matrices_is_noticed():
    A = arithmetic("batch")
    with float_events() as events:
        A.matmul(np.full((2, 2, 3), 1e-200), np.full((2, 3), 1e-200))
    assert events.underflow


LARGE = 512
PART = [slice(0, 64), slice(256, 320), slice(448, LARGE)]
"""Columns that fall to one thread of BLAS or to another."""


@pytest.mark.parametrize("tiny", PART, ids=str)
@pytest.mark.parametrize(("factor", "event"), [(1e-200, "underflow"), (1e200, "overflow"), (1e-100, None)])
def test_what_any_thread_of_a_product_of_matrices_loses_is_noticed(tiny, factor, event):
    A = arithmetic("float")
    x, y = np.full((LARGE, LARGE), factor), np.ones((LARGE, LARGE))
    y[:, tiny] = factor
    for right in (y, y[:, tiny.start]):
        with float_events() as events:
            A.matmul(x, right)
        assert [name for name, happened in vars(events).items() if happened] == ([event] if event else [])


def test_what_cancels_and_what_is_0_has_not_underflowed():
    A = arithmetic("float")
    x, y = np.ones((LARGE, LARGE)), np.ones((LARGE, LARGE))
    x[:, ::2], x[:7], y[:, 5] = -1, 0, 0
    with float_events() as events:
        assert not A.matmul(x, y).any()
    assert not events


def test_many_outer_products_are_one_product_of_matrices():
    x, y = (np.random.default_rng(n).normal(size=(5, 3 + n)) for n in range(2))
    found = arithmetic("float").outers(list(x), list(y))
    assert np.allclose(found, sum(np.outer(a, b) for a, b in zip(x, y, strict=True)), rtol=1e-14)
    many = arithmetic("batch")
    for items in ((2, 1), (2, 2)):
        pairs = [(np.stack([a, -a], -1), np.stack([b] * items[1], -1)) for a, b in zip(x, y, strict=True)]
        assert np.allclose(many.outers(*zip(*pairs, strict=True)), np.stack([found, -found], -1), rtol=1e-14)


# --- balls ---


def test_balls_around_a_kink_give_the_hull():
    A = arithmetic("ball", 30)
    with A.working():
        x = arb(0, 1)
        for f, low, high in (
            (A.relu, 0, 1),
            (A.negative_part, -1, 0),
            (A.step, 0, 1),
            (A.abs, 0, 1),
            (A.sign, -1, 1),
        ):
            assert f(x).contains(low)
            assert f(x).contains(high)
            assert f(x).rad() <= 1.000001
        assert A.step(A.number(0)) == 0
        assert A.sign(A.number(0)) == 0
        assert A.step(arb.nan()).is_nan()


@pytest.mark.parametrize("name", ["tanh", "erf", "erfc", "logistic", "softplus", "relu", "exp"])
def test_wide_balls_are_enclosed_tightly(name):
    A = arithmetic("ball", 30)
    f = getattr(A, name)
    with A.working():
        for radius in (1, 10, 100):
            hull = f(arb(1, radius))
            ends = f(arb(1 - radius)), f(arb(1 + radius))
            assert all(hull.contains(f(1 + arb(radius) * k / 8)) for k in range(-8, 9))
            assert hull.rad() <= 1.01 * abs(ends[1] - ends[0]) / 2 + 1e-6 * ends[1]


def test_powers_of_a_ball_around_zero():
    A = arithmetic("ball", 30)
    with A.working():
        assert A.power(arb(0, 2), 2).contains(4)
        assert A.power(arb(0, 2), 2).lower() > -1e-6
        assert A.power(arb(0, 2), 3).contains(-8)
        assert A.power(A.number(9), A.number(Fraction(1, 2))).contains(3)


def test_taylor_numbers_at_a_kink_give_the_hull():
    A = arithmetic("taylor", 30)
    with A.working():
        for name, low, high in (("relu", 0, 1), ("abs", -1, 1), ("negative_part", 0, 1)):
            slope = getattr(A, name)(A.variable(A.number(0))).tangent
            assert slope.contains(low)
            assert slope.contains(high)
        assert A.step(A.variable(A.number(0))).tangent.is_nan()
        assert A.power(A.variable(A.number(2)), 3).tangent == 12
        assert A.power(A.variable(A.number(4)), A.number(Fraction(1, 2))).tangent.contains(fmpq(1, 4))


def test_taylor_numbers_of_a_wide_argument_have_a_value_and_no_slope():
    A = arithmetic("taylor", 30)
    with A.working():
        wide = A.tanh(A.variable(arb(0, 1e6)))
    assert wide.value.contains(arb("0.5"))
    assert not wide.tangent.is_finite()


def test_taylor_direction_of_an_array():
    A = arithmetic("taylor", 30)
    with A.working():
        x = A.variable(A.array([2, 3], (2,)), np.array([1, 10], object))
        assert A.matmul(x, x).tangent == 2 * 2 + 2 * 3 * 10


# --- batches, global state, names ---


@pytest.mark.parametrize("sizes", [(1, 4), (4, 1), (4, 4), (1, 1)])
@pytest.mark.parametrize(("left", "right"), [((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 5)), ((3,), (3,))])
def test_batched_matmul_is_a_loop(left, right, sizes):
    rng = np.random.default_rng(5)
    A = arithmetic("batch")
    x, y = (A.array(rng.normal(size=(*s, b)), s) for s, b in zip((left, right), sizes, strict=True))
    result = A.matmul(x, y)
    for i in range(max(sizes)):
        np.testing.assert_allclose(
            result[..., min(i, result.shape[-1] - 1)],
            x[..., min(i, sizes[0] - 1)] @ y[..., min(i, sizes[1] - 1)],
            rtol=1e-13,
        )


@pytest.mark.parametrize("name", [*FUNCTIONS, "softmax", "logsumexp", "total", "ones_like", "transpose"])
@pytest.mark.parametrize("shape", [(), (3,)])
def test_batched_functions_are_a_loop(name, shape):
    rng = np.random.default_rng(6)
    A, B = arithmetic("float"), arithmetic("batch")
    x = np.abs(rng.normal(size=(*shape, 4)))
    result = getattr(B, name)(B.array(x, shape))
    for i in range(4):
        np.testing.assert_allclose(result[..., i], getattr(A, name)(x[..., i]), rtol=1e-15)


@pytest.mark.parametrize("name", ["ball", "taylor"])
def test_flint_is_left_as_it_was_even_after_an_error(name):
    before = flint.ctx.prec, flint.ctx.cap
    A = arithmetic(name, 77)
    with A.working():
        assert flint.ctx.prec > 255
    assert (flint.ctx.prec, flint.ctx.cap) == before
    with pytest.raises(ZeroDivisionError), A.working():
        _ = 1 / 0
    assert (flint.ctx.prec, flint.ctx.cap) == before


def test_contexts_of_mpmath_are_independent():
    before = mpmath.mp.prec
    few, many = arithmetic("mp", 10), arithmetic("mp", 100)
    assert few.context.prec < many.context.prec
    assert mpmath.mp.prec == before
    assert "33333333333333333333" in str(many.number(Fraction(1, 3)))
    assert "33333333333333333333" not in str(few.number(Fraction(1, 3)))


def test_errors_of_the_registry():
    with pytest.raises(UnknownName, match="did you mean 'ball'"):
        arithmetic("bal")
    with pytest.raises(ValuesError, match="digits"):
        arithmetic("float", 20)
    with pytest.raises(ValuesError, match="digits"):
        arithmetic("ball", 0)


@pytest.mark.parametrize("A", SYSTEMS, ids=names(SYSTEMS))
def test_describe_says_what_it_is(A):
    assert A.describe()
    assert A.digits is None or str(A.digits) in A.describe()


def test_heavy_imports_wait():
    code = (
        "import sys, symgrad.arithmetic, symgrad.ops.elementwise, symgrad.ops.loss;"
        "print([m for m in ('sympy', 'flint', 'mpmath') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "error",
    [
        UnknownName("activation", "tahn", ["tanh"], where="net.eq"),
        ReadError("a name is missing", "name it", file="net.eq", line=3, column=4, text="z = *x"),
        ValuesError("what", where="where", todo="todo"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_come_back_from_another_process_unchanged(error):
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
