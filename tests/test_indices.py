"""Several indices, families, sums over steps and over families, and networks that are no chain."""

from fractions import Fraction

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from campaign import campaign
from random_networks import indexed

import symgrad as sg
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import reads
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import Bound, IndexSum
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import substitute
from symgrad.errors import IndexRangeError, NotDefined, ReadError, ValuesError
from symgrad.evidence.verdict import Verdict

STEPS = """W: (d, d)
s[0]: (d,)
y[t]: (d,)
s[t] = tanh(W@s[t-1])
"""
PASCANU = STEPS + "e[t] = loss(s[t], y[t])\nE = sum[t](e[t])"
ROUTER = """i: range(1, n+1)
x: (d,)
A[i]: (d, d)
g[i]: (d,)
p[i] = exp(g[i]@x)/sum[j](exp(g[j]@x))
f[i] = tanh(A[i]@x)
y = sum[i](p[i]*f[i])
"""
WORDS = """v: (d,)
u[j]: (d,)
j: range(1, N+1)
p[j] = exp(u[j]@v)/sum[i](exp(u[i]@v))
l = log(p[o])"""
STACKED = """W[l]: (d, d)
U[l]: (d, d)
H[0,t]: (d,)
H[l,0]: (d,)
z[l,t] = W[l]@H[l-1,t] + U[l]@H[l,t-1]
H[l,t] = tanh(z[l,t])
E = loss(H[L,T])"""
BOTH_WAYS = """U: (d, d)
V: (d, d)
x[t]: (d,)
f[0]: (d,)
b[T+1]: (d,)
f[t] = tanh(x[t] + U@f[t-1])
b[t] = tanh(x[t] + V@b[t+1])
o[t] = f[t] + b[t]
E = sum[t](loss(o[t]))"""
TRANSLATION = """W: (d, d)
V: (d, d)
x[j]: (d,)
h[0]: (d,)
y[t]: (d,)
h[j] = tanh(W@h[j-1] + x[j])
c[0] = h[J]
c[t] = tanh(V@c[t-1])
E = sum[t](loss(c[t], y[t]))"""
DENSE = "W[l,k]: (d, d)\nx: (d,)\na[0] = x\na[l] = tanh(sum[k:0:l-1](W[l,k]@a[k]))\nC = cost(a[L])"
MESSAGES = """i: range(1, 4)
W: (d, d)
A[i,j]: ()
h[0,i]: (d,)
h[l,i] = tanh(sum[j != i](A[i,j]*(W@h[l-1,j])))
E = sum[i](loss(h[L,i]))"""
NEIGHBOURS = """i: range(1, N+1)
h[i]: (d,)
a: (d,)
W: (d, d)
s[i] = a@h[i]
z[i] = sum[j != i](tanh(W@h[j]*s[i]))
C = sum[i](z[i]@z[i])"""
FIFTH = "i: range(1, N+1)\np = sum[i](w[i]**2) + c*w[5]**3"

SYMBOLIC = [
    (PASCANU, "E", "W", "∑_{t=1}^{T} (∑_{k=1}^{t} ∂e_t/∂s_t (∏_{j=k+1}^{t} diag(tanh'(W s_{j-1})) W) ∂⁺s_k/∂W)"),
    (PASCANU, "E", "s[k]", "∑_{t=k}^{T} ∂e_t/∂s_t (∏_{j=k+1}^{t} diag(tanh'(W s_{j-1})) W)"),
    (PASCANU, "E", "y[k]", "∂e_k/∂y_k"),
    (STEPS + "E = sum[t:2:T](sum(s[t]))", "E", "s[1]", "∑_{t=2}^{T} 𝟏ᵀ (∏_{j=2}^{t} diag(tanh'(W s_{j-1})) W)"),
    ("a[l] = w[l]*a[l-1]\nC = cost(a[L]) + mu*sum[l](w[l]**2)", "C", "w[L]", "a_{L-1} ∂cost/∂a_L + 2 w_L μ"),
    ("a[j] = a[j-1]/j\nC = cost(a[L])", "C", "a[k]", "(∏_{j=k+1}^{L} 1/j) ∂C/∂a_L"),
    ("E = prod[k](1 - b[k])", "E", "b[i]", "-(∏_{j=1, j≠i}^{K} (1 - b_j))"),
    ("i: range(1, n+1)\nu[i]: (d,)\nE = sum[i](sum[j != i](u[i]@u[j]))", "E", "u[k]", "2 (∑_{j=1, j≠k}^{n} u_jᵀ)"),
    ("y[t] = x[t+1]*w\nE = sum[t](y[t])", "E", "w", "∑_{t=1}^{T} ∂⁺y_t/∂w"),
    ("y = sum[i](x[i]*z[i+1])", "y", "z[i]", "x_{i-1}"),
    ("y[i] = x[i]**2\nE = sum[i](y[i])", "E", "x[i]", "2 x_i"),
    (
        STEPS + "o[t] = W@s[t]\nE = sum[t](loss(o[t], y[t]))",
        "E",
        "s[t]",
        "∑_{i=t}^{T} ∂E/∂o_i W (∏_{j=t+1}^{i} diag(tanh'(W s_{j-1})) W)",
    ),
    (ROUTER, "y", "A[k]", "p_k diag(tanh'(A_k x)) dA_k x"),
    (WORDS, "l", "v", "u_oᵀ - (∑_{i=1}^{N} p_i u_iᵀ)"),
    (NEIGHBOURS, "C", "W", "∑_{i=1}^{N} (∑_{j=1, j≠i}^{N} 2 "),
    (NEIGHBOURS, "C", "h[5]", ""),
    (FIFTH, "p", "w[5]", "2 w_5 + "),
    (FIFTH, "p", "w[4]", "2 w_4"),
    (FIFTH.replace("w[5]", "w[N]"), "p", "w[N]", "2 w_N + 3 w_N^2 c"),
    (FIFTH.replace("w[5]", "w[N]"), "p", "w[5]", "2 w_5"),
    (
        "j: range(1, N+1)\nl = log(exp(y*tau)/sum[j](exp(x[j]*tau)))",
        "l",
        "tau",
        "y - (∑_{j=1}^{N} exp(x_j τ) x_j)/(∑_{j=1}^{N} exp(x_j τ))",
    ),
    (
        "i: range(1, N+1)\nh[i]: (d,)\nz = sum[i](exp(s*x[i])*h[i])/sum[i](exp(s*x[i]))\nC = cost(z)",
        "z",
        "s",
        "(1/(∑_{i=1}^{N} exp(s x_i))) (∑_{i=1}^{N} exp(s x_i) x_i h_i - z (∑_{i=1}^{N} exp(s x_i) x_i))",
    ),
]


@pytest.mark.parametrize(("text", "of", "wrt", "expected"), SYMBOLIC)
def test_a_derivative_at_symbolic_ends_is_printed_as_in_books_and_proved(text, of, wrt, expected):
    g = sg.parse(text).derivative(of, wrt)
    assert expected in str(g)
    assert g.verify().verdict is Verdict.PROVED


BACKWARD = [
    (NEIGHBOURS, "h", "δ_{s,i} a + ∑_{k=1, k≠i}^{N} s_k Wᵀ (δ_{z,k} ⊙ tanh'(s_k W h_i))"),
    (
        "a[l] = tanh(sum[k:0:l-1](w*a[k]) + b[l])\na[0] = c\nC = a[L]**2",
        "c",
        "δ_l = w ∑_{j=l+1}^{L} δ_j tanh'(∑_{k=0}^{j-1} w a_k + b_j)  for l = L-1, …, 1",
    ),
    (FIFTH.replace("w[5]", "w[N]"), "w", "∂p/∂w_N = 2 w_N + 3 w_N^2 c"),
    ("i: range(1, 6)\np = prod[i](tanh(w[i]))", "w", "(∏_{j=1, j≠i}^{5} tanh(w_j)) tanh'(w_i)"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), BACKWARD)
def test_readers_under_a_sum_keep_letters_of_their_own(text, wrt, expected):
    network = sg.parse(text)
    equations = network.backward(str(network.equations[-1].target), wrt)
    assert expected in str(equations)
    assert equations.verify().verdict is Verdict.PROVED


NUMBERS = [
    (STACKED, 2, "E", "H[1,1]", "U_2 diag(tanh'(z_{2,1})) W_2"),
    (STACKED, 2, "E", "U[2]", ""),
    (BOTH_WAYS, 3, "o[2]", "x[1]", "diag(tanh'(x_2 + U f_1)) U diag(tanh'(x_1 + U f_0))"),
    (BOTH_WAYS, 3, "o[2]", "b[4]", "V diag(tanh'(x_3 + V b_4)) V"),
    (BOTH_WAYS, 2, "E", "V", ""),
    (TRANSLATION, 2, "E", "W", ""),
    (DENSE, 3, "C", "W[2,1]", ""),
    (MESSAGES, 2, "E", "h[0,2]", ""),
]


@pytest.mark.parametrize(("text", "depth", "of", "wrt", "part"), NUMBERS)
def test_a_network_that_is_no_chain_is_the_sum_over_its_paths(text, depth, of, wrt, part):
    g = sg.parse(text).derivative(of, wrt, depth=depth)
    assert part in str(g)
    assert g.verify().verdict is Verdict.PROVED


# --- values ---------------------------------------------------------------------------------------


def stacked(v):
    H = {(0, t): v["H[0,t]"][t - 1] for t in (1, 2, 3)} | {(k, 0): v["H[l,0]"][k - 1] for k in (1, 2)}
    for k in (1, 2):
        for t in (1, 2, 3):
            H[k, t] = anp.tanh(v["W"][k - 1] @ H[k - 1, t] + v["U"][k - 1] @ H[k, t - 1])
    return anp.sum(H[2, 3])


def both_ways(v):
    f, b = [v["f[0]"]], [v["b[T+1]"]]
    for t in range(3):
        f.append(anp.tanh(v["x"][t] + v["U"] @ f[-1]))
        b.append(anp.tanh(v["x"][2 - t] + v["V"] @ b[-1]))
    return sum(anp.sum(f[t] + b[4 - t]) for t in (1, 2, 3))


def router(v):
    weights = anp.exp(v["g"] @ v["x"])
    return sum(w / anp.sum(weights) * anp.sum(anp.tanh(A @ v["x"])) for w, A in zip(weights, v["A"], strict=True))


VALUES = [
    (STACKED.replace("loss(", "sum("), stacked, {"W": (2, 2, 2), "U": (2, 2, 2), "H[0,t]": (3, 2), "H[l,0]": (2, 2)}),
    (BOTH_WAYS.replace("loss(", "sum("), both_ways, {"U": (2, 2), "V": (2, 2), "x": (3, 2), "f[0]": 2, "b[T+1]": 2}),
    (ROUTER + "E = sum(y)", router, {"g": (3, 2), "x": 2, "A": (3, 2, 2)}),
]


@pytest.mark.parametrize(("text", "value", "shapes"), VALUES)
def test_gradients_are_those_of_a_program_of_loops(text, value, shapes):
    random = np.random.default_rng(1)
    values = {name: random.normal(size=shape) for name, shape in shapes.items()}
    found = sg.parse(text).gradients("E", values=values)
    expected = autograd.grad(value)(values)
    assert set(found) == set(expected)
    for name, x in expected.items():
        assert np.allclose(found[name], x, rtol=1e-12, atol=0)


def test_values_are_summed_multiplied_and_averaged_exactly():
    model = sg.parse("i: range(1, n+1)\nE = mean[i](w[i]) + prod[i](w[i]) + sum[i](sum[j != i](w[i]*w[j]**2))/n")
    g = model.derivative("E", "w[2]")
    # E = (a + b + c)/3 + a b c + (a b² + a c² + b a² + b c² + c a² + c b²)/3
    a, b, c = Fraction(2), Fraction(3), Fraction(5)
    expected = Fraction(1, 3) + a * c + (2 * a * b + a**2 + c**2 + 2 * c * b) / 3
    assert str(g.evaluate({"w": [2, 3, 5]}, "exact")) == str(expected)


def test_a_sum_over_an_index_binds_its_letter():
    x = Quantity("x", Index("l"), (Index("i"),))
    e = IndexSum("i", 1, Index("n"), x, "sum", (Index("j"),))
    [(q, spans)] = reads(substitute(e, {"j": Index("i"), "l": 2, "n": 4}))
    [span] = spans
    assert (q.index, q.further) == (2, (Index(span.symbol),))
    assert span.symbol != "i"
    assert span == Span(span.symbol, 1, 4, (Index("i"),))
    assert Bound("x", Index("l")) != Quantity("x", Index("l"))


REFUSED = [
    ("a[j] = a[j-1] + a[j+1]\nE = a[L]", ReadError, "run in a circle"),
    ("i: range(1, n+1)\nx[i]: (d,)\ny = x[i,1]", ReadError, "x[i,1]"),
    ("E = x[1,2]", ReadError, "nothing says what the indices of x[1,2] run through"),
    ("a[0]: (d,)\nb[x,y] = a", ReadError, "nothing says what the index of a[0] runs through"),
]


@pytest.mark.parametrize(("text", "error", "words"), REFUSED)
def test_what_cannot_be_read_is_refused_with_a_sentence(text, error, words):
    with pytest.raises(error) as caught:
        sg.parse(text)
    assert words in str(caught.value)


def test_what_needs_numbers_says_so():
    model = sg.parse(STACKED)
    with pytest.raises(NotDefined, match="--form backward"):
        model.derivative("E", "W[1]")
    with pytest.raises(IndexRangeError, match="does not exist"):
        model.derivative("E", "H[3,1]", depth=2)
    words = sg.parse(WORDS).derivative("l", "v")
    with pytest.raises(ValuesError, match="o is the index of one member"):
        words.evaluate({"v": [1, 2], "u": [[1, 0], [0, 1]], "o": 3})


def test_a_bound_and_sympy_do_not_lose_an_index():
    halves = sg.parse("a[j] = a[j-1]/j\nC = cost(a[L])").derivative("a[L]", "a[0]")
    with pytest.raises(NotDefined, match="an index as a number"):
        halves.bound()
    assert str(halves.sympy()) == "Product(1/j, (j, 1, L))"
    pair = sg.parse("i: range(1, n+1)\nE = sum[i](x[i]**2) + x[1]*x[2]").derivative("E", "x[1]")
    assert str(pair.sympy()) == "2*x[1] + x[2]"


# --- random networks ------------------------------------------------------------------------------


@campaign(8, 500, indexed())
def test_random_sums_families_and_grids_are_confirmed(case):
    text, of, wrt, depth = case
    evidence = sg.parse(text).derivative(of, wrt, depth=depth).verify()
    assert evidence.verdict > Verdict.UNKNOWN, (text, of, wrt, [str(c) for c in evidence.checks])


def test_an_end_of_a_sum_without_a_number_is_a_sentence():
    model = sg.parse("s[t] = tanh(w*s[t-1])\nE = sum[t:k+1:T](loss(s[t], y[t]))")
    for wrt in ("w", "s[0]", "s[k]"):
        with pytest.raises(sg.SymgradError, match="a sum of equations ends at k, and k has no number"):
            model.derivative("E", wrt)
    with pytest.raises(sg.SymgradError, match="k has no number"):
        model.backward("E")
    model = sg.parse("s[t] = tanh(w*s[t-1])\nE = sum[t:3:T](loss(s[t], y[t]))")
    assert str(model.derivative("E", "s[2]").verify().verdict) == "PROVED"
