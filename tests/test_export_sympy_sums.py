"""Sums of matrices over an index, softmax and gradients by cotangents as SymPy objects: which gradients answer."""

from typing import Any

import numpy as np
import pytest
import sympy as sp
from test_export_sympy import array
from test_export_values import forward_pass, given_values, matrix_model

import symgrad as sg
from symgrad.errors import SymgradError, TooLarge
from symgrad.evidence.draw import Draw
from symgrad.export.sympy_sum import MatrixSum


def symbol(name: str) -> sp.Symbol:
    return sp.Symbol(name, integer=True)


def environment(draw: Draw) -> dict[str, Any]:
    env: dict[str, Any] = {}
    for quantity, layers in forward_pass(draw, "float").items():
        for index, x in layers.items():
            column = np.reshape(np.asarray(x, float), (len(x), -1)) if np.ndim(x) else float(x)
            env[quantity if index is None else f"{quantity}_{index}"] = column
    return env


def value(e: Any, model: Any, draw: Draw) -> Any:
    sizes = {d.name if d.index is None else f"{d.name}_{d.index}": n for d, n in draw._sizes.items()}
    return array(e, environment(draw), sizes)


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(
    ("name", "of", "wrt"), [("rnn", "E", "W"), ("rnn", "s[t]", "b"), ("lstm", "E", "W_f"), ("gru", "E", "b_g")]
)
def test_a_sum_written_out_has_the_value_of_the_gradient(name, of, wrt, layout):
    model = matrix_model(name)
    general = model.derivative(of, wrt, layout=layout)
    draw = Draw(model, 2, seed=4)
    expected = np.asarray(general.evaluate(given_values(draw), depth=2, indices={"t": 2}), dtype=float)
    total = general.sympy()
    assert total.atoms(MatrixSum) or isinstance(total, MatrixSum)
    found = value(total.subs(symbol("t"), 2).doit(), model, draw)
    assert found.reshape(expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(
    ("text", "of", "wrt"),
    [
        ("X: (3, 2)\nW: (2, 2)\nS = X@W\nP = softmax(S)\nO = P@X.T\nL = sum(O*O)", "L", "W"),
        ("X: (3, 2)\nW: (2, 2)\nb: (2,)\nZ = tanh(X@W + b)\nL = sum(Z**3)", "L", "b"),
        ("x: (3,)\ny: (3,)\nL = softmax_cross_entropy(x, y)", "L", "x"),
        ("Q: (2, 3)\nK: (2, 3)\nV: (2, 3)\nO = Q@(K.T@V)\nL = sum(O**2)", "L", "K"),
    ],
)
def test_what_is_no_product_of_matrices_has_the_value_of_the_gradient(text, of, wrt):
    model = sg.parse(text)
    draw = Draw(model, 1, seed=2)
    for layout in ("numerator", "denominator"):
        gradient = model.derivative(of, wrt, layout=layout)
        expected = np.asarray(gradient.evaluate(given_values(draw)), dtype=float)
        found = value(gradient.sympy(), model, draw)
        assert found.reshape(expected.shape) == pytest.approx(expected, rel=1e-9, abs=1e-12 * np.abs(expected).max())


def test_entries_transposes_latex_and_limits():
    total = sg.model("rnn").derivative("E", "W", layout="denominator").sympy()
    t = symbol("t")
    assert str(total).startswith("MatrixSum(")
    assert sp.latex(total).startswith(r"\sum_{k=1}^{t}")
    assert isinstance(total[0, 1], sp.Sum)
    assert total == total.T.T
    assert total.shape == (sp.Symbol("d", integer=True, positive=True),) * 2
    assert t in total.free_symbols
    assert symbol("k") not in total.free_symbols
    assert total.subs(t, 0).doit() == sp.ZeroMatrix(*total.shape)
    with pytest.raises(TooLarge):
        total.subs(t, 10**6).doit()


def test_second_derivatives():
    z = sp.Symbol("z", real=True)
    found = sg.parse("C = sin(z)*logistic(z)").hessian("C", "z").sympy()
    expected = sp.diff(sp.sin(z) / (1 + sp.exp(-z)), z, 2)
    at = {sp.Symbol("z"): sp.Rational(1, 3), z: sp.Rational(1, 3)}
    assert abs(float(found.doit().subs(at)) - float(expected.subs(at))) < 1e-12
    opaque = sg.parse("o: (n,)\nx: (n,)\no = 2*x\nE = loss(o)").hessian("E", "x").sympy()
    assert "∂2E/∂o∂o" in str(opaque)


def test_a_gradient_of_matrix_states_is_written_by_its_cotangent():
    gradient = sg.model("batch_mlp").derivative("C", "W[l]", layout="denominator").sympy()
    assert str(gradient) == "A[l - 1].T*∂C/∂Z[l]"


UNANSWERED = {"transformer ∂C/∂X[0]", "transformer_post_ln ∂C/∂X[0]"}
"""The standard deviation of each row has no object of SymPy."""


SOON = ("attention", "batch_mlp", "rnn", "seq_rnn", "ssm")


@pytest.mark.parametrize("name", [n if n in SOON else pytest.param(n, marks=pytest.mark.long) for n in sg.models()])
def test_every_gradient_of_the_built_in_models_answers(name):
    model = sg.model(name)
    numbers = [e.target for e in model.equations if model.shape(e.target) == () and not e.target.indices]
    for parameter in map(str, model.parameters):
        try:
            gradient = model.derivative(str(numbers[-1]), parameter)
        except SymgradError:  # of a grid at a symbolic depth: backward equations
            continue
        if f"{name} ∂{numbers[-1]}/∂{parameter}" not in UNANSWERED:
            assert gradient.sympy() is not None
