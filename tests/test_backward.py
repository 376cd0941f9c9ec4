"""Backward equations: what is printed of each network, its proof, and that wrong pages and equations are found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Number
from symgrad.api.printed.backward import check_backward
from symgrad.cli.main import main
from symgrad.errors import PrecisionWarning, SymgradError
from symgrad.evidence.backward import checks
from symgrad.export.html import html
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.text import display_text, text

MLP = """
W[l]: (n[l], n[l-1])
b[l]: (n[l],)
a[0]: (n[0],)
y: (n[L],)
z[l] = W[l]@a[l-1] + b[l]
a[l] = {f}(z[l])
C = {cost}
"""
ATTENTION = """
Q: (n, d)
K: (n, d)
V: (n, e)
S = Q@K.T/sqrt(d)
P = softmax(S)
O = P@V
L = cost(O)
"""
TWO_LAYERS = """
X: (m, n)
W1: (n, h)
W2: (h, k)
Y: (m, k)
Z1 = relu(X@W1)
Z = Z1@W2
C = mean(softmax_cross_entropy(Z, Y))
"""
SELF_READING = """
W: (d, d)
v: (d,)
s[0] = tanh(W@v)
s[j] = tanh(W@s[j-1] + s[0])
E = loss(s[T], s[T-1])
"""

# model, of, wrt, depth, form, equations that are printed
PRINTED = [
    # Nielsen, chapter 2: BP1 to BP4
    (
        "mlp",
        "C",
        ["W", "b"],
        None,
        "folded",
        [
            "δ_L = ∂C/∂a_L ⊙ σ'(z_L)",
            "δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ σ'(z_l)  for l = L-1, …, 1",
            "∂C/∂W_l = δ_l a_{l-1}ᵀ  for l = 1, …, L",
            "∂C/∂b_l = δ_l  for l = 1, …, L",
        ],
    ),
    (
        "chain",
        "C",
        "w",
        3,
        "folded",
        [
            "δ_3 = ∂C/∂a_3 σ'(z_3)",
            "δ_j = w_{j+1} δ_{j+1} σ'(z_j)  for j = 2, …, 1",
            "∂C/∂w_j = a_{j-1} δ_j  for j = 1, …, 3",
        ],
    ),
    # a rectifier's slope is an indicator
    (
        MLP.format(f="relu", cost="quadratic(a[L], y)"),
        "C",
        "b[1]",
        None,
        "folded",
        [
            "δ_L = ∂C/∂a_L ⊙ 1{z_L > 0}",
            "δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ 1{z_l > 0}  for l = L-1, …, 1",
            "∂C/∂b_1 = δ_1",
        ],
    ),
    # a loss meets the output that it is made for
    (
        MLP.format(f="logistic", cost="binary_cross_entropy(a[L], y)"),
        "C",
        "b",
        None,
        "unfolded",
        [
            "δ_L = a_L - y",
            "δ_l = (W_{l+1}ᵀ δ_{l+1}) ⊙ a_l ⊙ (1 - a_l)  for l = L-1, …, 1",
            "∂C/∂b_l = δ_l  for l = 1, …, L",
        ],
    ),
    (
        "x: (n,)\nW: (k, n)\ny: (k,)\ny: simplex\nz = W@x\np = softmax(z)\nC = -sum(y*log(p))",
        "C",
        "W",
        None,
        "folded",
        ["δ = p - y", "∂C/∂W = δ xᵀ"],
    ),
    # sums over the steps
    (
        "rnn",
        "E",
        ["W", "s[0]"],
        None,
        "folded",
        [
            "δ_t = ∂E/∂s_t ⊙ σ'(a_t)",
            "δ_j = (Wᵀ δ_{j+1}) ⊙ σ'(a_j)  for j = t-1, …, 1",
            "∂E/∂W = ∑_{j=1}^{t} δ_j s_{j-1}ᵀ",
            "∂E/∂s_0 = Wᵀ δ_1",
        ],
    ),
    ("rnn", "E", "W", 1, "folded", ["δ_1 = ∂E/∂s_1 ⊙ σ'(a_1)", "∂E/∂W = δ_1 s_0ᵀ"]),
    (
        "rnn",
        "E",
        "s[1]",
        None,
        "folded",
        ["δ_t = ∂E/∂s_t ⊙ σ'(a_t)", "δ_j = (Wᵀ δ_{j+1}) ⊙ σ'(a_j)  for j = t-1, …, 1", "∂E/∂s_1 = Wᵀ δ_2"],
    ),
    # gates
    (
        "lstm",
        "E",
        "U_f",
        None,
        "folded",
        [
            "δ_{h,t} = ∂E/∂h_t",
            "δ_{h,j} = U_fᵀ δ_{z_f,j+1} + U_iᵀ δ_{z_i,j+1} + U_oᵀ δ_{z_o,j+1} + U_gᵀ δ_{z_g,j+1}  for j = t-1, …, 1",
            "δ_{c,t} = δ_{h,t} ⊙ o_t ⊙ tanh'(c_t)",
            "δ_{c,j} = δ_{h,j} ⊙ o_j ⊙ tanh'(c_j) + δ_{c,j+1} ⊙ f_{j+1}  for j = t-1, …, 1",
            "δ_{z_g,j} = δ_{c,j} ⊙ i_j ⊙ tanh'(z_{g,j})  for j = t, …, 1",
            "δ_{z_o,j} = δ_{h,j} ⊙ tanh(c_j) ⊙ σ'(z_{o,j})  for j = t, …, 1",
            "δ_{z_i,j} = δ_{c,j} ⊙ g_j ⊙ σ'(z_{i,j})  for j = t, …, 1",
            "δ_{z_f,j} = δ_{c,j} ⊙ c_{j-1} ⊙ σ'(z_{f,j})  for j = t, …, 1",
            "∂E/∂U_f = ∑_{j=1}^{t} δ_{z_f,j} h_{j-1}ᵀ",
        ],
    ),
    (
        "gru",
        "E",
        "b_u",
        None,
        "folded",
        [
            "δ_{h,t} = ∂E/∂h_t",
            "δ_{h,j} = U_uᵀ δ_{z_u,j+1} + U_rᵀ δ_{z_r,j+1} + (U_gᵀ δ_{z_g,j+1}) ⊙ r_{j+1} + δ_{h,j+1} ⊙ (1 - u_{j+1})"
            "  for j = t-1, …, 1",
            "δ_{z_g,j} = δ_{h,j} ⊙ u_j ⊙ tanh'(z_{g,j})  for j = t, …, 1",
            "δ_{z_r,j} = (U_gᵀ δ_{z_g,j}) ⊙ h_{j-1} ⊙ σ'(z_{r,j})  for j = t, …, 1",
            "δ_{z_u,j} = δ_{h,j} ⊙ (g_j - h_{j-1}) ⊙ σ'(z_{u,j})  for j = t, …, 1",
            "∂E/∂b_u = ∑_{j=1}^{t} δ_{z_u,j}",
        ],
    ),
    # layers that are matrices
    (
        "X[0]: (n, d)\nW[l]: (d, d)\nX[l] = X[l-1] + sigma(X[l-1]@W[l])\nE = loss(X[L])",
        "E",
        "W",
        None,
        "folded",
        [
            "δ_L = ∂E/∂X_L",
            "δ_l = δ_{l+1} + (δ_{l+1} ⊙ σ'(X_l W_{l+1})) W_{l+1}ᵀ  for l = L-1, …, 1",
            "∂E/∂W_l = X_{l-1}ᵀ (δ_l ⊙ σ'(X_{l-1} W_l))  for l = 1, …, L",
        ],
    ),
    (
        ATTENTION,
        "L",
        None,
        None,
        "folded",
        [
            "δ_O = ∂L/∂O",
            "δ_P = δ_O Vᵀ",
            "δ_S = P ⊙ (δ_P - rowsum(δ_P ⊙ P))",
            "∂L/∂Q = (1/√d) δ_S K",
            "∂L/∂K = (1/√d) δ_Sᵀ Q",
            "∂L/∂V = Pᵀ δ_O",
        ],
    ),
    (
        "Q: (n, d)\nK: (n, d)\nV: (n, e)\nO = Q@(K.T@V)\nL = cost(O)",
        "L",
        None,
        None,
        "folded",
        ["δ = ∂L/∂O", "∂L/∂Q = δ Vᵀ K", "∂L/∂K = V δᵀ Q", "∂L/∂V = K Qᵀ δ"],
    ),
    # a sum over the rows where a row is broadcast
    (
        "X: (m, n)\nW: (n, q)\nb: (q,)\nZ = X@W + b\nA = tanh(Z)\nL = cost(A)",
        "L",
        ["W", "b"],
        None,
        "folded",
        ["δ = ∂L/∂A ⊙ tanh'(Z)", "∂L/∂W = Xᵀ δ", "∂L/∂b = δᵀ 𝟏"],
    ),
    # one step apart, and two
    (
        "a[j] = w*a[j-1] + u*a[j-2]\nC = a[L]**2",
        "C",
        ["w", "a[-1]"],
        None,
        "folded",
        [
            "δ_L = 2 a_L",
            "δ_{L-1} = w δ_L",
            "δ_j = w δ_{j+1} + u δ_{j+2}  for j = L-2, …, 1",
            "∂C/∂w = ∑_{j=1}^{L} a_{j-1} δ_j",
            "∂C/∂a_{-1} = u δ_1",
        ],
    ),
    # a value that the recurrence starts from, and that every step reads besides
    (
        SELF_READING,
        "E",
        "v",
        None,
        "folded",
        [
            "δ_T = ∂E/∂s_T",
            "δ_{T-1} = ∂⁺E/∂s_{T-1} + Wᵀ (δ_T ⊙ tanh'(W s_{T-1} + s_0))",
            "δ_j = Wᵀ (δ_{j+1} ⊙ tanh'(W s_j + s_0))  for j = T-2, …, 1",
            "δ_0 = Wᵀ (δ_1 ⊙ tanh'(W s_0 + s_0)) + ∑_{k=1}^{T} δ_k ⊙ tanh'(W s_{k-1} + s_0)",
            "∂E/∂v = Wᵀ (δ_0 ⊙ tanh'(W v))",
        ],
    ),
    # the number is a step itself
    (
        "s[j] = sigma(w*s[j-1])",
        "s[L]",
        "w",
        None,
        "folded",
        ["δ_L = 1", "δ_j = w δ_{j+1} σ'(w s_j)  for j = L-1, …, 1", "∂s_L/∂w = ∑_{j=1}^{L} s_{j-1} δ_j σ'(w s_{j-1})"],
    ),
]


def model(text_or_name):
    return sg.model(text_or_name) if text_or_name in sg.models() else sg.parse(text_or_name)


@pytest.mark.parametrize(("name", "of", "wrt", "depth", "form", "expected"), PRINTED)
def test_the_equations_are_those_of_the_books_and_proved(name, of, wrt, depth, form, expected):
    equations = model(name).backward(of, wrt, depth, form)
    assert list(equations) == expected
    page = equations.presentation().document()
    pages = {"text": text(page, 70), "latex": latex(page), "markdown": markdown(page), "html": html(page)}
    evidence = equations.verify(pages=pages)
    assert evidence.verdict.name == "PROVED", evidence


@pytest.mark.parametrize("notation", ["ng", "rnn"])
@pytest.mark.parametrize("name", ["mlp", "lstm"])
def test_they_are_read_back_in_other_notations(name, notation):
    of = "C" if name == "mlp" else "E"
    evidence = sg.model(name).backward(of).verify(notation=notation)
    assert evidence.verdict.name == "PROVED", evidence


def test_the_two_layers_of_a_batch():
    equations = sg.parse(TWO_LAYERS).backward("C", ["W1", "W2"])
    assert list(equations)[1:] == [
        "δ_{Z_1} = δ_Z W_2ᵀ",
        "∂C/∂W_1 = Xᵀ (δ_{Z_1} ⊙ 1{Z_1 > 0})",
        "∂C/∂W_2 = Z_1ᵀ δ_Z",
    ]
    assert equations.verify().verdict.name == "PROVED"


def test_a_diamond_of_many_layers_is_linear_text():
    layers = 40
    lines = ["x_0 = v*v"] + [f"x_{k} = sin(x_{k - 1}) + cos(x_{k - 1})*x_{k - 1}" for k in range(1, layers + 1)]
    equations = sg.parse("\n".join([*lines, f"C = x_{layers}**2"])).backward("C", "v")
    assert len(equations) == layers + 2
    assert max(map(len, equations)) < 100
    assert equations.verify().verdict.name == "PROVED"


# --- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arithmetic", ["float", "exact", "ball"])
def test_they_evaluate_to_the_gradients(arithmetic):
    net = sg.model("mlp").bind("identity", cost="quadratic")
    values = {"W": [[[1, 2], [3, 4]], [[1, -1], [2, 1]]], "b": [[0, 1], [1, 0]], "a[0]": [1, 2], "y": [3, 4]}
    names = ["W", "b", "a[0]"]
    mine = net.backward("C", names).evaluate(values, arithmetic)
    theirs = net.gradients("C", names, values, arithmetic)
    assert list(mine) == names
    for name in names:
        assert np.array_equal(np.array(mine[name], dtype=float), np.array(theirs[name], dtype=float))


def test_a_saturated_output_does_not_spoil_the_gradient():
    net = sg.parse("w: (n,)\nx: (n,)\nz = w@x\np = logistic(z)\nC = binary_cross_entropy(p, t)")
    with pytest.warns(PrecisionWarning):  # C itself is infinite in float64
        found = net.backward("C", "w").evaluate({"w": [800.0, 0.0], "x": [1.0, 1.0], "t": 0.0})
    assert found["w"].tolist() == [1.0, 1.0]


def test_a_deep_pass_is_evaluated_without_recursion():
    depth = 3000
    net = sg.model("chain").bind("identity", cost="quadratic")
    found = net.backward("C", "b").evaluate({"w": [1] * depth, "b": [0] * depth, "a[0]": 2, "y": 1}, "exact")
    assert found["b"].tolist() == [1] * depth


# --- what is wrong is found -----------------------------------------------------------------------------


WRONG_PAGES = [
    ("δ_{j+1} σ'(z_j)", "δ_{j+1}", "REFUTED"),
    ("for j = L-1, …, 1", "for j = L-2, …, 1", "UNKNOWN"),
    ("∂C/∂b_j = δ_j  for j = 1, …, L", "∂C/∂b_j = δ_j  for j = 2, …, L", "UNKNOWN"),
    ("a_{j-1} δ_j", "a_j δ_j", "REFUTED"),
    ("δ_j := ∂C/∂z_j", "δ_j := ∂C/∂a_j", "UNKNOWN"),
    ("w_{j+1} δ_{j+1}", "∂C/∂a_j", "UNKNOWN"),
    ("∂C/∂b_j = δ_j", "∂C/∂b_j = ∂C/∂z_j", "UNKNOWN"),
    ("z_j = w_j a_{j-1} + b_j", "z_j = w_j a_{j-1} - b_j", "REFUTED"),
    ("Layout: denominator.", "Layout: numerator.", "UNKNOWN"),
    ("δ_L = ∂C/∂a_L σ'(z_L)", "δ_L = δ_L", "UNKNOWN"),
]


@pytest.mark.parametrize(("right", "wrong", "verdict"), WRONG_PAGES)
def test_a_wrong_page_is_not_confirmed(right, wrong, verdict):
    equations = sg.model("chain").backward("C", ["w", "b"])
    page = text(equations.presentation().document())
    assert right in page
    evidence = equations.verify(pages={"text": page.replace(right, wrong)})
    assert evidence.verdict.name == verdict, evidence


def test_a_wrong_equation_is_refuted():
    equations = sg.model("rnn").backward("E", "W")
    *errors, general = equations.errors
    twice = replace(general.readers[0], map=M.compose(M.scale(Number(2)), general.readers[0].map))
    wrong = replace(equations, errors=(*errors, replace(general, readers=(twice,))))
    found = {c.method: c.verdict.name for c in checks(wrong)}
    assert found == {
        "induction from the last step to the first": "UNKNOWN",
        "backpropagation": "REFUTED",
        "tangents": "REFUTED",
    }


def test_an_equation_that_is_left_out_is_missed():
    equations = sg.model("rnn").backward("E", "W")
    first, *_ = checks(replace(equations, errors=equations.errors[:1]))
    assert first.verdict.name == "UNKNOWN"


# --- the command ----------------------------------------------------------------------------------------


def test_the_command_prints_the_whole_backward_pass(capsys):
    assert main(["derive", "mlp", "--of", "C", "--form", "backward", "--format", "latex"]) == 0
    shown = capsys.readouterr().out
    assert (
        r"\delta_{l} &= (W_{l+1}^{\mathsf T}\, \delta_{l+1}) \odot \sigma'(z_{l}) \qquad \text{for } l = L-1" in shown
    )
    assert "PROVED: backward equations of C of mlp" in shown


@pytest.mark.parametrize(
    ("arguments", "backward"),
    [([], True), (["--form", "product"], False), (["--layout", "numerator", "--form", "product"], False)],
)
def test_it_is_what_is_printed_where_layers_are_matrices(arguments, backward, tmp_path, capsys):
    path = tmp_path / "attention.eq"
    path.write_text(ATTENTION, encoding="utf-8")
    assert main(["derive", str(path), "--of", "L", "--wrt", "Q", *arguments]) == 0
    assert ("δ_S = P ⊙ (δ_P - rowsum(δ_P ⊙ P))" in capsys.readouterr().out) == backward


BAD = [
    ("derive mlp --of C --form backward --detail steps", "--detail folded or unfolded"),
    ("derive mlp --of C --form backward --layout numerator", "denominator layout"),
    ("derive mlp --of a[L] --form backward", "is an array"),
    ("derive mlp --of C --wrt Q --form backward", "quantity 'Q'"),
    ("derive mlp --of C --wrt W[1] --wrt b[1] --form product", "--form backward gives both gradients"),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_bad_input_is_a_sentence(line, said, capsys):
    assert main(line.split()) == 2
    assert said in " ".join(capsys.readouterr().err.split())


def test_json_has_every_equation():
    record = sg.model("rnn").backward("E", "U").record()
    assert [e["left"] for e in record["backward"]] == ["δ_t", "δ_j"]
    assert record["gradients"][0]["latex"] == r"\sum_{j=1}^{t} \delta_{j}\, x_{j}^{\mathsf T}"


def test_a_number_at_an_index_without_a_number_is_refused():
    with pytest.raises(SymgradError, match="has no number"):
        sg.parse("s[j] = sigma(w*s[j-1])").backward("s[k]")


# --- sums over steps, families, several recurrences ----------------------------------------------------


SEQUENCE = """
W_x: (d, n)
W_h: (d, d)
W_q: (q, d)
x[t]: (n,)
h[0]: (d,)
y[t]: (q,)
h[t] = W_x@x[t] + W_h@h[t-1]
o[t] = W_q@h[t]
L = sum[t](loss(o[t], y[t]))
"""
HEADS = """
X: (n, e)
W_Q[i]: (e, d)
W_K[i]: (e, d)
W_V[i]: (e, d)
W_O[i]: (d, e)
i: range(1, N+1)
Q[i] = X@W_Q[i]
K[i] = X@W_K[i]
V[i] = X@W_V[i]
S[i] = Q[i]@K[i].T/sqrt(d)
P[i] = softmax(S[i])
H[i] = P[i]@V[i]
O = sum[i](H[i]@W_O[i])
L = loss(O)
"""
STACKED = """
W[l]: (d, d)
U[l]: (d, d)
H[0,t]: (d,)
H[l,0]: (d,)
z[l,t] = W[l]@H[l-1,t] + U[l]@H[l,t-1]
H[l,t] = phi(z[l,t])
E = loss(H[L,T])
"""
BOTH_WAYS = """
W: (d, n)
U: (d, d)
V: (d, d)
x[t]: (n,)
f[0]: (d,)
b[T+1]: (d,)
a[t] = W@x[t] + U@f[t-1]
f[t] = phi(a[t])
c[t] = W@x[t] + V@b[t+1]
b[t] = phi(c[t])
o[t] = f[t] + b[t]
E = sum[t](loss(o[t]))
"""
TWO_CHAINS = """
W: (d, d)
U: (d, d)
x[j]: (d,)
h[0]: (d,)
h[j] = tanh(W@h[j-1] + x[j])
c[0] = h[L]
c[t] = tanh(U@c[t-1])
E = loss(c[T])
"""

SEVERAL = [
    (
        SEQUENCE,
        "L",
        ["W_h", "W_q"],
        [
            "δ_{o,t} = ∂loss/∂o_t  for t = T, …, 1",
            "δ_{h,T} = W_qᵀ δ_{o,T}",
            "δ_{h,t} = W_qᵀ δ_{o,t} + W_hᵀ δ_{h,t+1}  for t = T-1, …, 1",
            "∂L/∂W_h = ∑_{t=1}^{T} δ_{h,t} h_{t-1}ᵀ",
            "∂L/∂W_q = ∑_{t=1}^{T} δ_{o,t} h_tᵀ",
        ],
    ),
    (
        HEADS,
        "L",
        ["X", "W_O"],
        [
            "δ_O = ∂L/∂O",
            "δ_{H,i} = δ_O W_{O,i}ᵀ  for i = 1, …, N",
            "δ_{P,i} = δ_{H,i} V_iᵀ  for i = 1, …, N",
            "δ_{S,i} = P_i ⊙ (δ_{P,i} - rowsum(δ_{P,i} ⊙ P_i))  for i = 1, …, N",
            "δ_{V,i} = P_iᵀ δ_{H,i}  for i = 1, …, N",
            "δ_{K,i} = (1/√d) δ_{S,i}ᵀ Q_i  for i = 1, …, N",
            "δ_{Q,i} = (1/√d) δ_{S,i} K_i  for i = 1, …, N",
            "∂L/∂X = ∑_{i=1}^{N} (δ_{Q,i} W_{Q,i}ᵀ + δ_{K,i} W_{K,i}ᵀ + δ_{V,i} W_{V,i}ᵀ)",
            "∂L/∂W_{O,i} = H_iᵀ δ_O  for i = 1, …, N",
        ],
    ),
    (
        STACKED,
        "E",
        ["W"],
        [
            "δ_{L,T} = ∂E/∂H_{L,T} ⊙ φ'(z_{L,T})",
            "δ_{L,t} = (U_Lᵀ δ_{L,t+1}) ⊙ φ'(z_{L,t})  for t = T-1, …, 1",
            "δ_{l,T} = (W_{l+1}ᵀ δ_{l+1,T}) ⊙ φ'(z_{l,T})  for l = L-1, …, 1",
            "δ_{l,t} = (W_{l+1}ᵀ δ_{l+1,t} + U_lᵀ δ_{l,t+1}) ⊙ φ'(z_{l,t})  for l = L-1, …, 1 and t = T-1, …, 1",
            "∂E/∂W_l = ∑_{t=1}^{T} δ_{l,t} H_{l-1,t}ᵀ  for l = 1, …, L",
        ],
    ),
    (
        BOTH_WAYS,
        "E",
        ["V", "U"],
        [
            "δ_{o,t} = ∂loss/∂o_t  for t = T, …, 1",
            "δ_{c,1} = δ_{o,1} ⊙ φ'(c_1)",
            "δ_{c,t} = (δ_{o,t} + Vᵀ δ_{c,t-1}) ⊙ φ'(c_t)  for t = 2, …, T",
            "δ_{a,T} = δ_{o,T} ⊙ φ'(a_T)",
            "δ_{a,t} = (δ_{o,t} + Uᵀ δ_{a,t+1}) ⊙ φ'(a_t)  for t = T-1, …, 1",
            "∂E/∂V = ∑_{t=1}^{T} δ_{c,t} b_{t+1}ᵀ",
            "∂E/∂U = ∑_{t=1}^{T} δ_{a,t} f_{t-1}ᵀ",
        ],
    ),
    (
        TWO_CHAINS,
        "E",
        ["x"],
        [
            "δ_{c,T} = ∂E/∂c_T",
            "δ_{c,t} = Uᵀ (δ_{c,t+1} ⊙ tanh'(U c_t))  for t = T-1, …, 1",
            "δ_{c,0} = Uᵀ (δ_{c,1} ⊙ tanh'(U c_0))",
            "δ_{h,L} = δ_{c,0}",
            "δ_{h,j} = Wᵀ (δ_{h,j+1} ⊙ tanh'(W h_j + x_{j+1}))  for j = L-1, …, 1",
            "∂E/∂x_j = δ_{h,j} ⊙ tanh'(W h_{j-1} + x_j)  for j = 1, …, L",
        ],
    ),
    # what every member of a family reads
    (
        "X: (n, d)\nA[h]: (n, n)\nB[h]: (d, d)\nh: range(1, H+1)\nY = X + sum[h](A[h]@X@B[h])\nC = loss(Y)",
        "C",
        ["X", "B"],
        ["δ = ∂C/∂Y", "∂C/∂X = δ + ∑_{h=1}^{H} A_hᵀ δ B_hᵀ", "∂C/∂B_h = Xᵀ A_hᵀ δ  for h = 1, …, H"],
    ),
    # a weight in front of a sum, a number that is known
    (
        "w: (n,)\nx[j]: (n,)\nl[j] = loss(w@x[j])\nE = mean[j](l[j])",
        "E",
        "w",
        ["∂E/∂w = (1/J) ∑_{j=1}^{J} ∂_1 loss(wᵀ x_j) x_j"],
    ),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "expected"), SEVERAL)
def test_sums_families_and_several_recurrences(equations, of, wrt, expected):
    found = sg.parse(equations).backward(of, wrt)
    assert list(found) == expected
    page = found.presentation().document()
    pages = {"text": text(page, 70), "latex": latex(page), "markdown": markdown(page), "html": html(page)}
    evidence = found.verify(pages=pages)
    assert evidence.verdict.name == "PROVED", evidence


def test_the_derivative_of_an_open_loss_is_said_once():
    page = text(sg.parse(ATTENTION).backward("L", "V").presentation().document())
    assert page.count("∂L/∂O") == 1
    assert "and backward" not in page


def test_a_loss_at_every_step_is_evaluated():
    net = sg.parse("s[t] = w*s[t-1]\nE = sum[t](s[t])")
    assert net.backward("E", "w").evaluate({"w": 2, "s[0]": 1}, "exact", depth=3) == {"w": 1 + 4 + 12}


def test_derivatives_are_called_by_the_notation():
    backward = sg.model("mlp").backward("C", ["W", "b"])
    page = backward.presentation("ng")
    assert [display_text(d) for d in (*page.backward, *page.gradients)] == [
        "dZ^[L] = ∂C/∂A^[L] ⊙ g'(Z^[L])",
        "dZ^[l] = (W^[l+1]ᵀ dZ^[l+1]) ⊙ g'(Z^[l])  for l = L-1, …, 1",
        "dW^[l] = dZ^[l] A^[l-1]ᵀ  for l = 1, …, L",
        "db^[l] = dZ^[l]  for l = 1, …, L",
    ]
    assert backward.verify(seed=0, notation="ng").verdict.name == "PROVED"
    wrong = text(page.document()).replace("dZ^[l] A^[l-1]ᵀ", "dZ^[l] A^[l]ᵀ")
    assert check_backward(page, {"text": wrong}).verdict.name != "SAMPLED"
