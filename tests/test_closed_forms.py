"""Closed forms as text: (model, of, wrt, depth) -> what a book prints, each derived by hand."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from random_networks import values_for

import symgrad as sg
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Apply, Number, Quantity
from symgrad.calculus.numeric import evaluate
from symgrad.calculus.unfold import long_parameters, unfolded
from symgrad.errors import KinkWarning, NotDefined, TooLarge, UnknownName
from symgrad.export.text import math_text

OWN = {
    "skip": "a[j] = a[j-1] + w[j]*sigma(a[j-1])\nC = cost(a[L], y)",
    "tied": "z[j] = w*a[j-1] + b\na[j] = sigma(z[j])\nC = cost(a[L], y)",
    "second order": "a[j] = w*a[j-1] + v*a[j-2]\nC = cost(a[L])",
    "two costs": "a[j] = sigma(w[j]*a[j-1])\nC = cost(a[L], y)\nD = loss(a[L-1])\nE = C + 2*D",
    "highway": "g[j] = sigma(u[j]*a[j-1])\na[j] = g[j]*a[j-1] + (1 - g[j])*x[j]\nC = cost(a[L])",
    "geometric": "a[j] = r*a[j-1]\nC = cost(a[L], y)",
    "linear RNN": "W: (d, d)\nU: (d, n)\nx[j]: (n,)\ns[0]: (d,)\ns[j] = W@s[j-1] + U@x[j]\nE = loss(s[t])",
    "attention": "x: (n,)\nW: (n, n)\np = softmax(W@x)\nC = cost(p)",
    "input of the last step": "a[j] = w*x[j] + a[j-1]\nC = cost(a[L], x[L])",
    "a penalty on the first layer": "a[j] = w[j]*a[j-1]\nC = cost(a[L], y) + w[1]**2",
    "quotient": "C = x/y",
    "powers": "C = x**3 + 2**x + x**y",
}

# the first line of the text: the right side; what follows explains its names
FORMS = [
    # Nielsen's chain: eq. 121 and 122 for depth 4, and the same for any depth
    ("chain", "C", "b[1]", None, "σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L", "L ≥ 1"),
    ("chain", "C", "b[1]", 1, "σ'(z_1) ∂C/∂a_1", ""),
    ("chain", "C", "b[1]", 2, "σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2", ""),
    ("chain", "C", "b[1]", 4, "σ'(z_1) w_2 σ'(z_2) w_3 σ'(z_3) w_4 σ'(z_4) ∂C/∂a_4", ""),
    ("chain", "C", "b[3]", 4, "σ'(z_3) w_4 σ'(z_4) ∂C/∂a_4", ""),
    ("chain", "C", "b[4]", 4, "σ'(z_4) ∂C/∂a_4", ""),
    ("chain", "C", "b[L]", None, "σ'(z_L) ∂C/∂a_L", ""),
    ("chain", "C", "b[L-1]", None, "σ'(z_{L-1}) w_L σ'(z_L) ∂C/∂a_L", ""),
    ("chain", "C", "b[j]", None, "σ'(z_j) (∏_{k=j+1}^{L} w_k σ'(z_k)) ∂C/∂a_L", "L ≥ j"),
    ("chain", "C", "b[l]", None, "σ'(z_l) (∏_{j=l+1}^{L} w_j σ'(z_j)) ∂C/∂a_L", "L ≥ l"),
    ("chain", "C", "w[1]", None, "a_0 σ'(z_1) (∏_{j=2}^{L} w_j σ'(z_j)) ∂C/∂a_L", "L ≥ 1"),
    ("chain", "C", "w[3]", 4, "a_2 σ'(z_3) w_4 σ'(z_4) ∂C/∂a_4", ""),
    ("chain", "C", "w[j]", None, "a_{j-1} σ'(z_j) (∏_{k=j+1}^{L} w_k σ'(z_k)) ∂C/∂a_L", "L ≥ j"),
    ("chain", "C", "a[0]", 2, "w_1 σ'(z_1) w_2 σ'(z_2) ∂C/∂a_2", ""),
    ("chain", "C", "a[3]", 4, "w_4 σ'(z_4) ∂C/∂a_4", ""),
    ("chain", "C", "a[L]", None, "∂C/∂a_L", ""),
    ("chain", "C", "z[2]", 3, "σ'(z_2) w_3 σ'(z_3) ∂C/∂a_3", ""),
    ("chain", "C", "y", None, "∂C/∂y", ""),
    ("chain", "C", "C", None, "1", ""),
    ("chain", "a[L]", "a[0]", None, "∏_{j=1}^{L} w_j σ'(z_j)", "L ≥ 0"),
    ("chain", "z[4]", "z[1]", None, "σ'(z_1) w_2 σ'(z_2) w_3 σ'(z_3) w_4", ""),
    ("chain", "z[L]", "b[1]", None, "σ'(z_1) (∏_{j=2}^{L-1} w_j σ'(z_j)) w_L", "L ≥ 2"),
    ("chain", "a[k]", "a[j]", None, "∏_{m=j+1}^{k} w_m σ'(z_m)", "k ≥ j"),
    ("chain", "a[k]", "a[k]", None, "1", ""),
    # the chain with identity skips: da_j/da_{j-1} = 1 + w_j σ'(z_j)
    ("residual", "C", "b[1]", None, "σ'(z_1) (∏_{j=2}^{L} (1 + w_j σ'(z_j))) ∂C/∂a_L", "L ≥ 1"),
    ("residual", "C", "b[1]", 3, "σ'(z_1) (1 + w_2 σ'(z_2)) (1 + w_3 σ'(z_3)) ∂C/∂a_3", ""),
    ("residual", "a[L]", "a[0]", None, "∏_{j=1}^{L} (1 + w_j σ'(z_j))", "L ≥ 0"),
    # products of matrices keep their order, the last layer leftmost
    ("deep_linear", "a[L]", "a[0]", None, "∏_{l=1}^{L} W_l", "L ≥ 0"),
    ("deep_linear", "a[L]", "a[0]", 3, "W_3 W_2 W_1", ""),
    ("deep_linear", "C", "a[0]", None, "∂C/∂a_L (∏_{l=1}^{L} W_l)", "L ≥ 0"),
    ("deep_linear", "C", "W[2]", 3, "a_1 ∂C/∂a_3 W_3", ""),
    ("mlp", "a[L]", "a[0]", None, "∏_{l=1}^{L} diag(σ'(z_l)) W_l", "L ≥ 0"),
    ("mlp", "C", "b[l]", None, "∂C/∂a_L (∏_{j=l+1}^{L} diag(σ'(z_j)) W_j) diag(σ'(z_l))", "L ≥ l"),
    ("mlp", "C", "b[L]", None, "∂C/∂a_L diag(σ'(z_L))", ""),
    ("mlp", "C", "W[1]", None, "a_0 ∂C/∂a_L (∏_{l=2}^{L} diag(σ'(z_l)) W_l) diag(σ'(z_1))", "L ≥ 1"),
    ("mlp", "C", "W[2]", 3, "a_1 ∂C/∂a_3 diag(σ'(z_3)) W_3 diag(σ'(z_2))", ""),
    # the recurrent network: the product, and the sum over time of immediate derivatives
    ("rnn", "s[j]", "s[j-1]", None, "diag(σ'(a_j)) W", ""),
    ("rnn", "s[t]", "s[k]", None, "∏_{j=k+1}^{t} diag(σ'(a_j)) W", "t ≥ k"),
    ("rnn", "s[4]", "s[1]", None, "diag(σ'(a_4)) W diag(σ'(a_3)) W diag(σ'(a_2)) W", ""),
    ("rnn", "E", "s[k]", None, "∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W)", "t ≥ k"),
    ("rnn", "E", "W", None, "∑_{k=1}^{t} ∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) ∂⁺s_k/∂W", "t ≥ 1"),
    ("rnn", "E", "U", None, "∑_{k=1}^{t} ∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) ∂⁺s_k/∂U", "t ≥ 1"),
    ("rnn", "E", "b", None, "∑_{k=1}^{t} ∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) ∂⁺s_k/∂b", "t ≥ 1"),
    ("rnn", "E", "W", 2, "∂E/∂s_2 diag(σ'(a_2)) W ∂⁺s_1/∂W + ∂E/∂s_2 ∂⁺s_2/∂W", ""),
    ("rnn", "E", "x[k]", None, "∂E/∂s_t (∏_{j=k+1}^{t} diag(σ'(a_j)) W) diag(σ'(a_k)) U", "t ≥ k"),
    ("rnn", "a[t]", "a[k]", None, "W (∏_{j=k+1}^{t-1} diag(σ'(a_j)) W) diag(σ'(a_k))", "t ≥ k + 1"),
    # gated networks
    ("gru", "h[t]", "h[k]", None, "∏_{j=k+1}^{t} ∂h_j/∂h_{j-1}", "t ≥ k"),
    ("gru", "u[j]", "h[j-1]", None, "diag(σ'(z_{u,j})) U_u", ""),
    ("lstm", "f[j]", "h[j-1]", None, "diag(σ'(z_{f,j})) U_f", ""),
    ("lstm", "h[j]", "c[j]", None, "diag(o_j) diag(tanh'(c_j))", "j ≥ 1"),
    ("lstm", "c[2]", "c[0]", None, "[I, 0] J_2 J_1 [I; 0]", ""),
    # equations of one's own
    (OWN["skip"], "C", "w[1]", None, "σ(a_0) (∏_{j=2}^{L} (1 + σ'(a_{j-1}) w_j)) ∂C/∂a_L", "L ≥ 1"),
    (OWN["tied"], "C", "b", None, "∑_{k=1}^{L} ∂⁺a_k/∂b (∏_{j=k+1}^{L} w σ'(z_j)) ∂C/∂a_L", "L ≥ 1"),
    (OWN["tied"], "C", "b", 2, "∂⁺a_1/∂b w σ'(z_2) ∂C/∂a_2 + ∂⁺a_2/∂b ∂C/∂a_2", ""),
    (OWN["second order"], "C", "a[0]", None, "[∂C/∂a_L, 0] (∏_{j=1}^{L} J_j) [1; 0]", "L ≥ 0"),
    (OWN["second order"], "C", "a[-1]", 2, "[∂C/∂a_2, 0] J_2 J_1 [0; 1]", ""),
    (OWN["two costs"], "E", "w[1]", 2, "2 a_0 σ'(w_1 a_0) ∂D/∂a_1 + a_0 σ'(w_1 a_0) w_2 σ'(w_2 a_1) ∂C/∂a_2", ""),
    (OWN["highway"], "C", "a[0]", None, "(∏_{j=1}^{L} ∂a_j/∂a_{j-1}) ∂C/∂a_L", "L ≥ 0"),
    (OWN["geometric"], "a[L]", "a[0]", None, "r^L", "L ≥ 0"),
    (OWN["geometric"], "a[L]", "r", 3, "∂⁺a_1/∂r r^2 + ∂⁺a_2/∂r r + ∂⁺a_3/∂r", ""),
    (OWN["linear RNN"], "s[t]", "s[0]", None, "W^t", "t ≥ 0"),
    (OWN["linear RNN"], "s[t]", "x[k]", None, "W^(t-k) U", "t ≥ k"),
    (OWN["attention"], "p", "x", None, "(diag(p) - p pᵀ) W", ""),
    (OWN["quotient"], "C", "x", None, "1/y", ""),
    (OWN["quotient"], "C", "y", None, "(-x)/y^2", ""),
    (OWN["powers"], "C", "y", None, "ln(x) x^y", ""),
    # a quantity that is read at a fixed place too: the layer that is meant is told
    (OWN["input of the last step"], "C", "x[k]", None, "w ∂C/∂a_L", "L ≥ k + 1"),
    (OWN["input of the last step"], "C", "x[L]", None, "w ∂C/∂a_L + ∂⁺C/∂x_L", ""),
    (
        OWN["a penalty on the first layer"],
        "C",
        "w[k]",
        None,
        "a_{k-1} (∏_{j=k+1}^{L} w_j) ∂cost/∂a_L",
        "k ≥ 2, L ≥ k",
    ),
    (OWN["a penalty on the first layer"], "C", "w[1]", 2, "a_0 w_2 ∂cost/∂a_2 + 2 w_1", ""),
    # an index of ∑ or ∏ has a letter that no quantity has
    ("a[i] = k*a[i-1]\nC = a[L]", "C", "k", None, "∑_{j=1}^{L} ∂⁺a_j/∂k k^(L-j)", "L ≥ 1"),
    ("j[j] = k*tanh(j[j-1])", "j[L]", "j[0]", None, "∏_{m=1}^{L} tanh'(j_{m-1}) k", "L ≥ 0"),
    ("a[j] = k*m*i*r*p*q*l*a[j-1]", "a[L]", "k", 1, "∂⁺a_1/∂k", ""),
    ("a[j] = k*m*i*r*p*q*l*tanh(a[j-1])", "a[L]", "a[0]", None, "∏_{j=1}^{L} tanh'(a_{j-1}) k m i r p q l", "L ≥ 0"),
]


def ask(text, of, wrt, depth=None):
    """Return a derivative of a built-in model or of equations."""
    return (sg.parse(text) if "=" in text else sg.model(text)).derivative(of, wrt, depth=depth)


@pytest.mark.parametrize(("text", "of", "wrt", "depth", "printed", "assumed"), FORMS)
def test_printed_form(text, of, wrt, depth, printed, assumed):
    g = ask(text, of, wrt, depth)
    assert str(g).split("\n")[0] == printed
    assert ", ".join(map(str, g.assumptions)) == assumed


EXPLAINED = [
    ("rnn", "E", "W", "∂⁺s_k/∂W dW = diag(σ'(a_k)) dW s_{k-1}"),
    ("rnn", "E", "U", "∂⁺s_k/∂U dU = diag(σ'(a_k)) dU x_k"),
    ("rnn", "E", "b", "∂⁺s_k/∂b = diag(σ'(a_k))"),
    (OWN["tied"], "C", "w", "∂⁺a_k/∂w = a_{k-1} σ'(z_k)"),
    (OWN["highway"], "C", "a[0]", "∂a_j/∂a_{j-1} = g_j + u_j σ'(u_j a_{j-1}) (a_{j-1} - x_j)"),
    ("lstm", "c[t]", "c[0]", "∂⁺c_j/∂c_{j-1} = diag(f_j)"),
    ("lstm", "c[t]", "c[0]", "∂⁺h_j/∂c_{j-1} = diag(o_j) diag(tanh'(c_j)) diag(f_j)"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "line"), EXPLAINED)
def test_names_in_a_form_are_explained(text, of, wrt, line):
    assert line in [shown.strip() for shown in str(ask(text, of, wrt)).split("\n")]


def test_factors_come_in_path_order():
    expected = ("σ'(z_1)", "w_2", "σ'(z_2)", "w_3", "σ'(z_3)", "∂C/∂a_3")
    assert ask("chain", "C", "b[1]", 3).factors == expected
    assert ask("deep_linear", "a[L]", "a[0]", 3).factors == ("W_3", "W_2", "W_1")


# --- details: folded, by the output of a layer, by the inputs ---

UNFOLDED = [
    ("chain", "logistic", "C", "b[1]", 2, "a_1 (1 - a_1) w_2 a_2 (1 - a_2) (a_2 - y)"),
    ("chain", "tanh", "a[L]", "a[0]", None, "∏_{j=1}^{L} w_j (1 - a_j^2)"),
    ("chain", "relu", "a[2]", "b[2]", None, "1{z_2 > 0}"),
    # the slope of s_j = σ(a_j) is by the state s_j, not by the pre-activation a_j
    ("rnn", "logistic", "s[t]", "s[k]", None, "∏_{j=k+1}^{t} diag(s_j ⊙ (1 - s_j)) W"),
    ("rnn", "tanh", "s[t]", "s[k]", None, "∏_{j=k+1}^{t} diag(1 - s_j^2) W"),
    ("residual", "tanh", "a[1]", "a[0]", None, "1 + w_1 (1 - σ(z_1)^2)"),
    ("chain", "softplus", "a[2]", "b[2]", None, "1 - exp(-a_2)"),
    ("chain", "log", "a[2]", "b[2]", None, "1/z_2"),  # and not exp(-a_2)
    ("chain", "sinh", "a[2]", "b[2]", None, "cosh(z_2)"),
]


def bound(name, activation):
    """Return a built-in model with its activation, and its cost where it has a target, bound."""
    model = sg.model(name).bind(activation)
    return model if name == "rnn" else model.bind(cost="quadratic")


@pytest.mark.parametrize(("name", "activation", "of", "wrt", "depth", "printed"), UNFOLDED)
def test_unfolded_form(name, activation, of, wrt, depth, printed):
    g = bound(name, activation).derivative(of, wrt, depth=depth)
    assert math_text(g.presentation(form="unfolded").right) == printed


def test_the_form_by_the_inputs():
    g = bound("chain", "tanh").derivative("a[2]", "b[1]", depth=2)
    inner = "w_1 a_0 + b_1"
    expected = f"(1 - σ({inner})^2) w_2 (1 - σ(w_2 σ({inner}) + b_2)^2)"
    assert math_text(g.presentation(form="inputs").right) == expected


ACTIVATIONS = ("logistic", "tanh", "relu", "leaky_relu", "elu", "selu", "gelu", "gelu_tanh", "silu", "softplus")
ACTIVATIONS += ("softsign", "erf", "sin", "identity", "lecun_tanh")


def with_numbers(e, named):
    """Replace the parameters of a function that are written by their names, as SELU's, by their numbers."""
    match e:
        case Quantity(name, None):
            return named.get(name, e)
        case Apply(op, arguments):
            return Apply(op, tuple(with_numbers(a, named) for a in arguments))
    return e


@pytest.mark.parametrize("form", ["unfolded", "inputs"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize(
    ("name", "of", "wrt", "seed"),  # at these values no derivative is 0 as a whole, nor is one taken at a kink
    [("chain", "C", "b[1]", 3), ("mlp", "a[3]", "a[0]", 10), ("rnn", "s[3]", "s[1]", 4)],
)
def test_every_detail_has_the_value_of_the_folded_form(name, of, wrt, seed, activation, form):
    g = bound(name, activation).derivative(of, wrt, depth=3)
    values = values_for(g.network, 3, seed=seed)
    record = g.network.functions["sigma"].record
    named = {name: Number(value) for value, name in long_parameters(g.network, record).items()}
    written = replace(g, map=map_tree.rewrite(unfolded(g.network, g.expanded, form), lambda e: with_numbers(e, named)))
    with warnings.catch_warnings():  # by the output relu' is step(a), and a = 0 for every z < 0: no kink of relu
        warnings.simplefilter("ignore", KinkWarning)
        found = np.ravel(evaluate(written, values, "ball", 50))
    folded = np.ravel(evaluate(g, values, "ball", 50))
    assert any(b != 0 for b in folded)
    assert all(a.overlaps(b) and a.rel_accuracy_bits() > 100 for a, b in zip(found, folded, strict=True) if b != 0)
    assert all(a == 0 for a, b in zip(found, folded, strict=True) if b == 0)


def test_a_detail_that_cannot_be_written_is_refused():
    deep = sg.parse("a[j] = sin(a[j-1])*cos(a[j-1])").derivative("a[14]", "a[0]")
    with pytest.raises(TooLarge, match="more than 10,000 nodes") as caught:
        deep.presentation(form="inputs").document()
    assert "folded" in caught.value.todo
    with pytest.raises(NotDefined, match="symbolic depth"):
        bound("chain", "tanh").derivative("a[L]", "a[0]").presentation(form="inputs").document()
    with pytest.raises(UnknownName, match="did you mean 'unfolded'"):
        bound("chain", "tanh").derivative("C", "b[1]").presentation(form="unfold").document()


# --- the three documents, with their numbers put right ---


def test_powers_that_the_lesson_on_deep_linear_networks_shows():
    model = sg.model("deep_linear").let("W[l] = lambda*I")
    g = model.derivative("a[L]", "a[0]")  # L matrices, so λ^L and not λ^(L-1)
    assert str(g) == "λ^L I"
    shown = {
        ("3/2", 149): 1.7e26,
        ("3/2", 150): 2.6e26,
        ("1/2", 150): 7.0e-46,
        ("11/10", 152): 2.0e6,
        ("9/10", 152): 1.1e-7,
    }
    for (factor, depth), expected in shown.items():
        found = g.evaluate({"lambda": factor, "a[0]": [1, 1]}, "ball", 30, depth=depth)[0, 0]
        assert float(f"{float(found.mid()):.1e}") == expected


def test_the_comparison_of_two_biases_in_the_chain():
    # ∂C/∂b_1 has the factors of ∂C/∂b_3 and four more: σ'(z_1) w_2 σ'(z_2) w_3
    first, third = ask("chain", "C", "b[1]", 4).factors, ask("chain", "C", "b[3]", 4).factors
    assert first == ("σ'(z_1)", "w_2", "σ'(z_2)", "w_3", *third)
