"""What is printed is read back by a reader of its own and evaluated: it must have the value of the derivative."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from printed import GREEK, Reader, latex_text

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.calculus.forward import Compiler, forward
from symgrad.evidence.draw import Draw
from symgrad.export.latex import latex
from symgrad.export.math import Display, Document
from symgrad.export.text import display_text
from symgrad.export.typeset import Typesetter

NAMES = {letter: name for name, letter in GREEK.items()}

FUNCTIONS: dict[str, Any] = {
    "logistic": lambda x: 1 / (1 + mpmath.exp(-x)),
    "step": lambda x: mpmath.mpf(x > 0),
    "negative_part": lambda x: min(x, mpmath.mpf(0)),
    "negativepart": lambda x: min(x, mpmath.mpf(0)),
    "abs": abs,
    **{name: getattr(mpmath, name) for name in ("exp", "expm1", "log", "sqrt", "sin", "cos", "tanh", "erf", "erfc")},
    "ReLU": lambda x: max(x, mpmath.mpf(0)),
    "id": lambda x: x,
}
ACTIVATIONS: dict[str, Any] = {
    **{name: FUNCTIONS[name] for name in ("logistic", "tanh", "sin", "erf")},
    "relu": FUNCTIONS["ReLU"],
    "leaky_relu": lambda x: x if x > 0 else x / 100,
    "elu": lambda x: x if x > 0 else mpmath.expm1(x),
    "gelu": lambda x: x * mpmath.ncdf(x),
    "gelu_tanh": lambda x: x * (1 + mpmath.tanh(mpmath.sqrt(2 / mpmath.pi) * (x + mpmath.mpf("0.044715") * x**3))) / 2,
    "silu": lambda x: x * FUNCTIONS["logistic"](x),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
    "softsign": lambda x: x / (1 + abs(x)),
    "identity": lambda x: x,
    "lecun_tanh": lambda x: mpmath.mpf("1.7159") * mpmath.tanh(2 * x / 3),
}
DIGITS = 40


def given_values(draw: Draw) -> dict[str, Any]:
    """Return the drawn values as a user gives them."""
    values: dict[str, Any] = {}
    for q in draw.network.parameters:
        layers = [x for (name, _), x in draw.exact.items() if name == q.name]
        indexed = q.index is not None and not isinstance(q.index, int)
        key = f"{q.name}[{q.index}]" if isinstance(q.index, int) else q.name
        values[key] = layers if indexed else draw.exact[q.name, q.index]
    return values


def forward_pass(draw: Draw, name: str, digits: int | None = None) -> dict[str, dict[Any, Any]]:
    """Return the value of every quantity."""
    A = arithmetic(name, digits)
    with A.working():
        values = draw.values(A)
        forward(draw.network, values, Compiler(values))
    return values.env


def scalar_reader(model: sg.Model, depth: int, function: Any, **indices: int) -> tuple[Reader, Any, Draw]:
    """Return a reader of formulas of a scalar network, and the values."""
    draw = Draw(model, depth, seed=1)
    env = forward_pass(draw, "mp", DIGITS)

    def value(base: str, index: Any) -> Any:
        if base == "π":
            return +mpmath.pi
        return mpmath.mpf(env[NAMES.get(base, base)][index])

    def apply(base: str, primes: int) -> Any:
        f = function if base == "σ" else FUNCTIONS[base]
        return f if not primes else (lambda x: mpmath.diff(f, x))

    def derivative(name: str) -> Any:  # of C = quadratic(a_L, y)
        assert re.fullmatch(rf"∂C/∂a_\{{{depth}\}}", name), name
        return mpmath.mpf(env["a"][depth]) - mpmath.mpf(env["y"][None])

    number = lambda s: mpmath.mpf(Fraction(s).numerator) / Fraction(s).denominator  # noqa: E731
    at = {model.depth_symbol: depth, **indices}
    return Reader(value, apply, derivative, at, number=number), env, draw


def shown(document: Document, format_: str) -> list[str]:
    """Return the equations of a document, each on one line, as the text that the reader reads."""
    displays = [d for d in document.parts if isinstance(d, Display)]
    if format_ == "latex":
        lines = [latex_text(latex(Document((d,)))) for d in displays]
    else:
        lines = [display_text(d, 30 if format_ == "narrow" else None) for d in displays]
    return [re.sub(r"\s+", " ", line).strip() for line in lines]


SCALAR = [
    ("chain", "C", "b[1]", {}),
    ("chain", "C", "w[2]", {}),
    ("chain", "a[L]", "a[0]", {}),
    ("chain", "C", "w[k]", {"k": 2}),
    ("chain", "a[j]", "a[k]", {"j": 3, "k": 1}),
    ("residual", "C", "b[1]", {}),
    ("residual", "C", "w[k]", {"k": 1}),
]
SCALAR_FORMS = [
    (*row, depth, form)
    for row in SCALAR
    for depth in (None, 3)
    for form in ("folded", "unfolded", "inputs")
    if form != "inputs" or (depth and not row[-1])  # by the inputs: at a concrete depth only
]


@pytest.mark.parametrize("format_", ["text", "narrow", "latex"])
@pytest.mark.parametrize(("name", "of", "wrt", "indices", "depth", "form"), SCALAR_FORMS)
def test_a_printed_scalar_formula_has_the_value_of_the_derivative(name, of, wrt, indices, depth, form, format_):
    model = sg.model(name).bind("tanh", cost="quadratic")
    g = model.derivative(of, wrt, depth=depth)
    with mpmath.workdps(DIGITS):
        reader, _, draw = scalar_reader(model, 3, mpmath.tanh, **indices)
        [line] = shown(g.presentation(form=form).document(), format_)
        printed = reader.read(line.split(" = ")[1])
        expected = mpmath.mpf(g.evaluate(given_values(draw), "mp", DIGITS, depth=3, indices=indices))
        assert abs(printed - expected) <= abs(expected) * mpmath.mpf(10) ** -20
        assert printed != 0


@pytest.mark.parametrize("form", ["unfolded", "inputs"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_written_out_slopes_have_the_value_of_the_derivative(activation, form):
    model = sg.model("chain").bind(activation, cost="quadratic")
    g = model.derivative("C", "b[1]", depth=2)
    with mpmath.workdps(DIGITS):
        reader, _, draw = scalar_reader(model, 2, ACTIVATIONS[activation])
        page = g.presentation(form=form)
        expected = mpmath.mpf(g.evaluate(given_values(draw), "mp", DIGITS))
        for format_ in ("text", "latex"):
            [line] = shown(page.document(), format_)
            printed = reader.read(line.split(" = ")[1])
            assert abs(printed - expected) <= abs(expected) * mpmath.mpf(10) ** -15


# --- any expression ----------------------------------------------------------------------------------

HOSTILE = [
    "-x**2",
    "(-x)**2",
    "a-(b-c)",
    "a-(b+c)",
    "a/(b/c)",
    "(a/b)/c",
    "a/b*c",
    "a*b/c",
    "(a*b)**2",
    "-(a+b)",
    "2**-1*a",
    "a**-1",
    "-(-a)",
    "a+-b",
    "a--b",
    "(a-b)-c",
    "a*(b+c)",
    "-(a*b)",
    "(-a)*b",
    "a*(-b)",
    "a*-2",
    "2*3*a",
    "a*2*3",
    "1.5*a",
    "(1.5*a)**2",
    "1.5**2*a",
    "(-1.5)**3*a",
    "-1.5**2*a",
    "(a/b)**2",
    "(a+b)**(-2)",
    "((a**2)**3)",
    "(a**2)**-1",
    "a**2/b**2",
    "-a/b",
    "(-a)/b",
    "a/(-b)",
    "a/(b*c)",
    "a/(b+c)",
    "(a+b)/c",
    "-(a/b)",
    "1/a",
    "1/(1/a)",
    "a*(1/b)",
    "(1/3)*a",
    "a-1/3",
    "a--1/3",
    "0.1*a",
    "2*0.1*a",
    "a*0.5**2",
    "-(2*a-b)*(c-1)*-3",
]

VALUES = {"a": Fraction(3, 7), "b": Fraction(-5, 3), "c": Fraction(2, 11), "x": Fraction(-7, 5)}


def expressions() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["a", "b", "c", "2", "0.5", "3", "1.25", "7"])
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
            inner.map(lambda e: f"-({e})"),
            st.tuples(inner, st.sampled_from(["2", "-1", "3", "-2"])).map(lambda t: f"({t[0]})**{t[1]}"),
        ),
        max_leaves=10,
    )


def exact_value(e: str) -> Fraction | None:
    """Return the value by Python's own grammar, with decimals exact; None where it divides by 0."""
    code = re.sub(r"\d+(?:\.\d+)?", lambda m: f"Fraction('{m[0]}')", e)
    code = re.sub(r"\*\*(-?)Fraction\('(\d+)'\)", r"**\1\2", code)
    try:
        return Fraction(eval(code, {"Fraction": Fraction, **VALUES}))
    except ZeroDivisionError:
        return None


def read_back(e: str, format_: str) -> Fraction:
    model = sg.parse(f"q = {e}\ns[j] = q*s[j-1]\nC = s[L]")
    [opening] = model.openings
    typesetter = Typesetter(model, sg.notation("nielsen"))
    display = Display(typesetter.quantity(opening.target), typesetter.expression(opening.value))
    [line] = shown(Document((display,)), format_)
    return Reader(lambda base, index: VALUES[base]).read(line.split(" = ")[1])


@pytest.mark.parametrize("format_", ["text", "narrow", "latex"])
@pytest.mark.parametrize("e", HOSTILE)
def test_parentheses_stand_where_the_value_needs_them(e, format_):
    assert read_back(e, format_) == exact_value(e)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(expressions())
def test_any_expression_is_printed_with_its_value(e):
    expected = exact_value(e)
    if expected is not None:
        for format_ in ("text", "narrow", "latex"):
            assert read_back(e, format_) == expected


ARRAYS = {
    "u": np.array([1.5, -2.0, 0.5]),
    "v": np.array([0.25, 3.0, -1.0]),
    "A": np.array([[1.0, 2.0, -1.0], [0.5, -3.0, 2.0], [4.0, 0.0, 1.5]]),
    "B": np.array([[2.0, -1.0, 0.0], [1.0, 1.0, 3.0], [-2.0, 0.5, 1.0]]),
    "c": 1.25,
    "k": -0.5,
}
ARRAY_EXPRESSIONS = """
(u + v)@u, (u + v)@A, A@(u + v), A@(u*v), (A@u)*v, u*(A@v), u*v*u, (u*v)@A, A.T@u, (A + B).T@u, (A@B).T@u,
A@B@u, A.T.T@u, (-A).T@u, -A@u, -(A@u), c*A@u, (c*A)@u, A@(c*u), (c*u)@v*u, (u@v)*u, (u@v)*(u@v)*u,
u*(u@v), u@v*c*u, u/c, u/v, 1/v, c/v, (u + v)/(c - k), u/(v*v), u/(v/u), u/v/u, (A@u)/v, u**2, (u*v)**2,
(u + v)**2, -u**2, (A**2)@u, ((A + B)**2)@u, u.T@v*u, 1 - u, c - u*v, u - (v - u), u - (v + c), u - -v,
u@A@v*u, (u@A)*v, (v@A)@B, (A*B)@u, A*B*A@u, (A - c*B)@u, (u@A + v@B)*2, -3*u, (-3)*u*-2, c**2*u,
(c*k)**2*u, c/k*u, c/(k*2)*u, 2*3*u, (1/3)*u, u*(1/3), ((c + k)*A)@(u - v), exp(u)*exp(-u*u),
A@exp(u + 1)
"""


@pytest.mark.parametrize("format_", ["text", "narrow", "latex"])
@pytest.mark.parametrize("e", [e.strip() for e in ARRAY_EXPRESSIONS.replace("\n", " ").split(", ")])
def test_expressions_of_arrays_are_printed_with_their_value(e, format_):
    shapes = "u: (3,)\nv: (3,)\nA: (3, 3)\nB: (3, 3)\ns[0]: (3,)\n"
    model = sg.parse(f"{shapes}q = {e}\ns[j] = q*s[j-1]\nC = cost(s[L])")
    [opening] = model.openings
    typesetter = Typesetter(model, sg.notation("nielsen"))
    display = Display(typesetter.quantity(opening.target), typesetter.expression(opening.value))
    [line] = shown(Document((display,)), format_)
    columns = {name: x.reshape(3, -1) if np.ndim(x) else x for name, x in ARRAYS.items()}
    reader = Reader(lambda base, _: columns[base], lambda base, _: getattr(np, base), number=float)
    expected = eval(e, {"exp": np.exp, **ARRAYS})
    assert np.ravel(reader.read(line.split(" = ")[1])) == pytest.approx(expected, rel=1e-13)


# --- matrices ----------------------------------------------------------------------------------------


def matrix_model(name: str) -> sg.Model:
    model = sg.model(name)
    if name in ("mlp", "deep_linear"):
        return model.bind(cost="quadratic") if name == "deep_linear" else model.bind("tanh", cost="quadratic")
    state = "s[t]" if name == "rnn" else "h[t]"
    model = sg.parse(model.text.replace(f"loss({state})", f"quadratic({state}, y)") + "\ny: (d,)\n", name)
    return model.bind("tanh") if name == "rnn" else model


def matrix_reader(model: sg.Model, depth: int) -> tuple[Reader, Draw]:
    draw = Draw(model, depth, seed=3)
    env = forward_pass(draw, "float")
    column = lambda x: np.asarray(x, dtype=float).reshape(len(x), -1) if np.ndim(x) else x  # noqa: E731

    def value(base: str, index: Any) -> Any:
        base = NAMES.get(base, base)
        if isinstance(index, str):
            part, _, number = index.partition(",")
            base, index = f"{base}_{part}", int(number) if number else None
        return column(env[base][index])

    def function(base: str, primes: int) -> Any:
        f = {"σ": np.tanh if model.name in ("rnn", "mlp") else lambda x: 1 / (1 + np.exp(-x)), "tanh": np.tanh}[base]
        slope = {"tanh": lambda x: 1 - np.tanh(x) ** 2, "logistic": lambda x: f(x) * (1 - f(x))}
        if not primes:
            return f
        return slope["tanh" if f is np.tanh else "logistic"]

    def derivative(name: str) -> Any:
        found = re.fullmatch(r"∂[CE]/∂([a-z])_\{(\d+)\}", name)
        assert found, name
        return (column(env[found[1]][int(found[2])]) - column(env["y"][None])).T

    state = {"lstm": "h", "gru": "h", "rnn": "s"}.get(model.name, "a")
    size = len(env[state][depth])
    at = {model.depth_symbol: depth}
    return Reader(value, function, derivative, at, number=float, size=size), draw


MATRIX = [
    ("deep_linear", "C", "a[0]"),
    ("deep_linear", "C", "W[1]"),
    ("mlp", "C", "b[1]"),
    ("mlp", "C", "W[2]"),
    ("mlp", "a[L]", "a[0]"),
    ("rnn", "E", "b"),
    ("rnn", "E", "W"),
    ("rnn", "E", "U"),
    ("rnn", "s[t]", "s[1]"),
    ("lstm", "h[t]", "h[1]"),
    ("lstm", "c[t]", "c[1]"),
    ("lstm", "E", "b_f"),
    ("lstm", "E", "W_f"),
    ("lstm", "E", "U_o"),
    ("lstm", "E", "x[1]"),
    ("lstm", "E", "h[0]"),
    ("gru", "h[t]", "h[1]"),
    ("gru", "E", "b_u"),
    ("gru", "E", "U_g"),
    ("gru", "E", "x[2]"),
]


@pytest.mark.parametrize("format_", ["text", "narrow", "latex"])
@pytest.mark.parametrize("form", ["folded", "unfolded"])
@pytest.mark.parametrize("depth", [None, 3])
@pytest.mark.parametrize(("name", "of", "wrt"), MATRIX)
def test_a_printed_matrix_formula_has_the_value_of_the_derivative(name, of, wrt, depth, form, format_):
    model = matrix_model(name)
    g = model.derivative(of, wrt, depth=depth)
    reader, draw = matrix_reader(model, 3)
    lines = shown(g.presentation(form=form).document(), format_)
    changes = [line for line in lines if re.match(r"\S+ d\S+ =", line)]  # what ∂⁺ does to a change of a matrix
    if changes:
        lines = [lines[-1], *lines[1:-1]]  # the last equation writes the same without
    printed = reader.document("\n".join(lines))
    expected = np.asarray(g.evaluate(given_values(draw), depth=3), dtype=float)
    assert printed.reshape(expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-12 * np.abs(expected).max())
