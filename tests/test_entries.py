"""Entries of derivatives, ∂F_i/∂x_j: printed with letters for places, proved, read back at places, evaluated."""

import numpy as np
import pytest

import symgrad as sg
from symgrad.api.printed.entry import check_entry
from symgrad.errors import SymgradError
from symgrad.export.formats import FORMATS

LAYERS = "W: (m, n)\nV: (p, m)\nx: (n,)\nz = W@x\na = sigma(z)\ny = V@a\nC = loss(y)"
RECURRENT = "W: (d, d)\nh[0]: (d,)\nh[t] = tanh(W@h[t-1])\nC = loss(h[T])"

ENTRIES = [
    ("z: (n,)\np = softmax(z/T)", "p[i]", "z[j]", "(p_i (δ_{i,j} - p_j))/T"),
    ("z: (n,)\np = softmax(z)", "p[1]", "z[n]", "p_1 (δ_{1,n} - p_n)"),
    (
        "X: (d,)\nf: vector\nz: (n,)\nz = f(X)\ng = sum(exp(z/T))\nF = exp(z/T)/g",
        "F[i]",
        "X[j]",
        "(F_i (∂z_i/∂X_j - (∑_{l=1}^{n} F_l ∂z_l/∂X_j)))/T",
    ),
    (LAYERS, "y[i]", "x[j]", "∑_{l=1}^{m} V_{i,l} σ'(z_l) W_{l,j}"),
    (LAYERS, "a[k]", "W[i,j]", "x_j σ'(z_k) δ_{k,i}"),
    (LAYERS, "C", "x[j]", "∑_{l=1}^{m} W_{l,j} σ'(z_l) (∑_{k=1}^{p} V_{k,l} ∂C/∂y_k)"),
    (LAYERS, "C", "W[1,2]", "σ'(z_1) (∑_{l=1}^{p} V_{l,1} ∂C/∂y_l) x_2"),
    ("X: (n, d)\nW: (d, q)\nY = softmax(X@W)", "Y[i,j]", "W[k,l]", "X_{i,k} Y_{i,j} (δ_{j,l} - Y_{i,l})"),
    ("X: (n, n)\nC = logdet(X)", "C", "X[i,j]", "(X⁻¹)_{j,i}"),
    ("x: (n,)\ny = x/norm(x)", "y[i]", "x[j]", "(δ_{i,j} - y_j y_i)/‖x‖"),
    ("x: (n,)\ny = x/norm(x)\nc = y[2]**2", "c", "x[j]", "(2 (y_2 δ_{j,2} - y_2^2 y_j))/‖x‖"),
    (RECURRENT, "h[t][i]", "h[k][j]", "(∏_{s=k+1}^{t} diag(tanh'(W h_{s-1})) W)_{i,j}"),
    (RECURRENT, "C", "h[0][1]", "((∏_{t=1}^{T} Wᵀ diag(tanh'(W h_{t-1}))) ∂C/∂h_T)_1"),
    (
        "i: range(1, N+1)\nx[i]: (d,)\nw: (d,)\ny[i] = tanh(w*x[i])",
        "y[i][k]",
        "w[l]",
        "x_{i,k} tanh'(w_k x_{i,k}) δ_{k,l}",
    ),
]


@pytest.mark.parametrize(("text", "of", "wrt", "expected"), ENTRIES)
def test_an_entry_is_printed_and_proved(text, of, wrt, expected):
    gradient = sg.parse(text).derivative(of, wrt)
    assert str(gradient) == expected
    evidence = gradient.verify()
    assert evidence.verdict.name == "PROVED", evidence


def test_a_page_with_another_place_is_refuted_in_every_format():
    gradient = sg.parse("z: (n,)\np = softmax(z/T)").derivative("p[i]", "z[j]")
    document = gradient.presentation().document()
    for name, written in FORMATS.items():
        page = written.write(document, None)
        found = check_entry(gradient.presentation(), gradient.asked, {name: page})
        assert found.verdict.name == "SAMPLED", (name, found)
    for wrong in ("(p_i (δ_{i,j} - p_i))/T", "(p_j (1 - p_j))/T", "(p_i (δ_{i,j} + p_j))/T"):
        found = check_entry(gradient.presentation(), gradient.asked, {"text": f"∂p_i/∂z_j = {wrong}"})
        assert found.verdict.name == "REFUTED", wrong
    for other in ("∂p_j/∂z_i = 0", "∂p_i/∂z = 0", "∂p_i/∂z_j = p_q"):
        assert check_entry(gradient.presentation(), gradient.asked, {"text": other}).verdict.name == "UNKNOWN"


def test_an_entry_has_the_value_that_stands_in_its_place():
    model = sg.parse("W: (m, n)\nx: (n,)\ny = softmax(W@x)")
    values = {"W": [[0.1, 0.2], [0.3, -0.4], [1, 0]], "x": [0.5, 1.5]}
    whole = model.derivative("y", "W", layout="denominator").evaluate(values)  # axes of W, then of y
    letters = model.derivative("y[k]", "W[i,j]")
    for i, j, k in np.ndindex(3, 2, 3):
        numbers = model.derivative(f"y[{k + 1}]", f"W[{i + 1},{j + 1}]").evaluate(values)
        assert numbers == letters.evaluate(values, indices={"i": i + 1, "j": j + 1, "k": k + 1}) == whole[i, j, k]
    gradient = model.derivative("y[3]", "x[n]")
    assert gradient.evaluate(values) == model.derivative("y", "x").evaluate(values)[2, 1]
    assert str(sg.parse("A: (m, n)\nx: (n,)\ny = A@x").derivative("y[i]", "x[2]").sympy()) == "A[i - 1, 1]"


REFUSED = [
    ("p[i]", "z", "ask for an entry of z too"),
    ("p[1,2]", "z[1]", "an entry of a vector has one place"),
    ("p[4]", "z[1]", "places run from 1 to 3"),
    ("p[0]", "z[1]", "places run from 1 to 3"),
    ("p[T]", "z[1]", "T is a quantity of this model, and no place"),
    ("p[i][j]", "z[1]", "an entry of a vector has one place"),
    ("T[1]", "z[1]", "T carries no index"),
]


@pytest.mark.parametrize(("of", "wrt", "said"), REFUSED)
def test_what_is_no_entry_says_what_to_ask_for(of, wrt, said):
    with pytest.raises(SymgradError) as error:
        sg.parse("z: (3,)\np = softmax(z/T)").derivative(of, wrt)
    assert said in str(error.value)


@pytest.mark.parametrize("form", ["product", "backward", "hvp"])
@pytest.mark.parametrize(
    ("model", "of", "wrt", "said"),
    [
        ("mlp", "C", "W[1,2]", "W carries 1 index in this model, and W[1,2] has 2"),
        ("mlp", "C", "a[1,2,3]", "an entry of it is a[1][i]"),
        ("chain", "C", "b[1,2]", "write b[j], or numbers in its place"),
        ("conv1d", "C", "W[1,2,3]", "W carries 2 indices in this model"),
    ],
)
def test_more_indices_than_a_quantity_carries_are_no_zero(model, of, wrt, said, form):
    asked = {"product": sg.Model.derivative, "backward": sg.Model.backward, "hvp": sg.Model.hvp}[form]
    with pytest.raises(SymgradError) as error:
        asked(sg.model(model), of, wrt)
    assert said in str(error.value)


def test_what_is_of_the_whole_is_not_said_of_an_entry():
    entry = sg.parse("z: (n,)\np = softmax(z)").derivative("p[i]", "z[j]")
    for ask in (entry.recurrence, entry.paths, entry.growth_rate, entry.enclose):
        with pytest.raises(SymgradError, match="of one entry"):
            ask()
    with pytest.raises(SymgradError, match="has no number"):
        entry.evaluate({"z": [1, 2]}, indices={"i": 1})
    with pytest.raises(SymgradError, match="place 3"):
        entry.evaluate({"z": [1, 2]}, indices={"i": 1, "j": 3})
