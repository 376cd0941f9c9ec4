"""Branches of the kernel that small changes would otherwise survive in: each with a value by hand."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import arb

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import ADD, DIV, LOG, MUL, NEG, POW, SUB, Argument, Constant, Number, Quantity, power
from symgrad.algebra.index import Index, coefficient, plus, times
from symgrad.algebra.linear_map import Column, Diagonal, Matrix, Scale, Transpose
from symgrad.algebra.op import Op
from symgrad.arithmetic import arithmetic
from symgrad.calculus.expand import expand
from symgrad.calculus.powers import NumericPower, numeric_powers
from symgrad.errors import ReadError
from symgrad.evidence.sign import sign
from symgrad.experiments import batch
from symgrad.numbers.bound.size import letter, number

EYE, W, w, z = Constant("I", ("d", "d")), Quantity("W"), Quantity("w"), Quantity("z")
X = sympy.Symbol("x", real=True)


# --- multiples of the identity, broadcast numbers ---------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (EYE, M.IDENTITY),
        (w * EYE, Scale(w)),
        (EYE * w, Scale(w)),
        (EYE / w, Scale(1 / w)),
        (-(w * EYE), M.compose(Scale(Number(Fraction(-1))), Scale(w))),
        (-W, Matrix(-W)),
        (w * W, Matrix(w * W)),
        (Number(Fraction(3)) * EYE, Scale(Number(Fraction(3)))),
    ],
)
def test_a_multiple_of_the_identity_is_a_number(expression, expected) -> None:  # type: ignore[no-untyped-def]
    assert M.matrix(expression) == expected


def test_a_number_that_is_broadcast_is_a_column() -> None:
    out = ("d",)
    assert M.elementwise(Argument(w, ()), Argument(z, out), out) == Scale(w)
    assert M.elementwise(Argument(w, out), Argument(z, out), out) == Diagonal(w)
    assert M.elementwise(Argument(w, out), Argument(z, ()), out) == Column(w)
    assert M.elementwise(Argument(w, ()), Argument(z, ()), out) == Column(w * Constant("1", out))


def exactly(gradient: sg.Gradient, values: dict[str, object]) -> Fraction:
    return Fraction(str(gradient.evaluate(values, "exact")))


def test_the_derivative_of_a_quotient_by_each_part() -> None:
    model = sg.parse("q = a/b")
    values = {"a": 3, "b": 7}
    assert exactly(model.derivative("q", "a"), values) == Fraction(1, 7)
    assert exactly(model.derivative("q", "b"), values) == Fraction(-3, 49)


@pytest.mark.parametrize("n", [Fraction(-2), Fraction(-1), Fraction(2), Fraction(3), Fraction(7)])
def test_the_derivative_of_a_power(n: Fraction) -> None:
    model = sg.parse(f"y = x**({n})")
    assert exactly(model.derivative("y", "x"), {"x": 3}) == n * Fraction(3) ** (n - 1)


# --- products that are written out ------------------------------------------------------------------------


def test_1ᵀ_absorbs_a_diagonal_behind_it_and_nothing_else() -> None:
    one, v = Constant("1", ("d",)), Quantity("v")
    row = Transpose(Column(one))
    assert expand(M.compose(row, Diagonal(v))) == Transpose(Column(v))
    assert expand(M.compose(Diagonal(v), Column(one))) == M.compose(Diagonal(v), Column(one))
    assert expand(M.compose(row, Matrix(W), Diagonal(v))) == M.compose(row, Matrix(W), Diagonal(v))
    assert expand(M.compose(Transpose(Column(w)), Diagonal(v))) == M.compose(Transpose(Column(w)), Diagonal(v))


def test_the_powers_of_numbers_in_a_product() -> None:
    half, three = Number(Fraction(1, 2)), Number(Fraction(3))
    product = map_tree.product("j", 2, 9, Scale(half))
    found = numeric_powers(M.compose(Matrix(W), product, Matrix(W), Scale(three)))
    assert set(found) == {NumericPower(Fraction(1, 2), 8), NumericPower(Fraction(3), 1)}
    assert numeric_powers(M.add(Scale(three), Matrix(W))) == (NumericPower(Fraction(3), 1),)


def test_a_dimension_of_another_layer_has_its_own_size() -> None:
    model = sg.parse("W[l]: (n[l], n[l-1])\na[0]: (n[0],)\na[l] = W[l]@a[l-1]\nC = sum(a[L])")
    values = {"W": [np.ones((2, 3), int), np.ones((4, 2), int)], "a[0]": [1, 2, 3]}
    gradient = model.derivative("C", "a[0]", depth=2)
    assert list(gradient.evaluate(values, "exact")) == [8, 8, 8]
    wide = {"W": [np.ones((2, 3), int), np.ones((4, 3), int)], "a[0]": [1, 2, 3]}
    with pytest.raises(sg.SymgradError, match=r"size|shape|dimension"):
        gradient.evaluate(wide, "exact")


# --- the sum of outer products over a batch ---------------------------------------------------------------


@pytest.mark.parametrize(("m", "n", "items"), [(3, 2, 5), (1, 4, 3), (2, 1, 1)])
@pytest.mark.parametrize("same", ["neither", "first", "second"])
def test_outer_products_over_a_batch(m: int, n: int, items: int, same: str) -> None:
    source = np.random.default_rng(0)
    x = source.normal(size=(m, 1 if same == "first" else items))
    b = source.normal(size=(n, 1 if same == "second" else items))
    wide_x, wide_b = np.broadcast_to(x, (m, items)), np.broadcast_to(b, (n, items))
    expected = sum(np.outer(wide_x[:, i], wide_b[:, i]) for i in range(items))
    assert np.allclose(batch._product(x, b), expected)


# --- sizes, signs -----------------------------------------------------------------------------------------


def test_a_size_is_exact_only_where_it_is_a_number() -> None:
    a = letter("a")
    assert number(Fraction(3, 2)).exact == Fraction(3, 2)
    assert (number(2) + number(3)).exact == 5
    assert (number(2) + a).exact is None
    assert (number(2) * a).exact is None
    assert (number(0) * a).exact == 0
    assert sorted((number(2) * a + letter("b")).letters) == ["a", "b"]


def test_a_parameter_may_be_a_quotient_of_numbers() -> None:
    values = {"x": -3}
    assert exactly(sg.parse("f: leaky_relu(1/5)\ny = f(x)").derivative("y", "x"), values) == Fraction(1, 5)
    with pytest.raises(ReadError, match="must be a number"):
        sg.parse("f: leaky_relu(1/0)\ny = f(x)")


@pytest.mark.parametrize(("depth", "read"), [(40, True), (150, False)])
def test_how_deep_an_expression_may_nest(depth: int, read: bool) -> None:
    text = "y = " + "sin(" * depth + "x" + ")" * depth
    if read:
        assert abs(float(sg.parse(text).derivative("y", "x").evaluate({"x": 0})) - 1) < 1e-12
    else:
        with pytest.raises(ReadError, match="nests too deep"):
            sg.parse(text)


@pytest.mark.parametrize(
    ("expression", "direction", "strict"),
    [
        (sympy.Abs(X) + 1, 1, True),
        (-sympy.Abs(X) - 2, -1, True),
        (sympy.Abs(X), 1, False),
        (-sympy.exp(X), -1, True),
    ],
    ids=str,
)
def test_the_sign_of_an_expression(expression: sympy.Expr, direction: int, strict: bool) -> None:
    found = sign(expression)
    assert found is not None
    assert (found.direction, found.strict) == (direction, strict)


def test_an_expression_that_changes_its_sign_has_none() -> None:
    assert sign(sympy.Abs(X) - 1) is None
    assert sign(X) is None


# --- operations, names of partial derivatives, ranges --------------------------------------------------------


@pytest.mark.parametrize(
    "op", [ADD, SUB, NEG, MUL, DIV, LOG, POW, power(Fraction(3)), power(Fraction(-2))], ids=lambda op: op.name
)
def test_the_pull_back_of_an_operator_is_its_derivative(op: Op) -> None:
    A = arithmetic("symbolic")
    arguments = sympy.symbols("a b", positive=True)[: 1 if op.name in ("neg", "log", "power") else 2]
    value, g = op.on(A)(*arguments), sympy.Symbol("g")
    pulled = op.pullback_on(A)(g, value, *arguments)
    assert [sympy.simplify(p - g * sympy.diff(value, x)) for p, x in zip(pulled, arguments, strict=True)] == [0] * len(
        arguments
    )


@pytest.mark.parametrize(
    ("text", "wrt", "printed"),
    [
        ("C = cost(a, y) + 1", "a", "∂cost/∂a"),
        ("C = cost(a, y) + cost(a, z)", "a", "∂_1 cost(a, y) + ∂_1 cost(a, z)"),
        ("a[l] = tanh(w[l]*a[l-1])\nC = cost(a[L], y[1])", "a[L]", "∂C/∂a_L"),
        (
            "a[l] = tanh(w[l]*a[l-1])\nC = cost(a[L], a[1])",
            "a[1]",
            "(∏_{l=2}^{L} w_l tanh'(w_l a_{l-1})) ∂_1 cost(a_L, a_1) + ∂_2 cost(a_L, a_1)",
        ),
    ],
)
def test_a_partial_derivative_has_a_name_where_it_says_which_is_meant(text: str, wrt: str, printed: str) -> None:
    assert str(sg.parse(text).derivative("C", wrt)) == printed


def test_the_derivative_of_a_power_by_its_base_and_its_exponent() -> None:
    model, values = sg.parse("C = x**y"), {"x": 3, "y": 4}
    for wrt, expected in (("x", arb(108)), ("y", 81 * arb(3).log())):
        assert expected.overlaps(model.derivative("C", wrt).evaluate(values, "ball"))
    assert not arb(109).overlaps(model.derivative("C", "x").evaluate(values, "ball"))


def test_a_range_has_one_value_or_more() -> None:
    text = "i: range({}, 2)\nx[i] = tanh(w[i])\nC = sum[i](x[i])"
    assert str(sg.parse(text.format(1)).derivative("C", "w[1]")) == "tanh'(w_1)"
    with pytest.raises(ReadError, match="is empty"):
        sg.parse(text.format(2))


def test_the_coefficient_of_a_symbol_in_an_index() -> None:
    i, k = Index("i"), Index("k", -1)
    both = plus(times(2, i), k)
    assert [coefficient(both, s) for s in "ikj"] == [2, 1, 0]
    assert [coefficient(i, s) for s in "ik"] == [1, 0]


@pytest.mark.parametrize(
    ("step", "assumed"),
    [
        ("tanh(w[j-1]*a[j-1])", ["L ≥ k + 1"]),
        ("tanh(w[j]*a[j-1])", ["L ≥ k"]),
        ("tanh(w[j]*w[j-1]*a[j-1])", ["k ≥ 1", "L ≥ k + 1"]),
    ],
)
def test_what_is_assumed_of_the_step_of_a_parameter(step: str, assumed: list[str]) -> None:
    model = sg.parse(f"a[j] = {step}\nC = cost(a[L])")
    assert [str(a) for a in model.derivative("C", "w[k]").assumptions] == assumed
