"""Bounds by rules: never below the norm of the gradient, in three norms, for built-in and random networks."""

import numpy as np
import pytest
from hypothesis import given, settings
from random_networks import networks

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import dense, placed, reads
from symgrad.evidence.draw import Draw
from symgrad.evidence.verify import cases_of
from symgrad.network.bind import bind_network
from symgrad.network.functions import opaque
from symgrad.numbers.bound.growth import layer_growth
from symgrad.numbers.bound.letter import Letter
from symgrad.numbers.bound.norm_rules import NORMS
from symgrad.numbers.bound.size import Over, Size
from symgrad.numbers.bound.slope_bound import certified_slope, critical_weight, critical_weights, greatest_slope
from symgrad.ops.activation import ACTIVATIONS
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.rectifier import LEAKY_RELU
from symgrad.ops.witness import Witness

ROUNDING = 1e-12  # of float64, relative


def size_of(x, kind, norm, flip=False):
    """Return max |x_i|, or the norm of a vector (as a column, or with ``flip`` as a row) or of a matrix."""
    x = np.asarray(x, dtype=float)
    if kind == "abs" or x.ndim == 0:
        return np.max(np.abs(x))
    if x.ndim == 1:
        return {True: np.abs(x).sum(), False: np.abs(x).max()}[flip] if norm == "infinity" else np.linalg.norm(x)
    x = x.T if flip else x
    return np.linalg.norm(x, {"spectral": 2, "frobenius": "fro", "infinity": np.inf}[norm])


class Point:
    """A network with numbers for its parameters; what the letters of a bound then are."""

    def __init__(self, form, depth, at, seed):
        self.form, self.at, self.A = form, {**at, form.network.depth_symbol: depth}, arithmetic("float")
        draw = Draw(form.network, depth, seed)
        with self.A.working():
            self.values = draw.values(self.A)
            self.compiler = Compiler(self.values)
            forward(form.network, self.values, self.compiler, wanted={*reads(form.map), placed(form.of, self.at)})
            entries = dense(form, self.values, self.compiler, at)
        rows = int(np.prod(self.values.shape(placed(form.of, self.at)), dtype=int))
        self.jacobian = np.asarray(entries, dtype=float).reshape(rows, -1)

    def value(self, size, norm, at=None):
        """Return a size as a number: each letter by the expression that it is the size of."""
        at = self.at if at is None else at
        total = 0.0
        for term in size.terms:
            factors = [self.base(b, norm, at) ** float(e.at(at)) for b, e in term]
            total += float(np.prod(factors)) if factors else 1.0
        return total

    def base(self, base, norm, at):
        match base:
            case Letter("norm" | "abs" as kind, e, flip):
                return size_of(self.compiler(e)(at), kind, norm, flip)
            case Letter("dimension", d):
                return float(self.values.size(d, at))
            case Letter(value=value):
                return float(value)
            case Over(kind, symbol, lower, upper, body):
                numbers = [p if isinstance(p, int) else at[p.symbol] + p.offset for p in (lower, upper)]
                parts = [self.value(body, norm, {**at, symbol: j}) for j in range(numbers[0], numbers[1] + 1)]
                return float(np.prod(parts)) if kind == "product" else float(np.sum(parts))
            case Size():
                return self.value(base, norm, at)
        return float(base)


def check(form, seed=0):
    bounds = {norm: form.bound(norm=norm) for norm in NORMS}
    for depth, at in cases_of(form):
        point = Point(form, depth, at, seed)
        for norm, found in bounds.items():
            size = size_of(point.jacobian, "norm", norm)
            assert size <= point.value(found.size, norm) * (1 + ROUNDING), f"{norm}, depth {depth}, {at}: {found}"


def bound_functions(model, names=("tanh", "logistic", "softplus", "sin", "exp")):
    bindings, elementwise = {}, iter(names)
    for i, (name, op) in enumerate(sorted(opaque(model).items())):
        bindings[name] = Witness(shift=i) if op.kind == "scalar" else ELEMENTWISE[next(elementwise)]
    return bind_network(model, bindings)


BUILT_IN = {
    "chain": ("C", ("b[1]", "w[2]", "b[k]", "a[0]")),
    "deep_linear": ("C", ("W[1]", "a[0]")),
    "mlp": ("C", ("W[1]", "b[1]", "a[0]")),
    "rnn": ("E", ("W", "U", "b", "s[k]", "x[1]")),
    "residual": ("C", ("b[1]", "w[k]")),
    "lstm": ("E", ("U_f", "h[k]", "c[k]", "b_o")),
    "gru": ("E", ("U_g", "h[k]", "W_u")),
}
JACOBIANS = {
    "chain": ("a[L]", "a[0]"),
    "deep_linear": ("a[L]", "a[0]"),
    "mlp": ("a[L]", "W[1]"),
    "rnn": ("s[t]", "s[k]"),
    "residual": ("a[L]", "a[1]"),
    "lstm": ("h[t]", "c[k]"),
    "gru": ("h[t]", "h[k]"),
}
ASKED = [(name, of, wrt) for name, (of, names) in BUILT_IN.items() for wrt in names]
ASKED += [(name, *pair) for name, pair in JACOBIANS.items()]


@pytest.mark.parametrize(("name", "of", "wrt"), ASKED)
def test_no_gradient_of_a_built_in_model_is_greater(name, of, wrt):
    model = bound_functions(sg.model(name))
    for seed in range(3):
        check(model.derivative(of, wrt), seed)


@given(networks())
@settings(max_examples=60)
def test_no_gradient_of_a_random_network_is_greater(case):
    model = bound_functions(sg.parse(case.text))
    check(model.derivative(case.of, case.wrt, None if case.symbolic else case.depth), case.seed)


TERM, ROW = "‖W‖^(t-k) ‖s_{k-1}‖", "‖W‖^(t-k) ‖s_{k-1}ᵀ‖"
FORMS = [
    # the Frobenius norm of the identity is √d, also where a product is empty; of W itself it is ‖W‖
    ("s[j] = W@s[j-1]", "s[t]", "s[k]", ("‖W‖^(t-k)", "√d ‖W‖^(t-k)", "‖W‖^(t-k)")),
    ("s[j] = W@s[j-1]", "s[t]", "s[0]", ("‖W‖^t", "‖W‖^t", "‖W‖^t")),
    # the norm of a transposed matrix, for infinity, is another one
    ("s[j] = W.T@s[j-1]", "s[t]", "s[0]", ("‖W‖^t", "‖W‖^t", "‖Wᵀ‖^t")),
    ("s[j] = s[j-1]@W", "s[t]", "s[0]", ("‖W‖^t", "‖W‖^t", "‖Wᵀ‖^t")),
    # the map of a matrix parameter, dW ↦ dW s, is I ⊗ sᵀ
    (
        "s[j] = W@s[j-1]",
        "s[t]",
        "W",
        (f"∑_{{k=1}}^{{t}} {TERM}", f"√d ∑_{{k=1}}^{{t}} {TERM}", f"∑_{{k=1}}^{{t}} {ROW}"),
    ),
    ("s[j] = softmax(s[j-1])", "s[t]", "s[0]", ("2^(-t)", "2^(-t) √d", "2^(-t)")),
]


@pytest.mark.parametrize(("equation", "of", "wrt", "expected"), FORMS)
def test_what_the_rules_give(equation, of, wrt, expected):
    shapes = "W: (d, d)\n" if "W" in equation else ""
    model = sg.parse(f"{shapes}s[0]: (d,)\n{equation}\nE = loss(s[t])")
    g = model.derivative(of, wrt)
    assert tuple(str(g.bound(norm=norm)) for norm in NORMS) == expected
    check(bound_functions(model).derivative(of, wrt))


SOUND = [
    # an empty product, ∂a_1/∂a_1 = I; a matrix in the place of a vector; I in a matrix; a row of ones
    ("V: (d, d)\na[0]: (d,)\na[j] = V@a[j-1]\nE = sum(a[L])", "a[L]", "a[1]", "2"),
    ("V: (d, d)\nW: (d, d)\nK = V@W\na[0]: (d,)\na[j] = K@a[j-1]\nE = sum(a[L])", "K", "W", "1"),
    ("V: (d, d)\nW: (d, d)\nK = W@V\na[0]: (d,)\na[j] = K@a[j-1]\nE = sum(a[L])", "K", "W", "1"),
    ("V: (d, d)\nW: (d, d)\nK = V@W.T\na[0]: (d,)\na[j] = K@a[j-1]\nE = sum(a[L])", "E", "W", "2"),
    ("V: (d, d)\na[0]: (d,)\na[j] = V@a[j-1]\nE = sum(a[L])", "E", "a[0]", "2"),
    ("a[0]: (d,)\nv: (d,)\na[j] = tanh(v)*a[j-1]\nE = v@tanh(a[L])", "E", "v", "2"),
    # h_0 is given: it may be greater than 1, as no tanh is
    (
        "U: (d, d)\nh[0]: (d,)\nc[0]: (d,)\nh[j] = tanh(U@h[j-1])\nc[j] = h[j-1]*c[j-1]\nE = sum(c[t])",
        "c[t]",
        "c[0]",
        "2",
    ),
]


@pytest.mark.parametrize(("text", "of", "wrt", "depth"), SOUND)
def test_special_forms(text, of, wrt, depth):
    model = sg.parse(text)
    for seed in range(8):
        check(model.derivative(of, wrt), seed)
        check(model.derivative(of, wrt, int(depth)), seed)


def test_the_identity_in_a_matrix():
    model = sg.parse("W: (d, d)\nV: (d, d)\na[0]: (d,)\na[j] = W@a[j-1]\nE = sum(V@a[L])").let("W = V + 2*I")
    g = model.derivative("a[L]", "a[0]")
    assert [str(g.bound(norm=norm)) for norm in NORMS] == ["(‖V‖ + 2)^L", "√d (‖V‖ + 2)^L", "(‖V‖ + 2)^L"]
    check(g)


def test_a_frobenius_bound_is_reached():
    """√d ‖W‖^(t-k) at t = k is the norm of the identity itself."""
    g = sg.model("rnn").bind("tanh").derivative("s[t]", "s[k]")
    assert g.bound(norm="frobenius").evaluate({"W": 7, "d": 4}, t=3, k=3).to(5) == "2.0000"


ASSUMED = [
    ("chain", "a[L]", "a[0]", ["abs(w) <= 1", {"sigma'": "1/4"}], "4^(-L)"),
    ("rnn", "s[t]", "s[k]", ["norm(W) <= lambda", "abs(sigma') <= gamma"], "(γ λ)^(t-k)"),
    ("rnn", "s[t]", "s[k]", ["‖W‖ ≤ 4", "|sigma'| ≤ 1/4"], "1"),
    ("deep_linear", "a[L]", "a[0]", [{"W": 0.5}], "2^(-L)"),
    ("residual", "a[L]", "a[0]", ["|w| <= 1/2", "|sigma'| <= 1"], "(3/2)^L"),
]


@pytest.mark.parametrize(("name", "of", "wrt", "assumptions", "expected"), ASSUMED)
def test_assumptions(name, of, wrt, assumptions, expected):
    assert str(sg.model(name).derivative(of, wrt).bound(*assumptions)) == expected


def test_an_assumption_on_entries_is_none_on_a_norm():
    model = sg.parse("v: (d,)\ns[0]: (d,)\ns[j] = v*s[j-1]\nE = loss(s[t])")
    through = model.derivative("s[t]", "s[0]")
    assert str(through.bound("abs(v) <= 1/2")) == str(through.bound("norm(v) <= 1/2")) == "2^(-t)"
    total = sg.parse("v: (d,)\ns[0]: (d,)\ns[j] = s[j-1]\nE = v@s[t]").derivative("E", "s[0]")
    assert str(total.bound("norm(v) <= 1/2")) == "1/2"
    with pytest.raises(sg.SymgradError, match="unknown quantity"):
        total.bound("abs(v) <= 1/2")


LATEX = [
    ("rnn", "s[t]", "s[k]", r"(\gamma\, \lambda)^{t-k}", {"W": "lambda", "sigma'": "gamma"}),
    ("chain", "a[L]", "a[0]", r"4^{-L}", {"w": 1, "sigma'": "1/4"}),
    ("chain", "a[L]", "a[0]", r"\left(\frac{3}{4}\right)^{L}", {"w": 3, "sigma'": "1/4"}),
    (
        "chain",
        "C",
        "a[0]",
        r"2^{L}\, \left\vert \frac{\partial C}{\partial a_{L}} \right\vert",
        {"w": 2, "sigma'": 1},
    ),
]


@pytest.mark.parametrize(("name", "of", "wrt", "latex", "assumptions"), LATEX)
def test_latex(name, of, wrt, latex, assumptions):
    found = sg.model(name).derivative(of, wrt).bound(assumptions).latex()
    assert found == latex


BAD = [
    (["norm(V) <= 1"], {}, "unknown quantity of the derivative 'V'"),
    (["W < 1"], {}, "is not an assumption"),
    (["norm(W) <= -1"], {}, "is negative"),
    (["norm(W) <= a lot"], {}, "no decimal number"),
    ([{"W": None}], {}, "NoneType"),
    ([], {"norm": "nuclear"}, "unknown norm 'nuclear'"),
]


@pytest.mark.parametrize(("assumptions", "options", "message"), BAD)
def test_bad_input(assumptions, options, message):
    g = sg.model("rnn").derivative("s[t]", "s[k]")
    with pytest.raises(sg.SymgradError, match=message):
        g.bound(*assumptions, **options)


def test_a_letter_without_a_number():
    found = sg.model("rnn").derivative("s[t]", "s[k]").bound()
    assert found.letters == {"W", "sigma'"}
    with pytest.raises(sg.SymgradError, match="no value is given"):
        found.evaluate({"W": 1}, t=2, k=0)
    with pytest.raises(sg.SymgradError, match="unknown value for the index 't'"):
        found.evaluate({"W": 1, "sigma'": 1}, k=0)
    with pytest.raises(sg.SymgradError, match="is no size"):
        found.evaluate({"W": -1, "sigma'": 1}, t=2, k=0)


# --- slopes, critical weights, growth -------------------------------------------------------------


@pytest.mark.parametrize("record", ACTIVATIONS, ids=lambda r: r.name)
def test_the_closed_slopes_lie_in_their_certified_enclosures(record):
    closed, certified = greatest_slope(record), certified_slope(record)
    assert certified.ball(200).overlaps(closed.ball(200))
    assert certified.ball(200).rad() < 1e-15
    assert (closed.exact is not None) == (record.steepest is not None)
    x = np.linspace(-20, 20, 100_001)
    sampled = np.abs(record.slope_at(arithmetic("float"), x))
    assert np.max(sampled) <= float(closed) * (1 + ROUNDING)
    assert np.max(sampled) >= float(closed) * 0.999


def test_parameters_are_heard():
    steep = LEAKY_RELU.with_parameters(alpha=-3)
    assert greatest_slope(steep).exact == 3


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sinh"])
def test_a_slope_without_a_bound_stays_a_letter(name):
    assert greatest_slope(ELEMENTWISE[name]) is None
    with pytest.raises(sg.SymgradError, match="no weight is critical"):
        critical_weight(ELEMENTWISE[name])
    model = sg.parse(f"a[j] = {name}(w*a[j-1])\nC = cost(a[L])")
    assert f"{'ln' if name == 'log' else name}'" in str(model.derivative("a[L]", "a[0]").bound("abs(w) <= 1"))


@pytest.mark.parametrize("name", critical_weights())
def test_at_the_critical_weight_a_layer_grows_by_one(name):
    weight = critical_weights()[name]
    network = sg.model("chain").bind(name)
    if weight.exact is not None:
        assert layer_growth(network, weight.exact).value.exact == 1
    else:
        assert layer_growth(network).value.ball(200).overlaps(1 / weight.ball(200))


def test_known_critical_weights():
    found = critical_weights()
    assert {name: w.exact for name, w in found.items() if w.exact in (1, 4)} == {
        "logistic": 4,
        **dict.fromkeys(("tanh", "relu", "leaky_relu", "elu", "softplus", "softsign", "identity"), 1),
        **dict.fromkeys(("celu", "hard_tanh", "relu6"), 1),
    }
    assert found["silu"].to(10) == "0.9092237218"
    assert found["gelu"].to(10) == "0.8858148004"
