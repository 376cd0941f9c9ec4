"""Indices that are sums of letters: convolutions, causal sums, strides, pooling, zero padding, autoregressions."""

import re

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from campaign import campaign
from random_networks import sums_of_letters

import symgrad as sg
from symgrad.algebra.index import Affine, Index, combined, difference, minus, plus, times
from symgrad.algebra.span import Span, holds, reach
from symgrad.errors import IndexRangeError, ModelError, NotDefined, ReadError, ValuesError

VALID = """
i: range(1, n+1)
k: range(1, K+1)
w[k]: ()
y[i] = sum[k](w[k]*x[i+k-1])
C = sum[i](phi(y[i]))
"""
SAME = """
i: range(1, n+1)
k: range(1, K+1)
x[i]: zero_padded
y[i] = sum[k](w[k]*x[i+k-2])
C = sum[i](phi(y[i]))
"""
STRIDED = "i: range(1, n+1)\nk: range(1, K+1)\ny[i] = sum[k](w[k]*x[2*i+k])\nC = sum[i](phi(y[i]))"
CHANNELS = """
i: range(1, n+1)
k: range(1, K+1)
o: range(1, O+1)
c: range(1, D+1)
z[o,i] = sum[c](sum[k](W[o,c,k]*x[c,i+k-1]))
C = sum[o](sum[i](phi(z[o,i])))
"""
PLANE = """
i: range(1, n+1)
j: range(1, m+1)
a: range(1, A+1)
b: range(1, B+1)
Y[i,j] = sum[a](sum[b](K[a,b]*X[i+a-1,j+b-1]))
C = sum[i](sum[j](phi(Y[i,j])))
"""
POOLED = "i: range(1, n+1)\ny[i] = max(x[2*i-1], x[2*i])\nC = sum[i](phi(y[i]))"
MEANS = "i: range(1, n+1)\ny[i] = mean[k:1:2](x[2*i-2+k])\nC = sum[i](phi(y[i]))"
CAUSAL = "K[k]: ()\nx[s]: ()\ny[t] = sum[k:0:t](K[k]*x[t-k])\nL = sum[t](loss(y[t]))"
REGRESSION = "x[t] = sum[k:1:2](phi[k]*x[t-k]) + e[t]\nC = sum[t](loss(x[t]))"
CORRELATION = "i: range(1, n+1)\nr[h] = sum[t:1:n-h](x[t]*x[t+h])\nC = sum[h](phi(r[h]))"

# --- the algebra --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("p", "q", "together", "apart"),
    [
        (Index("i"), Index("k", -1), "i+k-1", "i-k+1"),
        (times(2, Index("i")), Index("i"), "3*i", "i"),
        (Index("i"), times(-1, Index("i")), "0", "2*i"),
        (3, minus(1, Index("i")), "4-i", "i+2"),
    ],
)
def test_indices_add_and_subtract(p, q, together, apart):
    assert (str(plus(p, q)), str(minus(p, q))) == (together, apart)
    assert minus(plus(p, q), q) == p
    assert difference(plus(p, 2), p) == 2


def test_a_sum_of_letters_is_the_same_in_any_order():
    one, other = combined([("i", 1), ("k", 1)], -1), combined([("k", 1), ("i", 1)], -1)
    assert isinstance(one, Affine)
    assert one == other
    assert hash(one) == hash(other)
    assert (str(one), str(other)) == ("i+k-1", "k+i-1")


@pytest.mark.parametrize("c", [1, -1, 2, -2, 3])
def test_the_numbers_of_a_span_are_those_at_which_its_conditions_hold(c):
    for low in range(-4, 5):
        span = Span("i", 1, 6, (), (plus(times(c, Index("i")), minus(Index("j"), 5)), minus(9, times(c, Index("i")))))
        wanted = [i for i in range(1, 7) if c * i + low - 5 >= 0 and 9 - c * i >= 0]
        assert list(span.numbers({"j": low})) == wanted


def test_what_an_index_runs_through():
    spans = {"t": Span("t", 1, Index("T")), "k": Span("k", 0, Index("t"))}
    assert reach(minus(Index("t"), Index("k")), spans) == (0, Index("T"))
    limited = spans["k"].limited([minus(Index("t"), plus(Index("k"), 1))])
    assert holds(minus(minus(Index("t"), Index("k")), 1), {**spans, "k": limited})
    assert not holds(minus(minus(Index("t"), Index("k")), 1), spans)


# --- backward equations ---------------------------------------------------------------------------------------

BACKWARD = [
    (
        VALID,
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂w_k = ∑_{i=1}^{n} x_{i+k-1} δ_i  for k = 1, …, K
∂C/∂x_j = ∑_{k=max(1,j-n+1)}^{min(K,j)} w_k δ_{j-k+1}  for j = 1, …, n+K-1""",
    ),
    (
        SAME,
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂w_k = ∑_{i=max(1,3-k)}^{min(n,n-k+2)} x_{i+k-2} δ_i  for k = 1, …, K
∂C/∂x_i = ∑_{k=max(1,i-n+2)}^{min(K,i+1)} w_k δ_{i-k+2}  for i = 1, …, n""",
    ),
    (
        STRIDED,
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂w_k = ∑_{i=1}^{n} x_{2i+k} δ_i  for k = 1, …, K
∂C/∂x_j = ∑_{i=1, 2i+1≤j≤K+2i}^{n} w_{j-2i} δ_i  for j = 3, …, 2n+K""",
    ),
    (
        CHANNELS,
        "C",
        """
δ_{o,i} = φ'(z_{o,i})  for o = 1, …, O and i = 1, …, n
∂C/∂W_{o,c,k} = ∑_{i=1}^{n} x_{c,i+k-1} δ_{o,i}  for o = 1, …, O and c = 1, …, D and k = 1, …, K
∂C/∂x_{c,j} = ∑_{o=1}^{O} ∑_{k=max(1,j-n+1)}^{min(K,j)} W_{o,c,k} δ_{o,j-k+1}  for c = 1, …, D and j = 1, …, n+K-1""",
    ),
    (
        POOLED,
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂x_j = ∑_{i=1, 2i-1=j}^{n} 1{x_{2i-1} ≥ x_{2i}} δ_i + ∑_{i=1, 2i=j}^{n} 1{x_{2i} > x_{2i-1}} δ_i  \
for j = 1, …, 2n""",
    ),
    (
        MEANS,
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂x_j = (1/2) ∑_{i=1, 2i-1≤j≤2i}^{n} δ_i  for j = 1, …, 2n""",
    ),
    (
        CAUSAL,
        "L",
        """
δ_t = ∂loss/∂y_t  for t = 1, …, T
∂L/∂K_k = ∑_{t=max(1,k)}^{T} x_{t-k} δ_t  for k = 0, …, T
∂L/∂x_s = ∑_{t=max(1,s)}^{T} K_{t-s} δ_t  for s = 0, …, T""",
    ),
    (
        REGRESSION,
        "C",
        """
δ_t = ∂loss/∂x_t + ∑_{k=1}^{min(2,T-t)} φ_k δ_{t+k}  for t = T, …, 1
∂C/∂φ_k = ∑_{t=1}^{T} x_{t-k} δ_t  for k = 1, …, 2
∂C/∂e_t = δ_t  for t = 1, …, T""",
    ),
    (
        CORRELATION,
        "C",
        """
δ_h = φ'(r_h)  for h = 1, …, H
∂C/∂x_t = ∑_{h=1}^{min(H,n-t)} x_{t+h} δ_h + ∑_{h=1}^{min(H,t-1)} x_{t-h} δ_h  for t = 1, …, n""",
    ),
    (
        "i: range(1, n+1)\ny[i] = sum[k:1:i](w[k]*x[k])\nC = sum[i](phi(y[i]))",
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂w_k = x_k ∑_{i=k}^{n} δ_i  for k = 1, …, n
∂C/∂x_k = w_k ∑_{i=k}^{n} δ_i  for k = 1, …, n""",
    ),
    (
        "i: range(1, n+1)\ny = sum[i](a[i])*sum[i](b[i])",
        "y",
        "\n∂y/∂a_i = ∑_{k=1}^{n} b_k  for i = 1, …, n\n∂y/∂b_i = ∑_{k=1}^{n} a_k  for i = 1, …, n",
    ),
    (
        "i: range(1, n+1)\ny[i] = sum[i](w[i]*x[i])\nC = sum[i](phi(y[i]))",
        "C",
        """
δ_i = φ'(y_i)  for i = 1, …, n
∂C/∂w_i = x_i ∑_{k=1}^{n} δ_k  for i = 1, …, n
∂C/∂x_i = w_i ∑_{k=1}^{n} δ_k  for i = 1, …, n""",
    ),
]


@pytest.mark.parametrize(("text", "of", "printed"), BACKWARD)
def test_backward_equations(text, of, printed):
    asked = ["phi", "e"] if text == REGRESSION else None
    assert "\n" + str(sg.parse(text).backward(of, asked)) == printed


def test_an_autoregression_by_what_it_starts_from():
    printed = str(sg.parse(REGRESSION).backward("C", ["x[-1]", "x[0]"]))
    assert [line.split(" = ")[1] for line in printed.split("\n")[1:]] == ["φ_2 δ_1", "∑_{k=1}^{min(2,T)} φ_k δ_k"]


@pytest.mark.parametrize(
    ("text", "of"),
    [pytest.param(t, of, marks=() if t in (STRIDED, REGRESSION) else pytest.mark.long) for t, of, _ in BACKWARD]
    + [pytest.param(PLANE, "C", marks=pytest.mark.long)],
)
def test_backward_equations_are_proved_and_read_back(text, of):
    assert sg.parse(text).backward(of).verify(seed=0).verdict.name == "PROVED"


# --- derivatives ------------------------------------------------------------------------------------------------

DERIVATIVES = [
    (VALID, "y[i]", "w[k]", "x_{i+k-1}", ""),
    (VALID, "y[i]", "x[j]", "w_{j-i+1}", ""),
    (VALID, "y[i]", "x[i+k-1]", "w_k", ""),
    (VALID, "y[2]", "x[1]", "0", ""),
    (VALID, "C", "x[j]", "∑_{k=max(1,j-n+1)}^{min(K,j)} w_k φ'(y_{j-k+1})", ""),
    (STRIDED, "C", "x[j]", "∑_{i=1, 2i+1≤j≤K+2i}^{n} w_{j-2i} φ'(y_i)", ""),
    (POOLED, "y[i]", "x[2*i]", "1{x_{2i} > x_{2i-1}}", ""),
    (PLANE, "Y[i,j]", "X[u,v]", "K_{u-i+1,v-j+1}", ""),
    (CAUSAL, "L", "K[k]", "∑_{t=k}^{T} x_{t-k} ∂L/∂y_t", "k ≥ 1"),
    (CAUSAL, "L", "x[s]", "∑_{t=s}^{T} K_{t-s} ∂L/∂y_t", "s ≥ 1"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "printed", "assumed"), DERIVATIVES)
def test_derivatives(text, of, wrt, printed, assumed):
    derivative = sg.parse(text).derivative(of, wrt)
    assert str(derivative) == printed
    if assumed:
        assert [str(a) for a in derivative.assumptions] == [assumed]


@pytest.mark.parametrize(
    ("text", "of", "wrt"),
    [
        pytest.param(t, of, wrt, marks=() if (of, wrt) in (("y[i]", "x[j]"), ("L", "x[s]")) else pytest.mark.long)
        for t, of, wrt, *_ in DERIVATIVES
        if t != PLANE
    ],
)
def test_derivatives_are_proved_and_read_back(text, of, wrt):
    assert sg.parse(text).derivative(of, wrt).verify(seed=0).verdict.name == "PROVED"


def test_a_condition_and_the_ends_of_a_sum_in_latex_and_in_sympy():
    derivative = sg.parse(VALID.replace("phi", "tanh")).derivative("C", "x[j]")
    assert derivative.latex().startswith(r"\sum_{k=\max(1, j - n + 1)}^{\min(K, j)} w_{k}\, \tanh'(y_{j-k+1})")
    j, n, K = sp.symbols("j n K", integer=True)
    assert derivative.sympy().limits[0][1:] == (sp.Max(1, j - n + 1), sp.Min(K, j))
    strided = sg.parse(STRIDED).derivative("C", "x[j]")
    assert r"\sum_{i=1,\, 2\, i + 1 \le j \le K + 2\, i}^{n}" in strided.latex()
    with pytest.raises(NotDefined, match="no sum over i under a condition"):
        strided.sympy()


# --- numbers ----------------------------------------------------------------------------------------------------


def _correlate(w, x, n, step=1, first=0):
    return anp.array([sum(w[k] * x[step * i + k + first] for k in range(len(w))) for i in range(n)])


NUMBERS = [
    (VALID, lambda w, x, n: _correlate(w, x, n), lambda n, K: n + K - 1),
    (STRIDED, lambda w, x, n: _correlate(w, x, n, 2), lambda n, K: 2 * n + K - 2),
    (SAME, lambda w, x, n: _correlate(w, anp.concatenate([anp.zeros(1), x, anp.zeros(len(w))]), n), lambda n, K: n),
]


@pytest.mark.parametrize(("n", "K"), [(4, 2), (1, 3), (2, 5)])
@pytest.mark.parametrize(("text", "convolution", "length"), NUMBERS)
def test_gradients_are_those_of_hips_autograd(text, convolution, length, n, K):
    random = np.random.default_rng(n)
    w, x = random.normal(size=K), random.normal(size=length(n, K))
    found = sg.parse(text.replace("phi", "tanh")).gradients("C", ["w", "x"], {"w": w, "x": x})

    def loss(w, x):
        return anp.sum(anp.tanh(convolution(w, x, n)))

    np.testing.assert_allclose(found["w"], autograd.grad(loss, 0)(w, x), rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(found["x"], autograd.grad(loss, 1)(w, x), rtol=1e-12, atol=1e-300)


def test_conv1d_has_the_gradients_of_hips_autograd():
    L, n, d, taps = 2, 4, 2, 3
    random = np.random.default_rng(0)
    W, b = random.normal(size=(L, taps, d, d)), random.normal(size=(L, d))
    x, y = random.normal(size=(n, d)), random.normal(size=(n, d))
    model = sg.model("conv1d").bind("tanh", cost="quadratic")
    found = model.gradients("C", ["W", "b"], {"W": W, "b": b, "a[0,i]": x, "y": y}, depth=L)

    def loss(W, b):
        a = x
        for layer in range(L):
            padded = anp.concatenate([anp.zeros((1, d)), a, anp.zeros((1, d))])
            z = [sum(anp.dot(W[layer, k], padded[i + k]) for k in range(taps)) + b[layer] for i in range(n)]
            a = anp.tanh(anp.array(z))
        return anp.sum((a - y) ** 2) / 2

    np.testing.assert_allclose(found["W"], autograd.grad(loss, 0)(W, b), rtol=1e-11, atol=1e-300)
    np.testing.assert_allclose(found["b"], autograd.grad(loss, 1)(W, b), rtol=1e-11, atol=1e-300)


def test_the_backward_equations_of_conv1d():
    printed = str(sg.model("conv1d").backward("C", ["W", "b"]))
    assert printed.split("\n")[1:] == [
        "δ_{l,i} = (∑_{k=max(-r,i-n)}^{min(r,i-1)} W_{l+1,k}ᵀ δ_{l+1,i-k}) ⊙ σ'(z_{l,i})  "
        "for l = L-1, …, 1 and i = 1, …, n",
        "∂C/∂W_{l,k} = ∑_{i=max(1,1-k)}^{min(n,n-k)} δ_{l,i} a_{l-1,i+k}ᵀ  for l = 1, …, L and k = -r, …, r",
        "∂C/∂b_l = ∑_{i=1}^{n} δ_{l,i}  for l = 1, …, L",
    ]


THOUSAND = VALID.replace("n+1", "1001").replace("K+1", "6").replace("phi", "tanh")


def test_a_thousand_members_are_derived():
    derivative = sg.parse(THOUSAND).derivative("C", "x[j]")
    assert str(derivative) == "∑_{k=max(1,j-999)}^{min(5,j)} w_k tanh'(y_{j-k+1})"
    w, x = np.linspace(1, 2, 5), np.linspace(1, 3, 1004)
    found = sg.parse(VALID.replace("phi(y[i])", "y[i]**2/2")).gradients("C", ["w"], {"w": w, "x": x})["w"]
    np.testing.assert_allclose(found, np.correlate(x, np.correlate(x, w)), rtol=1e-12)


@pytest.mark.long
def test_a_thousand_members_are_sampled():
    assert sg.parse(THOUSAND).derivative("C", "x[j]").verify(seed=0).verdict.name == "SAMPLED"


# --- refusals ---------------------------------------------------------------------------------------------------

HEAD = "i: range(1, n+1)\n"
REFUSED = [
    ("y[i] = sum[k:1:K](w[k]*x[i*k])", "a product of letters is no index", "whole coefficients"),
    ("y[i] = sum[k:1:K](w[k]*x[i+m])", r"nothing says what m runs through in x\[i\+m\]", "sum over it"),
    ("a[0] = a[j*2]", r"nothing says what j runs through in a\[2\*j\]", "sum over it"),
    ("y[i+k] = sum[k:1:K](x[i+k])", r"the left side is y\[i\+k\]", "a letter of its own"),
    (
        "x[i]: ()\ny[i] = sum[k:1:K](w[k]*x[i+k-1])",
        r"is read up to n\+K-1, and the range of x",
        "zero_padded",
    ),
    (
        "x[i]: zero_padded\ny[i] = sum[k:1:K](w[k] + x[i+k-1])",
        "is 0 beyond its range, and this",
        "products",
    ),
    (
        "x[i]: zero_padded\ny[i] = sum[k:1:K](tanh(x[i+k]))",
        "is 0 beyond its range, and this",
        "of its own",
    ),
    ("x: zero_padded\ny[i] = x", "is said of what carries an index", "with its index"),
    ("z[i]: zero_padded\ny[i] = x[i]", "no equation reads z", "remove the line"),
    ("x[s]: zero_padded\ny[i] = sum[k:1:K](x[i+k])", r"nothing says what x\[s\] runs through", "declare the range"),
    ("a[t] = sum[k:1:p](w[k]*a[t-k])\ny[i] = x[i]", "is read from 1-p, and the range of a starts at 1", "number for p"),
    ("y[i] = sum[k:1:m](sum[m:1:k](x[i+k+m]))", "the sum over k ends with m", "stand outside"),
    ("y[i] = sum[k:min(1, 2):K](x[i+k])", "the lower end of a sum is no min", "max"),
    ("y[i] = mean[k:1:min(K, i)](x[i+k])", "how many terms this mean has is not known", "divide"),
    (f"y[i] = x[{'+'.join(['i'] * 200)}]", "this index nests too deep", "sum of letters"),
    ("y[i] = x[1000*i]", "this index is too large", "coefficients up to 100"),
]


@pytest.mark.parametrize(("text", "what", "todo"), REFUSED)
def test_what_cannot_be_said_is_refused_with_what_to_write(text, what, todo):
    with pytest.raises(ReadError) as caught:
        sg.parse(f"{HEAD}{text}\nC = sum[i](y[i])")
    assert re.search(what, caught.value.what)
    assert todo in caught.value.todo


def test_a_left_out_letter_under_a_sum_of_letters_is_refused():
    with pytest.raises(NotDefined, match="leaves out a letter"):
        sg.parse(f"{HEAD}C = sum[i](sum[j != i](x[i-j]**2))").backward("C")


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"w": [1, 2], "x": [1]}, "which no n gives"),
        ({"w": 3, "x": [1]}, "a single number was given"),
    ],
)
def test_values_that_do_not_fit_are_errors(values, error):
    with pytest.raises(ValuesError, match=error):
        sg.parse(VALID.replace("phi", "tanh")).gradients("C", ["w"], values)


def test_an_index_outside_its_range_is_an_error():
    model = sg.parse(VALID.replace("phi", "tanh"))
    with pytest.raises(IndexRangeError, match="j runs from 1 to 4 with these values"):
        model.derivative("C", "x[9]").evaluate({"w": [1, 2], "x": [1, 2, 3, 4]})
    with pytest.raises(IndexRangeError, match=r"x\[0\] does not exist"):
        model.derivative("C", "x[0]")
    with pytest.raises((IndexRangeError, ModelError), match="nothing says what m runs through"):
        model.derivative("C", "x[i+m]")


# --- random networks --------------------------------------------------------------------------------------------


@campaign(4, 400, sums_of_letters())
def test_random_sums_of_letters_are_proved_and_read_back(drawn):
    text, asked = drawn
    model = sg.parse(text)
    answer = model.backward(text.rsplit("\n", 1)[1][0]) if asked is None else model.derivative(*asked)
    evidence = answer.verify(seed=0)
    required = [c for c in evidence.checks if c.required and c.verdict.name != "SAMPLED"]
    assert evidence.verdict.name in ("PROVED", "SAMPLED"), f"{text}\n{asked}\n{answer}\n{evidence.checks}"
    assert not required


# --- heads of a block -------------------------------------------------------------------------------------------

HEADS = """
X[0]: (n, d)
Q[l,h]: (d, e)
K[l,h]: (d, e)
V[l,h]: (d, d)
h: range(1, H+1)
S[l,h] = X[l-1]@Q[l,h]@(X[l-1]@K[l,h]).T/sqrt(e)
P[l,h] = softmax(S[l,h])
X[l] = X[l-1] + sum[h](P[l,h]@X[l-1]@V[l,h])
C = cost(X[L])
"""


def test_the_heads_of_a_block_at_any_depth():
    printed = str(sg.parse(HEADS).backward("C", ["Q", "V"]))
    for line in (
        "δ_{S,l,h} = P_{l,h} ⊙ (δ_{P,l,h} - rowsum(δ_{P,l,h} ⊙ P_{l,h}))  for l = L, …, 1 and h = 1, …, H",
        "∂C/∂Q_{l,h} = (1/√e) X_{l-1}ᵀ δ_{S,l,h} X_{l-1} K_{l,h}  for l = 1, …, L and h = 1, …, H",
        "∂C/∂V_{l,h} = X_{l-1}ᵀ P_{l,h}ᵀ δ_{X,l}  for l = 1, …, L and h = 1, …, H",
    ):
        assert line in printed


@pytest.mark.long
def test_the_heads_of_a_block_are_proved():
    assert sg.parse(HEADS).backward("C").verify(seed=0).verdict.name == "PROVED"
