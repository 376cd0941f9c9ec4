"""Second derivatives: slopes of slopes against SymPy, Hessians as books print them, and what refutes a wrong one."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra.linear_map import Sum
from symgrad.api.printed.witness import check_printed
from symgrad.arithmetic import arithmetic
from symgrad.errors import NotDefined
from symgrad.evidence.second import verify_second
from symgrad.evidence.verdict import Verdict
from symgrad.export.derivative import Presentation
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import second_rule
from symgrad.ops.witness import Witness

HIDDEN = """
W1: (h, n)
W2: (k, h)
x: (n,)
y: (k,)
a = W1@x
z = phi(a)
o = W2@z
E = loss(o, y)
"""
SOFTMAX = """
K: (k, n)
x: (n,)
y: (k,)
y: simplex
o = K@x
p = softmax(o)
L = -sum(y*log(p))
"""
LOGISTIC = """
X: (m, n)
w: (n,)
t: (m,)
mu = logistic(X@w)
L = -sum(t*log(mu) + (1 - t)*log(1 - mu))
"""


@pytest.mark.parametrize(
    "name", ["logistic", "tanh", "softplus", "sin", "gelu", "silu", "exp", "log", "softsign", "erf"]
)
def test_the_slope_of_a_slope_is_the_second_derivative_that_sympy_finds(name):
    record, x = ELEMENTWISE[name], sympy.Symbol("x", positive=True)
    expected = sympy.diff(record(arithmetic("symbolic"), x), x, 2)
    A = arithmetic("ball", 30)
    for at in (sympy.Rational(1, 3), sympy.Rational(7, 5)):
        with A.working():
            found = second_rule(record)(A, A.number(at))
        assert abs(float(found.mid()) / float(expected.subs(x, at).evalf(30)) - 1) < 1e-12


@pytest.mark.parametrize(("i", "j"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_the_second_partials_of_the_test_loss_are_the_tangents_of_its_first(i, j):
    """∂²F/∂x_i∂x_j of the function that stands for an opaque loss, against Taylor numbers."""
    B, T = arithmetic("ball", 30), arithmetic("taylor", 30)
    x = [np.array([0.25, -1.5]), np.array([0.75, 2.0, -0.5])]
    with B.working():
        found = Witness().second(i, j)(B, *(B.array(v, v.shape) for v in x))
    for column in range(len(x[j])):
        with T.working():
            lifted = [
                T.variable(B.array(v, v.shape), B.array(np.eye(len(v))[column if k == j else 0] * (k == j), v.shape))
                for k, v in enumerate(x)
            ]
            tangent = [v.tangent for v in Witness().partial(i)(T, *lifted)]
        assert all(a.overlaps(b) for a, b in zip(found[:, column], tangent, strict=True))


@pytest.mark.parametrize(
    ("text", "of", "x", "y", "printed"),
    [
        (LOGISTIC, "L", "w", "w", "Xᵀ diag(μ ⊙ (1 - μ)) X"),
        (
            HIDDEN,
            "E",
            "x",
            "x",
            "(W_1ᵀ diag((W_2ᵀ (∂E/∂o)ᵀ) ⊙ φ''(a)) + W_1ᵀ diag(φ'(a)) W_2ᵀ ∂²E/∂o² W_2 diag(φ'(a))) W_1",
        ),
        (HIDDEN, "E", "o", "x", "∂²E/∂o² W_2 diag(φ'(a)) W_1"),
        (SOFTMAX, "L", "x", "x", "Kᵀ (diag(p) - p pᵀ) K"),
        ("C = x**3*exp(y) + sin(x*y)", "C", "x", "x", "3 · 2 x exp(y) - y^2 sin(x y)"),
    ],
)
def test_hessians_as_books_print_them(text, of, x, y, printed):
    hessian = sg.parse(text).hessian(of, x, y)
    assert str(hessian) == printed
    evidence = hessian.verify()
    assert evidence.verdict is Verdict.PROVED
    assert [c.verdict.passes for c in evidence.checks] == [True] * len(evidence.checks)


def test_a_hessian_has_values():
    hessian = sg.parse(LOGISTIC).hessian("L", "w")
    X, w = np.array([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]]), np.array([0.3, -0.2])
    mu = 1 / (1 + np.exp(-X @ w))
    found = hessian.evaluate({"X": X, "w": w, "t": [0.2, 0.7, 0.4]})
    assert np.allclose(found, X.T @ np.diag(mu * (1 - mu)) @ X, rtol=1e-12, atol=0)


@pytest.mark.parametrize("right", ["Xᵀ diag(μ) X", "X diag(μ ⊙ (1 - μ)) Xᵀ", "-Xᵀ diag(μ ⊙ (1 - μ)) X"])
def test_a_wrong_hessian_on_the_page_does_not_pass(right):
    hessian = sg.parse(LOGISTIC).hessian("L", "w")
    page = Presentation(hessian, hessian.presentation().notation)
    check = check_printed(page, {"text": f"∂²L/∂w² = {right}\n\nLayout: numerator."})
    assert check.required
    assert not check.verdict.passes


def test_a_wrong_map_is_refuted():
    from dataclasses import replace

    hessian = sg.parse(HIDDEN).hessian("E", "x")
    wrong = replace(hessian, map=hessian.map.maps[0] if isinstance(hessian.map, Sum) else M.ZERO)
    assert verify_second(hessian.first, wrong).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("model", "of", "x", "said"), [("rnn", "E", "W", "a recurrence"), ("chain", "C", "b[1]", "a recurrence")]
)
def test_what_is_not_formed_is_refused(model, of, x, said):
    with pytest.raises(NotDefined, match=said) as caught:
        sg.model(model).hessian(of, x)
    assert "--form hvp" in caught.value.todo


def test_a_kink_has_no_second_derivative():
    with pytest.raises(NotDefined, match="relu has a kink"):
        sg.parse("C = relu(w*x)**2").hessian("C", "x")


def test_an_opaque_function_of_vectors_is_refused():
    net = sg.parse("theta: (p,)\nf: (n,)\ng: vector\nf = g(theta)\nL = loss(f)")
    with pytest.raises(NotDefined, match="g is an opaque function of vectors"):
        net.hessian("L", "theta")


def test_by_a_matrix_it_is_refused():
    with pytest.raises(NotDefined, match="W1 is a matrix"):
        sg.parse(HIDDEN).hessian("E", "W1")


SLOPES = "W: (n, n)\nz: (n,)\nd: (n,)\ne = (W.T@d)*sigma'(z)\nC = cost(e)"
DOWNWARD = "W[l]: (n, n)\nz[l]: (n,)\nd[L+1]: (n,)\nd[l] = (W[l+1].T@d[l+1])*sigma'(z[l])\nE = loss(d[1])"


@pytest.mark.parametrize(
    ("text", "of", "wrt", "printed"),
    [
        (SLOPES, "C", "z", "∂C/∂z = δ ⊙ σ''(z) ⊙ (Wᵀ d)"),
        (SLOPES + "\nsigma: tanh", "C", "d", "∂C/∂d = W (δ ⊙ tanh'(z))"),
        (DOWNWARD, "E", "z", "∂E/∂z_l = δ_l ⊙ σ''(z_l) ⊙ (W_{l+1}ᵀ d_{l+1})  for l = 1, …, L"),
        ("e = w*sigma''(z)\nC = cost(e)", "C", "w", "∂C/∂w = σ''(z) δ"),
    ],
)
def test_slopes_in_equations(text, of, wrt, printed):
    equations = sg.parse(text).backward(of, wrt)
    assert list(equations)[-1] == printed.replace("tanh", "σ")
    assert equations.verify().verdict is Verdict.PROVED


def test_a_slope_of_an_unknown_function_is_sympy_too():
    evidence = sg.parse(SLOPES).derivative("C", "z").verify()
    assert "SymPy diff" in [c.method for c in evidence.checks if c.verdict.passes]


def test_a_third_derivative_is_refused():
    with pytest.raises(NotDefined, match="a third derivative"):
        sg.parse("e = w*sigma''(z)\nC = cost(e)").derivative("C", "z")
