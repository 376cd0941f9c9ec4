"""Units: functions of vectors with a name, of every file and of a line of its own; their rules and what they print."""

from fractions import Fraction

import numpy as np
import pytest
from campaign import campaign
from proved import assert_proved
from random_networks import unit_networks

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.errors import SymgradError
from symgrad.export.text import math_text, text

PRINTED = [
    ("x: (n,)\ny = layer_norm(x)", "(1/std(x)) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)"),
    ("x: (n,)\ny = layer_norm(x, epsilon)", "(1/√(var(x) + ε)) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) y yᵀ)"),
    ("x: (n,)\ny = rms_norm(x)", "(1/√(mean(x^2))) (I - (1/n) y yᵀ)"),
    ("x: (n,)\ny = normalize(x)", "(1/‖x‖) (I - y yᵀ)"),
    (
        "x: (n,)\ng: (n,)\nb: (n,)\ny = g*layer_norm(x) + b",
        "(1/std(x)) diag(g) (I - (1/n) 𝟏 𝟏ᵀ - (1/n) layer_norm(x) layer_norm(x)ᵀ)",
    ),
    (
        "LN(x) = (x - mean(x))/sqrt(var(x) + epsilon)\nx: (n,)\nW: (n, n)\ny = x + W@LN(tanh(x))",
        "I + (1/√(var(tanh(x)) + ε)) W (I - (1/n) 𝟏 𝟏ᵀ - (1/n) LN(tanh(x)) LN(tanh(x))ᵀ) diag(tanh'(x))",
    ),
    ("f(a, b) = a*b + sum(a)\nx: (n,)\nc: (n,)\ny = f(c, tanh(x))", "diag(c) diag(tanh'(x))"),
]


@pytest.mark.parametrize(("equations", "printed"), PRINTED)
def test_the_jacobian_of_a_unit(equations, printed):
    assert_proved(equations, "y", "x", printed)


DEEP = [
    (
        "y[l] = F(u[l])\nu[l] = layer_norm(x[l-1])\nx[l] = x[l-1] + y[l]",
        "∏_{l=1}^{L} (I + ∂F/∂u_l ∂u_l/∂x_{l-1})",
        "∂u_l/∂x_{l-1} = (1/std(x_{l-1})) (I - (1/d) 𝟏 𝟏ᵀ - (1/d) u_l u_lᵀ)",
    ),
    (
        "y[l] = F(x[l-1])\nu[l] = x[l-1] + y[l]\nx[l] = layer_norm(u[l])",
        "∏_{l=1}^{L} ∂x_l/∂u_l (I + ∂F/∂x_{l-1})",
        "∂x_l/∂u_l = (1/std(u_l)) (I - (1/d) 𝟏 𝟏ᵀ - (1/d) x_l x_lᵀ)",
    ),
]


@pytest.mark.parametrize(("equations", "printed", "below"), DEEP)
def test_a_unit_in_a_deep_network_keeps_its_name(equations, printed, below):
    model = sg.parse(f"F: vector\nx[0]: (d,)\nx[l]: (d,)\ny[l]: (d,)\n{equations}")
    gradient = model.derivative("x[L]", "x[0]")
    page = gradient.presentation()
    assert math_text(page.right) == printed
    assert below in text(page.document())
    assert gradient.verify(seed=0).verdict.name == "PROVED"


def test_a_unit_has_the_value_of_its_definition():
    equations = "s(x, y) = x/(1 + norm(y))\nv: (n,)\nw: (n,)\nc = sum(s(v, w)*w)"
    by_hand = "v: (n,)\nw: (n,)\nc = sum(v/(1 + norm(w))*w)"
    values = {"v": [1.0, 2.0, -1.0], "w": [0.5, -0.25, 2.0]}
    mine, other = (sg.parse(e).derivative("c", "w").evaluate(values) for e in (equations, by_hand))
    np.testing.assert_allclose(mine, other, rtol=1e-13)


@pytest.mark.parametrize("name", ["layer_norm", "batch_norm"])
def test_a_unit_of_a_matrix_is_that_of_each_item(name):
    A = arithmetic("exact")
    X = np.array([[Fraction(n) for n in row] for row in ([1, 2, 6], [3, 3, 0], [5, 1, 3], [7, 4, 1])], dtype=object)
    axis = 1 if name == "layer_norm" else 0
    with A.working():
        model = sg.parse(f"X: (m, n)\nv: (n,)\nY = {name}(X, 1)\nc = sum(Y@v)")
        found = model.derivative("c", "X").evaluate({"X": X, "v": [1, -2, 3]})
    floats = X.astype(float)

    def total(x):
        centred = x - x.mean(axis=axis, keepdims=True)
        return (centred / np.sqrt(x.var(axis=axis, keepdims=True) + 1) @ np.array([1.0, -2.0, 3.0])).sum()

    for place in np.ndindex(floats.shape):
        step = np.zeros_like(floats)
        step[place] = 1e-5
        slope = (total(floats + step) - total(floats - step)) / 2e-5
        assert abs(np.asarray(found, dtype=float).T[place] - slope) < 1e-6 * (1 + abs(slope))


REFUSED = [
    ("LN(x, x) = x\ny = LN(1, 2)", "a function is defined by letters, each once"),
    ("LN(x) = x - mean(x)\nz: (n,)\ny = LN(z, z)", "LN takes 1 argument, not 2"),
    ("z: (n,)\ny = normalize(z, 2)", "normalize takes 1 argument, not 2"),
    ("LN(x[1]) = x\ny = LN(1)", "a function is defined by letters"),
]


@pytest.mark.parametrize(("equations", "message"), REFUSED)
def test_what_is_no_unit(equations, message):
    with pytest.raises(SymgradError) as refused:
        sg.parse(equations)
    assert message in str(refused.value)


def test_the_paths_of_residual_blocks():
    model = sg.parse("W[l]: (n, n)\nx[0]: (n,)\nx[l] = x[l-1] + tanh(W[l]@x[l-1])")
    gradient = model.derivative("x[3]", "x[0]")
    page = gradient.paths()
    assert len(page.map.maps) == 8
    assert gradient.verify(presentation=page).verdict.name == "PROVED"
    with pytest.raises(SymgradError, match="as numbers"):
        model.derivative("x[L]", "x[0]").paths().document()
    with pytest.raises(SymgradError, match="1,024"):
        model.derivative("x[11]", "x[0]").paths().document()


@campaign(4, 500, unit_networks())
def test_random_networks_with_units(case):
    model = sg.parse(case.text)
    gradient = model.derivative(case.of, case.wrt, depth=None if case.symbolic else case.depth)
    evidence = gradient.verify(seed=case.seed)
    assert evidence.verdict.name in ("PROVED", "SAMPLED"), f"{case.text}\n{case.wrt}\n{evidence}"


TELESCOPED = [
    ("numerator", "∂C/∂x_l = ∂C/∂x_L + ∑_{j=l+1}^{L} ∂C/∂x_j diag(σ'(W_j x_{j-1})) W_j"),
    ("denominator", "∂C/∂x_l = ∂C/∂x_L + ∑_{j=l+1}^{L} W_jᵀ diag(σ'(W_j x_{j-1})) ∂C/∂x_j"),
]


@pytest.mark.parametrize(("layout", "printed"), TELESCOPED)
def test_residual_steps_telescoped(layout, printed):
    model = sg.parse("W[l]: (n, n)\nx[0]: (n,)\nx[l] = x[l-1] + sigma(W[l]@x[l-1])\nC = cost(x[L])")
    gradient = model.derivative("C", "x[l]", layout=layout)
    page = gradient.telescoped()
    assert page.equation() == printed
    assert gradient.verify(presentation=page).verdict.name == "PROVED"


def test_what_is_no_residual_step_is_not_telescoped():
    with pytest.raises(SymgradError, match="no product of residual steps"):
        sg.model("rnn").derivative("E", "s[k]").telescoped().document()
