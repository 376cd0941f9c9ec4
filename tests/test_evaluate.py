"""Evaluation: values and their errors, arithmetics that agree, depth 100,000, under- and overflow, layouts, forms."""

import warnings
from fractions import Fraction
from math import exp, log10

import mpmath
import numpy as np
import pytest
from flint import arb, ctx, fmpq
from random_networks import values_for

import symgrad as sg
from symgrad.calculus import dense
from symgrad.calculus.evaluate import Total
from symgrad.errors import IndexRangeError, NotClosed, ReadError, TooLarge, UnboundFunction, UnknownName, ValuesError
from symgrad.network.bind import bind_network
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.witness import Witness


def layer_size(d):
    """Give neighbouring layers, and the dimensions d and n, different sizes."""
    return 3 if d.index is None and d.name == "n" else 2 if d.index is None else 2 + d.index % 2


def bound(name):
    """Return a built-in model with its opaque functions bound."""
    return bind_network(sg.model(name), {"sigma": ELEMENTWISE["tanh"], "cost": Witness(), "loss": Witness(shift=1)})


# --- values: what is missing, superfluous or misshaped is named ---

CHAIN = {"w": [1, 2, 3], "b": [0, 0, 0], "a[0]": 1, "y": 0}
RNN = {"W": np.eye(2), "U": np.ones((2, 3)), "b": [0, 0], "x": np.ones((4, 3)), "s[0]": [1, 1]}

BAD_VALUES = [
    ("chain", CHAIN, {"b": None}, ValuesError, ("no value is given for b", "one scalar for each layer")),
    ("chain", CHAIN, {"a[0]": None, "y": None}, ValuesError, ("no value is given for y, a[0]",)),
    ("chain", CHAIN, {"q": 1}, UnknownName, ("unknown value for 'q'",)),
    ("chain", CHAIN, {"W": [1, 2, 3]}, UnknownName, ("unknown value for 'W'", "Known: a[0], b, w, y")),
    ("chain", CHAIN, {"a[1]": 1}, UnknownName, ("unknown value for 'a[1]'", "did you mean 'a[0]'")),
    ("chain", CHAIN, {"w[j]": 1}, ValuesError, ("'w[j]' is not the name of a quantity",)),
    ("chain", CHAIN, {"w": 2.0}, ValuesError, ("the first axis of w has the layers",)),
    ("chain", CHAIN, {"w": [1, 2]}, ValuesError, ("b has the layers 1 to 2", "2 entries, not 3")),
    ("chain", CHAIN, {"b": [1, 2]}, ValuesError, ("b has the layers 1 to 3", "not 2")),
    ("chain", CHAIN, {"w": [1, 2, "x"]}, ValuesError, ("the value of w cannot be read", "'x'")),
    ("chain", CHAIN, {"w": [1, 2, float("nan")]}, ValuesError, ("the value of w cannot be read", "nan")),
    ("chain", CHAIN, {"y": float("inf")}, ValuesError, ("the value of y cannot be read",)),
    ("chain", CHAIN, {"y": True}, ValuesError, ("truth value",)),
    ("chain", CHAIN, {"w": [1, [2], 3]}, ValuesError, ("w",)),
    ("rnn", RNN, {"W": np.eye(3)}, ValuesError, ("the dimension d is 2 in U and 3 in W",)),
    ("rnn", RNN, {"W": [1, 2]}, ValuesError, ("W has shape (d, d)", "(2,)")),
    ("rnn", RNN, {"W": [[1, 2], [3]]}, ValuesError, ("W has rows of different lengths",)),
    ("rnn", RNN, {"x": np.ones((4, 2))}, ValuesError, ("the dimension n is 3 in U and 2 in x[1]",)),
    ("rnn", RNN, {"s[0]": 1}, ValuesError, ("s[0] has shape (d,)", "scalar")),
]


@pytest.mark.parametrize(("name", "values", "change", "kind", "fragments"), BAD_VALUES)
def test_bad_values_are_named(name, values, change, kind, fragments):
    given = {k: v for k, v in {**values, **change}.items() if v is not None}
    of, wrt = ("C", "b[1]") if name == "chain" else ("E", "W")
    with pytest.raises(kind) as caught:
        bound(name).derivative(of, wrt).evaluate(given)
    for fragment in fragments:
        assert fragment in str(caught.value)


def test_a_model_without_layers_needs_no_depth():
    assert sg.parse("C = x**2/y").derivative("C", "y").evaluate({"x": 3, "y": 2}, "exact") == fmpq(-9, 4)


@pytest.mark.parametrize("text", ["C = x*2**9**9", "a[j] = a[j-1]**2\nC = a[L]", "C = x**2\nD = C*(1/3)**(9**9)"])
def test_an_exact_number_that_would_fill_the_memory_is_refused(text):
    model = sg.parse(text)
    last, first = str(model.equations[-1].target), str(model.parameters[0])
    with pytest.raises(TooLarge, match="bits"):
        model.derivative(last, first).evaluate({first: 3}, "exact", depth=40)


def test_a_value_that_is_not_needed_may_be_left_out():
    values = {k: v for k, v in CHAIN.items() if k != "y"}
    g = bound("chain").derivative("a[L]", "a[0]")
    assert g.evaluate(values) == g.evaluate(CHAIN)


BAD_PLACES = [
    ("C", "b[1]", None, {"depth": 4}, ValuesError, "the layers 1 to 4"),
    ("C", "b[1]", 2, {}, ValuesError, "the layers 1 to 2"),
    ("C", "b[1]", 3, {"depth": 2}, IndexRangeError, "is of depth 3, and 2 was asked for"),
    ("C", "b[1]", None, {"depth": 0}, IndexRangeError, "the depth is 0"),
    ("C", "b[1]", None, {"depth": 2.0}, IndexRangeError, "the depth is 2.0"),
    ("C", "b[k]", None, {}, IndexRangeError, "the index k of b[k] has no number"),
    ("C", "b[k]", None, {"indices": {"k": 4}}, IndexRangeError, "b[4] does not exist"),
    ("C", "b[k]", None, {"indices": {"k": 1, "m": 1}}, UnknownName, "unknown index symbol 'm'"),
    ("C", "b[1]", None, {"indices": {"k": 1}}, UnknownName, "unknown index symbol 'k'"),
    ("C", "b[1]", None, {"arithmetic": "ball", "digits": 0}, ValuesError, "0 digits were asked for"),
    ("C", "b[1]", None, {"arithmetic": "ball", "digits": 10**9}, ValuesError, "a whole number from 1 to 1,000,000"),
    ("C", "b[1]", None, {"arithmetic": "mp", "digits": "x"}, ValuesError, "x digits were asked for"),
    ("C", "b[k]", None, {"indices": {"k": 0}}, IndexRangeError, "b[0] does not exist"),
    ("a[i]", "b[k]", None, {"indices": {"i": 1, "k": 2}}, IndexRangeError, "holds for i ≥ k"),
    ("C", "b[7]", None, {}, IndexRangeError, "holds for L ≥ 7, and not for L = 3"),
]


@pytest.mark.parametrize(("of", "wrt", "depth", "where", "kind", "what"), BAD_PLACES)
def test_a_form_is_evaluated_only_where_it_holds(of, wrt, depth, where, kind, what):
    g = bound("chain").derivative(of, wrt, depth=depth)
    with pytest.raises((kind, IndexRangeError)) as caught:
        g.evaluate(CHAIN, **where)
    assert what in str(caught.value)
    assert "what to do" in str(caught.value)


@pytest.mark.parametrize("values", [None, [1, 2], "abc"])
def test_values_are_given_by_name(values):
    with pytest.raises(ValuesError, match="the values are a"):
        bound("chain").derivative("C", "b[1]").evaluate(values)


def test_opaque_functions_have_no_value():
    with pytest.raises(UnboundFunction, match="sigma is an opaque function"):
        sg.model("chain").derivative("C", "b[1]").evaluate(CHAIN)


@pytest.mark.parametrize("third", ["1/3", Fraction(1, 3), fmpq(1, 3)])
def test_numbers_that_a_person_wrote_are_exact(third):
    g = sg.parse("a[j] = w[j]*a[j-1]").derivative("a[L]", "a[0]")
    assert g.evaluate({"w": [third, "0.1"], "a[0]": 1}, "exact") == fmpq(1, 30)


# --- arithmetics ---

QUESTIONS = [
    ("chain", "C", "b[1]"),
    ("chain", "C", "w[2]"),
    ("deep_linear", "C", "W[1]"),
    ("mlp", "C", "W[2]"),
    ("mlp", "a[L]", "a[0]"),
    ("rnn", "E", "W"),
    ("rnn", "s[t]", "s[1]"),
    ("residual", "C", "a[0]"),
    ("lstm", "E", "U_f"),
    ("lstm", "h[t]", "c[1]"),
    ("gru", "E", "b_r"),
    ("gru", "h[t]", "h[1]"),
]


def holds(ball, q):
    """Tell whether a ball holds a rational number, which is enclosed to 5,000 bits for it."""
    with ctx.workprec(5_000):
        return ball.overlaps(arb(q))


def rational(x):
    """Return an mpmath number exactly."""
    sign, mantissa, exponent, _ = x._mpf_
    return fmpq((-1) ** sign * int(mantissa)) * fmpq(2) ** exponent


@pytest.mark.parametrize(("name", "of", "wrt"), QUESTIONS)
def test_balls_hold_mpmath_at_twice_the_precision_and_float_is_near(name, of, wrt):
    g, values = bound(name).derivative(of, wrt), values_for(bound(name), 4, seed=3, size=layer_size)
    balls = np.ravel(g.evaluate(values, "ball", 40))
    sharper = np.ravel(g.evaluate(values, "mp", 80))
    floats = np.ravel(g.evaluate(values, "float"))
    largest = max(abs(x) for x in floats)
    for ball, mp, rounded in zip(balls, sharper, floats, strict=True):
        assert holds(ball, rational(mp))
        assert ball.rel_accuracy_bits() > 100 or ball.is_zero()
        assert abs(rounded - float(ball.mid())) <= 1e-12 * largest


PIECEWISE_LINEAR = [
    ("deep_linear", "C", "W[1]", "identity"),
    ("mlp", "C", "W[1]", "relu"),
    ("mlp", "a[L]", "a[0]", "leaky_relu"),
    ("rnn", "s[t]", "W", "relu"),
    ("residual", "C", "b[1]", "softsign"),
]


@pytest.mark.parametrize(("name", "of", "wrt", "activation"), PIECEWISE_LINEAR)
def test_exact_rationals_lie_in_the_balls(name, of, wrt, activation):
    model = sg.model(name)
    bound = {} if name == "deep_linear" else {"sigma": activation}
    bound |= {} if name == "rnn" else {"cost": "quadratic"}
    model = model.bind(**bound)
    g, values = model.derivative(of, wrt), values_for(model, 3, seed=5, size=layer_size)
    exact = np.ravel(g.evaluate(values, "exact"))
    balls = np.ravel(g.evaluate(values, "ball", 50))
    assert any(exact)
    assert all(isinstance(q, fmpq) and holds(b, q) for q, b in zip(exact, balls, strict=True))


def test_what_is_not_closed_is_refused():
    with pytest.raises(NotClosed, match="logistic"):
        sg.model("chain").bind("logistic", cost="quadratic").derivative("C", "b[1]").evaluate(CHAIN, "exact")


def test_an_unknown_arithmetic_is_told():
    with pytest.raises(UnknownName, match="arithmetic"):
        bound("chain").derivative("C", "b[1]").evaluate(CHAIN, "complex")


@pytest.mark.parametrize(("name", "of", "wrt"), QUESTIONS)
def test_a_batch_is_its_items(name, of, wrt):
    model = bound(name)
    g = model.derivative(of, wrt)
    items = [values_for(model, 3, seed, layer_size) for seed in range(5)]

    def layer(*xs):
        return np.stack([np.array(x, dtype=float) for x in xs], axis=-1)

    def batch(*xs):
        return [layer(*x) for x in zip(*xs, strict=True)] if isinstance(xs[0], list) else layer(*xs)

    together = g.evaluate({k: batch(*(item[k] for item in items)) for k in items[0]})
    for i, item in enumerate(items):
        alone = np.asarray(g.evaluate(item))
        assert together[..., i].shape == alone.shape
        assert np.max(abs(together[..., i] - alone)) <= 1e-13 * np.max(abs(alone))


def test_a_batch_of_one_parameter_goes_with_the_others():
    g = bound("chain").derivative("C", "b[1]")
    many = g.evaluate({**CHAIN, "a[0]": np.array([1.0, 2.0, 3.0])})
    assert many.tolist() == [pytest.approx(g.evaluate({**CHAIN, "a[0]": a}), rel=1e-13) for a in (1, 2, 3)]


# --- depth ---

DEEP = 100_000


def test_depth_100_000_in_floats_says_that_it_underflows():
    g = sg.model("chain").bind("tanh").derivative("a[L]", "b[1]")
    values = {"w": np.full(DEEP, 0.5), "b": np.zeros(DEEP), "a[0]": 1}
    with pytest.warns(sg.PrecisionWarning, match="underflow"):
        assert g.evaluate(values) == 0


@pytest.mark.parametrize("arithmetic", ["ball", "mp"])
def test_depth_100_000_of_a_vanishing_gradient_with_digits(arithmetic):
    # a = 0 throughout, so each factor is w tanh'(0) = 1/2, and the product 2^-99999 w^0
    g = sg.model("chain").bind("tanh").derivative("a[L]", "b[1]")
    values = {"w": ["1/2"] * DEEP, "b": [0] * DEEP, "a[0]": 0}
    found = g.evaluate(values, arithmetic, 20)
    times = found if arithmetic == "ball" else rational(found)
    assert abs(times * fmpq(2) ** (DEEP - 1) - 1) < arb(10) ** -14


def test_depth_100_000_exactly():
    g = sg.model("chain").bind("relu", cost="quadratic").derivative("C", "b[1]")
    values = {"w": ["1/2", "2"] * (DEEP // 2), "b": [0] * DEEP, "a[0]": 1, "y": 3}
    assert g.evaluate(values, "exact") == fmpq(2) * (1 - 3)


def test_depth_100_000_of_a_shared_parameter():
    g = sg.parse("a[j] = w*a[j-1]").derivative("a[L]", "w")
    found = g.evaluate({"w": "0.5", "a[0]": 1}, "ball", 30, depth=DEEP)
    assert found.overlaps(arb(DEEP) * arb(2) ** (1 - DEEP))


def test_symbolic_and_concrete_depth_agree():
    values = {"w": [Fraction(k % 7 + 1, 4) for k in range(300)], "b": [Fraction(k % 3 - 1, 8) for k in range(300)]}
    values |= {"a[0]": 1, "y": "0.25"}
    model = sg.model("chain").bind("softsign", cost="quadratic")
    symbolic = model.derivative("C", "b[2]").evaluate(values, "ball", 60)
    concrete = model.derivative("C", "b[2]", depth=300).evaluate(values, "ball", 60)
    assert symbolic.overlaps(concrete)
    assert concrete.rel_accuracy_bits() > 150


# --- under- and overflow ---


def test_underflow_and_overflow_are_said_and_nothing_else_is():
    g = sg.parse("a[j] = w[j]*a[j-1]").derivative("a[L]", "a[0]")
    assert g.evaluate({"w": [0.5] * 1000, "a[0]": 1}) == 2.0**-1000
    with pytest.warns(sg.PrecisionWarning, match="underflow"):
        assert g.evaluate({"w": [0.5] * 1100, "a[0]": 1}) == 0
    with pytest.warns(sg.PrecisionWarning, match="overflow"):
        assert g.evaluate({"w": [2] * 1100, "a[0]": 1}) == np.inf
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vanished = g.evaluate({"w": ["-1/2"] * 1101, "a[0]": 1}, "ball")
    assert vanished < 0
    assert vanished.overlaps(-(arb(2) ** -1101))


def test_a_division_by_zero_is_said():
    g = sg.parse("a[j] = w[j]/a[j-1]").derivative("a[L]", "w[1]")
    with pytest.warns(sg.PrecisionWarning, match="division by 0"):
        g.evaluate({"w": [1.0], "a[0]": 0.0})


# --- Jacobians in float64: many columns at a time ---


@pytest.mark.parametrize("at_once", [1, 7, dense.AT_ONCE])
@pytest.mark.parametrize("wrt", ["s[0]", "W", "U", "b", "x[3]"])
def test_columns_at_a_time_are_those_of_balls(wrt, at_once, monkeypatch):
    monkeypatch.setattr(dense, "AT_ONCE", at_once)
    monkeypatch.setattr(Total, "AT_ONCE", 4)
    random = np.random.default_rng(2)
    shapes = {"W": (3, 3), "U": (3, 2), "b": (3,), "x": (9, 2), "s[0]": (3,)}
    values = {name: random.normal(size=shape) for name, shape in shapes.items()}
    g = sg.model("rnn").bind("tanh").derivative("s[t]", wrt)
    expected = np.array(g.evaluate(values, "ball"), dtype=object)
    assert np.allclose(g.evaluate(values), np.vectorize(lambda x: float(x.mid()))(expected), rtol=1e-12)


def test_a_jacobian_that_underflows_says_so_and_one_that_vanishes_exactly_does_not():
    g = sg.parse("A: (n, n)\nx[0]: (n,)\nx[j] = A@x[j-1]").derivative("x[L]", "x[0]")
    n = 128
    with pytest.warns(sg.PrecisionWarning, match="underflow"):
        g.evaluate({"A": np.full((n, n), 1e-200), "x[0]": np.ones(n)}, depth=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not g.evaluate({"A": np.triu(np.ones((n, n)), 64), "x[0]": np.ones(n)}, depth=3).any()


# --- layouts ---


def test_layouts_transpose():
    model, values = bound("mlp"), values_for(bound("mlp"), 2, seed=1, size=layer_size)
    for of, wrt, numerator, denominator in [
        ("C", "W[2]", (3, 2), (2, 3)),
        ("C", "b[1]", (3,), (3,)),
        ("a[2]", "a[0]", (2, 2), (2, 2)),
        ("a[2]", "a[1]", (2, 3), (3, 2)),
        ("a[2]", "W[2]", (2, 3, 2), (2, 3, 2)),
    ]:
        first = model.derivative(of, wrt, layout="numerator").evaluate(values)
        second = model.derivative(of, wrt, layout="denominator").evaluate(values)
        assert (first.shape, second.shape) == (numerator, denominator)
        assert np.array_equal(first, second.transpose())
    with pytest.raises(UnknownName, match="did you mean 'numerator'"):
        model.derivative("C", "W[1]", layout="numerater")


# --- forms ---


def test_the_deep_linear_network_collapses_to_an_exact_power():
    model = sg.model("deep_linear").let("W[l] = 1.5*I")
    power = model.derivative("a[L]", "a[0]", depth=150).evaluate({"a[0]": [1, 1]}, "exact")
    assert power.tolist() == [[fmpq(3, 2) ** 150, 0], [0, fmpq(3, 2) ** 150]]
    assert round(float(power[0, 0]) / 1e26, 2) == 2.59


FORMS = [
    ("W[l] = 1.5*I", "a[L]", "a[0]", None, "(3/2)^L I"),
    ("W[l] = lambda*I", "a[L]", "a[0]", None, "λ^L I"),
    ("W[l] = λ*I", "a[L]", "a[2]", None, "λ^(L-2) I"),
    ("W[l] = I", "a[L]", "a[0]", None, "I"),
]


@pytest.mark.parametrize(("form", "of", "wrt", "depth", "text"), FORMS)
def test_forms_print_their_power(form, of, wrt, depth, text):
    assert str(sg.model("deep_linear").let(form).derivative(of, wrt, depth=depth)) == text


@pytest.mark.parametrize("form", ["W[l] = V*I", "W[l] = I*V", "W[l] = I*I", "W[l] = 2*(V*I)"])
def test_only_a_number_makes_a_multiple_of_the_identity(form):
    model = sg.parse("V: (n, n)\nW[l]: (n, n)\na[0]: (n,)\na[l] = W[l]@a[l-1]\nC = loss(V@a[L])")
    with pytest.raises(ReadError, match="multiplies I entry by entry"):
        model.let(form)


def test_a_form_may_hold_parameters_of_its_own():
    model = sg.parse("a[j] = w[j]*a[j-1]").let("w[i] = c*d[i] - 1/2")
    g = model.derivative("a[L]", "c")
    found = g.evaluate({"c": 2, "d": [1, 3], "a[0]": 1}, "exact")
    assert found == (fmpq(1) * (6 - fmpq(1, 2)) + fmpq(3) * (2 - fmpq(1, 2)))


# --- kinks and losses ---

KINKS = [
    ("relu", 0),
    ("leaky_relu", fmpq(1, 100)),
    ("elu", 1),
    ("softsign", 1),
    ("abs", 0),
    ("step", 0),
    ("sign", 0),
]


@pytest.mark.parametrize(("activation", "slope"), KINKS)
@pytest.mark.parametrize("arithmetic", ["float", "ball", "mp"])
@pytest.mark.filterwarnings("ignore::symgrad.errors.KinkWarning")
def test_the_slope_at_a_kink_is_the_declared_one(activation, slope, arithmetic):
    g = sg.model("chain").bind(activation).derivative("a[1]", "b[1]", depth=1)
    found = g.evaluate({"w": [0], "b": [0], "a[0]": 1}, arithmetic, 20 if arithmetic != "float" else None)
    assert float(found.mid() if arithmetic == "ball" else found) == pytest.approx(float(fmpq(slope)), rel=1e-15)


LOSSES = [
    ("quadratic", lambda a, y: a - y),
    ("half_squared_error", lambda a, y: a - y),
    ("cross_entropy", lambda a, y: (a - y) / (a * (1 - a))),
    ("softmax_cross_entropy", lambda a, y: y.sum() * np.exp(a) / np.exp(a).sum() - y),
]


@pytest.mark.parametrize(("cost", "gradient"), LOSSES)
def test_bound_losses_have_their_gradient(cost, gradient):
    model = sg.parse(f"a[0]: (n,)\ny: (n,)\ncost: {cost}\na[j] = a[j-1]\nC = cost(a[L], y)")
    a, y = np.array([0.25, 0.5, 0.875]), np.array([0.5, 0.125, 0.375])
    found = model.derivative("C", "a[0]", depth=2).evaluate({"a[0]": a, "y": y})
    assert found == pytest.approx(gradient(a, y), rel=1e-14)


def test_a_bound_chain_by_hand():
    # C = (a - y)^2 / 2, a = 1/(1 + exp(-(w x + b))): dC/db = (a - y) a (1 - a)
    g = sg.model("chain").bind("logistic", cost="quadratic").derivative("C", "b[1]")
    a = 1 / (1 + exp(-1.25))
    values = {"w": [0.5], "b": [0.25], "a[0]": 2, "y": 1}
    assert g.evaluate(values) == pytest.approx((a - 1) * a * (1 - a), rel=1e-14)
    with mpmath.workdps(60):
        a = 1 / (1 + mpmath.exp(-mpmath.mpf("1.25")))
        assert holds(g.evaluate(values, "ball", 40), rational((a - 1) * a * (1 - a)))


def test_nielsens_bound_on_a_vanishing_gradient():
    # |w| < 1 and σ' ≤ 1/4: each layer shrinks the gradient by 4 or more
    depth = 60
    model = sg.model("chain").bind("logistic")
    values = {"w": ["9/10"] * depth, "b": [0] * depth, "a[0]": "1/2"}
    found = model.derivative("a[L]", "a[0]").evaluate(values, "ball", 30)
    assert 0 < float(found.mid()) < (0.9 / 4) ** depth
    assert log10(float(found.mid())) < -38
