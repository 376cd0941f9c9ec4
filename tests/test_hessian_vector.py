"""The Hessian times a direction: as books print it, against HIPS autograd, and what refutes a wrong one."""

from __future__ import annotations

import json

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import symgrad as sg
from symgrad.api.printed.hessian_vector import check_hessian_vector
from symgrad.calculus.along import dotted
from symgrad.cli.main import main
from symgrad.evidence.hessian_vector import at_points, prove
from symgrad.evidence.verdict import Verdict
from symgrad.export.formats import FORMATS
from symgrad.export.text import text

HIDDEN = """
W1: (h, n)
W2: (k, h)
x: (n,)
y: (k,)
a = W1@x
z = phi(a)
o = W2@z
E = norm(o - y)**2/2
"""
SUMMED = """
W: (d, d)
x[t]: (d,)
s[0]: (d,)
s[t] = sigma(W@s[t-1] + x[t])
E = mean[t](loss(s[t])) + mu*norm(W)**2/2
"""
BOTH = """
U: (d, d)
V: (d, d)
x[t]: (d,)
f[0]: (d,)
b[T+1]: (d,)
f[t] = sigma(x[t] + U@f[t-1])
b[t] = sigma(x[t] + V@b[t+1])
E = sum[t](loss(f[t], b[t]))
"""


@pytest.mark.parametrize(
    ("text", "of", "wrt", "expected"),
    [
        (
            HIDDEN,
            "E",
            ["W1", "W2"],
            [
                "a_dot = W_dot_1 x",
                "z_dot = a_dot ⊙ φ'(a)",
                "o_dot = W_dot_2 z + W_2 z_dot",
                "δ_dot_o = o_dot",
                "δ_dot_a = (W_dot_2ᵀ δ_o + W_2ᵀ δ_dot_o) ⊙ φ'(a) + (W_2ᵀ δ_o) ⊙ φ''(a) ⊙ a_dot",
                "∂E_dot/∂W_1 = δ_dot_a xᵀ",
                "∂E_dot/∂W_2 = δ_dot_o zᵀ + δ_o z_dotᵀ",
            ],
        ),
        (
            "mlp",
            "C",
            ["W", "b"],
            [
                "a_dot_0 = 0",
                "z_dot_l = W_dot_l a_{l-1} + W_l a_dot_{l-1} + b_dot_l  for l = 1, …, L",
                "δ_dot_L = (∂²C/∂a_L² a_dot_L) ⊙ σ'(z_L) + ∂C/∂a_L ⊙ σ''(z_L) ⊙ z_dot_L",
                "δ_dot_l = (W_dot_{l+1}ᵀ δ_{l+1} + W_{l+1}ᵀ δ_dot_{l+1}) ⊙ σ'(z_l) "
                "+ (W_{l+1}ᵀ δ_{l+1}) ⊙ σ''(z_l) ⊙ z_dot_l  for l = L-1, …, 1",
                "∂C_dot/∂W_l = δ_dot_l a_{l-1}ᵀ + δ_l a_dot_{l-1}ᵀ  for l = 1, …, L",
                "∂C_dot/∂b_l = δ_dot_l  for l = 1, …, L",
            ],
        ),
        (
            "rnn",
            "E",
            ["W"],
            [
                "s_dot_0 = 0",
                "a_dot_j = W_dot s_{j-1} + W s_dot_{j-1}  for j = 1, …, t",
                "∂E_dot/∂W = ∑_{j=1}^{t} (δ_dot_j s_{j-1}ᵀ + δ_j s_dot_{j-1}ᵀ)",
            ],
        ),
        (
            "attention",
            "L",
            ["W_Q"],
            ["P_dot = P ⊙ (S_dot - rowsum(P ⊙ S_dot))", "δ_dot_O = ∂L_dot/∂O"],
        ),
        (SUMMED, "E", ["W"], ["∂E_dot/∂W = μ W_dot + ∑_{t=1}^{T} ", "δ_dot_t = (1/T) ∂²loss/∂s_t² s_dot_t + "]),
        (
            BOTH,
            "E",
            ["U", "V"],
            [
                "b_dot_{T+1} = 0",
                "b_dot_t = (V_dot b_{t+1} + V b_dot_{t+1}) ⊙ σ'(x_t + V b_{t+1})  for t = 1, …, T",
                "δ_dot_{b,1} = ∂²loss/(∂b_1 ∂f_1) f_dot_1 + ∂²loss/∂b_1² b_dot_1",
            ],
        ),
        ("s[j] = w*s[j-1]\nC = loss(s[L], s[L-1])", "C", ["w"], ["∂C_dot/∂w = ∑_{j=1}^{L} "]),
        ("C = x**3*y", "C", ["x", "y"], ["∂C_dot/∂x = 6 y x x_dot + 3 x^2 y_dot", "∂C_dot/∂y = 3 x^2 x_dot"]),
    ],
)
def test_equations_as_books_print_them(text, of, wrt, expected):
    model = sg.parse(text) if "=" in text else sg.model(text)
    equations = model.hvp(of, wrt)
    printed = list(equations)
    for line in expected:
        assert any(p.startswith(line) for p in printed), "\n".join(printed)
    evidence = equations.verify()
    assert evidence.verdict is Verdict.PROVED, evidence


def test_numbers_against_autograd():
    rng = np.random.default_rng(1)
    W, b = rng.normal(size=(3, 4, 4)) / 2, rng.normal(size=(3, 4)) / 2
    V, c = rng.normal(size=(3, 4, 4)), rng.normal(size=(3, 4))
    x, y = rng.normal(size=4), rng.normal(size=4)

    def cost(w):
        a = x
        for matrix, bias in zip(w[:48].reshape(3, 4, 4), w[48:].reshape(3, 4), strict=True):
            a = anp.tanh(anp.dot(matrix, a) + bias)
        return anp.sum((a - y) ** 2) / 2

    flat, direction = np.concatenate([W.ravel(), b.ravel()]), np.concatenate([V.ravel(), c.ravel()])
    theirs = autograd.hessian_vector_product(cost)(flat, direction)
    model = sg.model("mlp").bind("tanh", cost="quadratic")
    values = {"W": W, "b": b, "a[0]": x, "y": y}
    for detail in ("folded", "unfolded"):
        mine = model.hvp("C", ["W", "b"], detail=detail).evaluate(values, {"W": V, "b": c})
        found = np.concatenate([mine["W"].ravel(), mine["b"].ravel()])
        assert np.max(np.abs(found - theirs)) < 1e-12 * np.max(np.abs(theirs))
    exact = sg.parse(HIDDEN).bind(phi="identity").hvp("E", "W2")
    one = exact.evaluate({"W1": [[2]], "W2": [[3]], "x": [5], "y": [1]}, {"W2": [[1]]}, "exact")
    assert one["W2"][0][0] == 100  # z² for z = W1 x = 10


def test_what_is_wrong_does_not_pass():
    equations = sg.parse(HIDDEN).hvp("E", ["W1", "W2"])
    page = equations.presentation()
    right = text(page.document())
    assert check_hessian_vector(page, {"text": right}).verdict is Verdict.SAMPLED
    for old, new in [
        ("φ''(a)", "φ'(a)"),
        ("δ_dot_o = o_dot", "δ_dot_o = o"),
        ("δ_o z_dotᵀ", "δ_dot_o z_dotᵀ"),
        ("a_dot = W_dot_1 x", "a_dot = W_1 x"),
        ("∂E_dot/∂W_1 = δ_dot_a", "∂E_dot/∂W_1 = δ_a"),
    ]:
        assert old in right
        assert check_hessian_vector(page, {"text": right.replace(old, new)}).verdict is Verdict.REFUTED
    for left_out in ("δ_dot_o = o_dot\n", "∂E_dot/∂W_1 = δ_dot_a xᵀ\n", "z_dot = a_dot ⊙ φ'(a)\n"):
        assert check_hessian_vector(page, {"text": right.replace(left_out, "")}).verdict is Verdict.UNKNOWN


def test_a_wrong_equation_is_neither_proved_nor_confirmed():
    from dataclasses import replace

    equations = sg.parse(HIDDEN).hvp("E", ["W1", "W2"])
    first, *others = equations.products
    wrong = replace(equations, products=(replace(first, summands=(equations.products[1].summands)), *others))
    assert prove(wrong).verdict is Verdict.UNKNOWN
    lost = replace(equations, errors=tuple(replace(e, summands=e.summands[:0]) for e in equations.errors))
    assert prove(lost).verdict is Verdict.UNKNOWN
    assert at_points(lost, 0, 60).verdict is Verdict.REFUTED


@pytest.mark.parametrize(
    ("notation", "format_"), [*(("nielsen", f) for f in FORMATS), ("ng", "latex"), ("rnn", "text")]
)
def test_every_format_is_read_back(notation, format_, capsys):
    arguments = ["derive", "rnn", "--of", "E", "--wrt", "W", "--form", "hvp", "--digits", "30"]
    assert main([*arguments, "--format", format_, "--notation", notation]) == 0, capsys.readouterr().err


def test_json_has_every_equation(capsys):
    assert main(["derive", "chain", "--of", "C", "--wrt", "w", "--form", "hvp", "--format", "json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["verdict"] == "PROVED"
    assert [e["left"] for e in record["products"]] == ["∂C_dot/∂w_j"]
    assert [e["left"] for e in record["along"]] == ["a_dot_0", "z_dot_j", "a_dot_j"]


@pytest.mark.parametrize(
    ("text", "of", "wrt", "said"),
    [
        ("C = cost(W*x)", "C", "x", "write an equation for the argument"),
        ("a[j] = sigma(w[j]*a[j-1])\nC = cost(a[L])", "C", "w[1]", "give w, with the direction 0"),
        ("a = w*x\nC = cost(a)", "C", "a", "give parameters: w, x"),
        ("w_dot = 2*w\nC = cost(w_dot)", "C", "w", "call w_dot something else"),
        ("f: vector\nw: (p,)\nz: (n,)\nz = f(w)\nC = cost(z)", "C", "w", "write the equation with what f is"),
        ("C = cost(w)*stop_gradient(w)", "C", "w", "as a parameter of its own"),
        ("C = relu(w*x)**2 + tanh(relu(w))", "C", "w", ""),
    ],
)
def test_what_is_refused_says_what_to_write(text, of, wrt, said):
    if not said:  # a rectifier has a second derivative but at its kink
        assert sg.parse(text).hvp(of, wrt).verify().verdict.passes
        return
    with pytest.raises(sg.SymgradError) as caught:
        sg.parse(text).hvp(of, wrt)
    assert said in caught.value.todo


def test_what_is_only_compared_has_no_gradient():
    net = sg.parse("s[j] = where(s[j-1] > k[j], sin(w*s[j-1]), s[j-1])\nC = cost(s[L])")
    assert [str(q) for q in net.hvp("C").first.asked] == ["w", "s[0]"]
    with pytest.raises(sg.SymgradError, match="only compared"):
        net.backward("C", ["k"])


def test_a_dotted_name():
    assert str(dotted(sg.model("mlp").parameters[0])) == "W_dot[l]"
