"""Entries, slices and arrays put together: read, derived, printed as books do, proved, read back, and refused."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from proved import assert_proved

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.errors import NotDefined, SymgradError
from symgrad.network.functions import LINEAR
from symgrad.ops.part import COLUMNS, PARTS, ROWS, concat, place
from tests.random_networks import part_networks

LAYER = "x: (n,)\ny: (m,)\nW: (d, n+m)\nz = concat(x, y)\na = sigma(W@z)\n"
CLASS = "W: (m, n)\nx: (n,)\nz = W@x\n"

GRADIENTS = [
    ("x: (n,)\nC = x[2]**2", "C", "x", "2 x_2 𝐞_2"),
    ("x: (n,)\nC = x[1]*x[n]", "C", "x", "x_n 𝐞_1 + x_1 𝐞_n"),
    ("W: (m, n)\nC = W[1,2]**2", "C", "W", "2 W_{1,2} 𝐞_1 𝐞_2ᵀ"),
    (f"{CLASS}C = z[1]*W[1,2]", "C", "W", "z_1 𝐞_1 𝐞_2ᵀ + W_{1,2} 𝐞_1 xᵀ"),
    (f"{CLASS}p = softmax(z)\nC = -log(p[2])", "C", "z", "p - 𝐞_2"),
    (f"{CLASS}C = -log_softmax(z)[2]", "C", "z", "softmax(z) - 𝐞_2"),
    (f"{LAYER}C = loss(a)", "a", "x", "W_{:,1:n}ᵀ diag(σ'(W z))"),
    (f"{LAYER}C = loss(a)", "a", "y", "W_{:,n+1:m+n}ᵀ diag(σ'(W z))"),
    ("x: (n+m,)\ny: (n,)\nC = sum(tanh(x[1:n])*y)", "C", "x", "I_{:,1:n} (y ⊙ tanh'(x_{1:n}))"),
    ("W: (m, n)\nC = sum(W[:,1]**2)", "C", "W", "2 W_{:,1} 𝐞_1ᵀ"),
    ("W: (m, n)\nx: (n,)\nC = (W[2,:]@x)**2", "C", "W", "2 W_{2,:}ᵀ x 𝐞_2 xᵀ"),
    ("X: (n, p)\nY: (n, q)\nB: (p+q, r)\nZ = concat(X, Y, axis=1)@B\nC = loss(Z)", "C", "X", "(∂C/∂Z Bᵀ)_{:,1:p}"),
    ("X: (p, n)\nY: (q, n)\nB: (r, p+q)\nZ = B@concat(X, Y)\nC = loss(Z)", "C", "Y", "B_{:,p+1:p+q}ᵀ ∂C/∂Z"),
    ("x: (n,)\nW: (m, n+1)\nz = W@concat(x, 1)\nC = loss(z)", "C", "x", "W_{:,1:n}ᵀ ∂C/∂z"),
    ("x: (n,)\nC = x[1:n][2:n][2]**2", "C", "x", "2 ((x_{1:n})_{2:n})_2 𝐞_3"),
    ("x: (n,)\nC = sum(x[1:3])", "C", "x", "I_{1:3,:}ᵀ 𝟏"),
    ("C = sum(concat(a, b**2)*concat(b, a))", "C", "b", "(2 b 𝐞_2ᵀ diag([b; a]) + 𝐞_1ᵀ diag([a; b^2])) 𝟏"),
    ("x: (n,)\nC = x[2:n][2]**2", "C", "x", "2 (x_{2:n})_2 𝐞_3"),
    ("x: (2*n,)\nC = sum(x[1:n]*x[n+1:2*n])", "C", "x", "I_{:,1:n} x_{n+1:2n} + I_{:,n+1:2n} x_{1:n}"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "expected"), GRADIENTS)
def test_a_gradient_is_printed_by_parts_and_proved(text, of, wrt, expected):
    assert_proved(text, of, wrt, expected, "denominator")


X, Y, V = np.arange(6.0).reshape(2, 3) / 7, np.arange(9.0).reshape(3, 3) / 5, np.array([0.3, -1.2, 2.0])
COLUMNWISE = [
    ("A: (m, m)\nX: (n, n)\nC = tr(kron(A, X))", "X", "tr(A) I"),
    ("X: (n, n)\nC = tr(kron(X, X))", "X", "2 tr(X) I"),
    ("A: (m, n)\nB: (p, q)\nX: (q, n)\nC = loss(kron(A, B)@vec(X))", "X", "Bᵀ unvec_{p,m}(∂_1 loss(vec(B X Aᵀ))) A"),
    (
        "A: (m, n)\nB: (p, q)\nX: (q, n)\ny: (p*m,)\nC = sum((kron(A, B)@vec(X) - y)**2)",
        "A",
        "2 unvec_{p,m}(vec(B X Aᵀ) - y)ᵀ B X",
    ),
    ("X: (m, n)\ny = vec(X)\nC = loss(y)", "X", "unvec_{m,n}(∂C/∂y)"),
    ("X: (m, n)\nY: (m, n)\nC = vec(X)@vec(Y)", "X", "Y"),
]


@pytest.mark.parametrize(("text", "wrt", "expected"), COLUMNWISE)
def test_a_kronecker_product_of_columns_is_one_of_matrices(text, wrt, expected):
    assert_proved(text, "C", wrt, expected, "denominator")


def test_a_gradient_by_a_factor_of_a_kronecker_product_has_values_and_no_page():
    model = sg.parse("A: (m, n)\nB: (p, q)\nG: (m*p, n*q)\nC = sum(kron(A, B)*G)")
    values = {"A": X, "B": Y[:2], "G": np.cos(np.arange(36.0)).reshape(4, 9)}
    blocks = values["G"].reshape(2, 2, 3, 3)
    expected = {
        "A": (blocks * values["B"][None, :, None]).sum((1, 3)),
        "B": (blocks * values["A"][:, None, :, None]).sum((0, 2)),
    }
    for name, one in expected.items():
        gradient = model.derivative("C", name, layout="denominator")
        assert np.allclose(gradient.evaluate(values), one, rtol=1e-13)
        assert np.allclose(model.gradients("C", [name], values)[name], one, rtol=1e-13)
        assert gradient.verify().verdict.name in ("UNKNOWN", "PROVED")


def test_steps_with_parts_are_stored_and_read_again():
    model = sg.parse("x: (n,)\nW: (m, n)\nz = W@concat(x[2], x[2:n])\nC = loss(z)*vec(W)[1]")
    stored = to_data(model.derive("C", "x"))
    assert to_data(from_data(stored)) == stored


EXPERTS = """
i: range(1, N+1)
V: (N, d)
W[i]: (m, d)
x: (d,)
p = softmax(V@x)
y = sum[i](p[i]*(W[i]@x))
C = loss(y)
"""
OVER_ENTRIES = [
    (EXPERTS, "C", "W[i]", "p_i ∂C/∂y xᵀ"),
    (EXPERTS, "C", "x", "(∑_{i=1}^{N} p_i W_iᵀ + Vᵀ (diag(p) - p pᵀ) (∑_{i=1}^{N} 𝐞_i (W_i x)ᵀ)) ∂C/∂y"),
    ("x: (n,)\nw: (n,)\nC = sum[i:1:n](x[i]*w[i]**2)\nD = x@w", "C", "x", "∑_{i=1}^{n} w_i^2 𝐞_i"),
    (
        "i: range(1, N+1)\nw[i]: (d,)\nb: (N,)\nx: (d,)\ny[i] = w[i]@x + b[i]\nC = sum[i](y[i]**2) + b@b",
        "C",
        "b",
        "2 b + ∑_{i=1}^{N} 2 y_i 𝐞_i",
    ),
]


@pytest.mark.parametrize(("text", "of", "wrt", "expected"), OVER_ENTRIES)
def test_a_sum_takes_the_entries_of_an_array(text, of, wrt, expected):
    gradient = sg.parse(text).derivative(of, wrt, layout="denominator")
    assert str(gradient) == expected
    assert gradient.verify().verdict.name == "PROVED"


def test_experts_have_backward_equations_and_values():
    model = sg.parse(EXPERTS)
    equations = model.backward("C")
    assert "δ_p = ∑_{i=1}^{N} ((W_i x)ᵀ δ_y) 𝐞_i" in str(equations).splitlines()
    assert equations.verify().verdict.name == "PROVED"
    over = sg.parse("x: (n,)\nw: (n,)\nC = sum[i:1:n](x[i]*w[i]**2)\nD = x@w")
    values = {"x": [1, 2], "w": [3, 4]}
    assert over.derivative("C", "w").evaluate(values).tolist() == [6, 16]
    assert over.gradients("C", ["w"], values)["w"].tolist() == [6, 16]


RECURRENT = """
h[0]: (d,)
c[0]: (d,)
x[t]: (n,)
W_f: (d, d+n)
W_i: (d, d+n)
W_g: (d, d+n)
z[t] = concat(h[t-1], x[t])
f[t] = logistic(W_f@z[t])
i[t] = logistic(W_i@z[t])
g[t] = tanh(W_g@z[t])
c[t] = f[t]*c[t-1] + i[t]*g[t]
h[t] = tanh(c[t])
E = loss(h[T])
"""


def test_gates_read_the_state_and_the_input_together_at_any_depth():
    equations = sg.parse(RECURRENT).backward("E", ["W_f", "x"])
    lines = str(equations).splitlines()
    assert "δ_{c,t} = δ_{c,t+1} ⊙ f_{t+1} + (δ_{z,t+1})_{1:d} ⊙ tanh'(c_t)  for t = T-1, …, 1" in lines
    assert "∂E/∂W_f = ∑_{t=1}^{T} (δ_{f,t} ⊙ logistic'(W_f z_t)) z_tᵀ" in lines
    assert "∂E/∂x_t = (δ_{z,t})_{d+1:d+n}  for t = 1, …, T" in lines
    assert equations.verify().verdict.name == "PROVED"


def test_a_state_beside_an_input_is_a_product_over_columns_of_the_weights():
    rnn = sg.parse("h[0]: (d,)\nx[t]: (n,)\nW: (d, d+n)\nh[t] = tanh(W@concat(h[t-1], x[t]))\nE = loss(h[T])")
    gradient = rnn.derivative("h[t]", "h[k]")
    assert str(gradient) == "∏_{j=k+1}^{t} diag(tanh'(W [h_{j-1}; x_j])) W_{:,1:d}"
    assert gradient.verify().verdict.name == "PROVED"


REFUSED = [
    ("x: (3,)\nC = x[5]", "x is (3,)"),
    ("x: (n,)\nC = x[0]", "entries are counted from 1"),
    ("x: (n,)\nC = x[-1]", "entries are counted from 1"),
    ("x: (n,)\ny = x[0:2]", "counted from 1, and both ends"),
    ("x: (n,)\ny = x[2:]", "write both ends"),
    ("x: (n,)\ny = x[3:2]", "both ends belong to it"),
    ("x: (n,)\ny = x[1:n:2]", "a slice with a step"),
    ("x: (n,)\ny = x[1:k]", "k is no dimension of a quantity that is given"),
    ("x: (n,)\nC = x[:]", "write it without places"),
    ("W: (m, n)\nC = W[1,2,3]", "of a matrix W[1,2]"),
    ("x: (n,)\nz = concat([x, x])", "write 'concat(x, y)'"),
    ("x: (n,)\nz = concat(x)", "two arrays or more"),
    ("x: (n,)\ny: (n,)\nz = concat(x, y, axis=1)", "along axis=1"),
    ("X: (n, p)\nY: (n, q)\nZ = concat(X, Y)", "p and q differ"),
    ("a: (2*n,)\nC = sum(a[n:2*n]*a[1:n])", "(n+1,) and (n,)"),  # as Python's slices, which leave the end out
    ("x: (n,)\ny: (m,)\nW: (d, k)\nz = W@concat(x, y)", "declared so: 'W: (q, m+n)'"),
    ("h[0]: (d,)\nh[t] = tanh(h[t-1])\nC = h[T,2]", "an entry of a vector with an index is h[t][2]"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_is_no_part_says_what_to_write(text, said):
    with pytest.raises(SymgradError) as error:
        sg.parse(text)
    assert said in str(error.value)


def test_a_value_that_is_too_small_is_an_error_that_says_so():
    model = sg.parse("x: (n,)\nC = x[3]**2")
    with pytest.raises(SymgradError, match="entry 3 of 2"):
        model.derivative("C", "x").evaluate({"x": [1, 2]})
    wide = sg.parse("x: (n,)\ny: (m,)\nW: (d, n+m)\nC = sum(W@concat(x, y))")
    with pytest.raises(SymgradError, match=r"m\+n"):
        wide.derivative("C", "x").evaluate({"x": [1, 2], "y": [3], "W": [[1, 2]]})


def test_a_size_follows_from_a_sum_of_sizes():
    model = sg.parse("x: (n,)\nW: (d, n+m)\nC = sum(W[:,n+1:n+m]@ones) + sum(x)")
    found = model.derivative("C", "W").evaluate({"x": [1], "W": [[1, 2, 3]]}, "exact")
    assert found.T.tolist() == [[0, 1, 1]]


# --- the operations alone --------------------------------------------------------------------------------

ONE_OPERATION = [
    ("entry", (V,), (2,), lambda v: v[1]),
    ("row", (X,), (2,), lambda x: x[1]),
    ("column", (X,), (3,), lambda x: x[:, 2]),
    ("slice 0", (V,), (2, 2), lambda v: v[1:3]),
    ("slice 0", (Y,), (1, 2), lambda x: x[0:2]),
    ("slice 1", (X,), (2, 2), lambda x: x[:, 1:3]),
    ("concat 0", (V, np.float64(4.0), V), (), lambda u, c, v: anp.concatenate([u, anp.reshape(c, (1,)), v])),
    ("concat 0", (X, Y), (), lambda x, y: anp.concatenate([x, y], axis=0)),
    ("kron", (X, Y), (), anp.kron),
    ("vec", (X,), (), lambda x: anp.ravel(x.T)),
    ("concat 1", (X, X), (), lambda x, y: anp.concatenate([x, y], axis=1)),
]


@pytest.mark.parametrize(("name", "x", "places", "reference"), ONE_OPERATION)
def test_value_and_pull_back_agree_with_another_library(name, x, places, reference):
    A, op = arithmetic("float"), {**PARTS, **LINEAR}[name]
    ones = [np.ones(n) for n in places]
    value = op.value(A, *x, *ones)
    assert np.array_equal(value, reference(*x))
    g = np.cos(np.arange(1.0, 1.0 + np.size(value))).reshape(np.shape(value))
    pulled = op.pullback(A, np.float64(g) if not np.shape(value) else g, value, *x, *ones)
    for i, (found, v) in enumerate(zip(pulled, x, strict=False)):
        expected = autograd.grad(lambda u, i=i: anp.sum(g * reference(*x[:i], u, *x[i + 1 :])))(v)
        assert np.shape(found) == np.shape(v)
        assert np.allclose(found, expected, rtol=1e-13, atol=0)


def test_a_bound_knows_that_a_part_of_the_identity_has_norm_1():
    rnn = sg.parse("h[0]: (d,)\nx[t]: (n,)\nW: (d, d+n)\nh[t] = tanh(W@concat(h[t-1], x[t]))\nE = loss(h[T])")
    assert str(rnn.derivative("h[t]", "h[k]").bound()) == "‖W‖^(t-k)"


def test_sympy_has_the_same_parts():
    model = sg.parse("W: (2, 2)\nx: (2,)\nC = (W[1,2]*x[2] + W[2,:]@x)**2*sum(concat(x, W[:,1]))")
    values = {"W": [[1, 2], [3, 4]], "x": [5, 6]}
    expression = model.derivative("C", "x").sympy()
    W, x = (next(s for s in expression.atoms(sp.MatrixSymbol) if s.name == name) for name in "Wx")
    found = expression.subs({W: sp.Matrix(values["W"]), x: sp.Matrix(values["x"])}).doit()
    expected = model.derivative("C", "x").evaluate(values, "exact")
    assert [int(v) for v in sp.Matrix(found)] == [int(v) for v in expected]


@pytest.mark.long
@settings(max_examples=40, deadline=None, derandomize=True)
@given(part_networks())
def test_random_networks_of_parts_are_proved_in_every_form(case):
    text, of, wrt, depth = case
    model = sg.parse(text)
    try:
        gradient = model.derivative(of, wrt, depth)
        evidence = gradient.verify()
    except NotDefined:
        return
    said = [c for c in evidence.checks if c.verdict.name == "REFUTED"]
    assert not said, (text, of, wrt, said)
    assert evidence.verdict.name in ("PROVED", "SAMPLED"), (text, of, wrt, evidence)
    if of == "E" and "[k]" not in wrt:
        assert model.backward(of, [wrt], depth).verify().verdict.name in ("PROVED", "SAMPLED"), (text, wrt)


def test_a_slice_says_how_its_places_are_counted():
    said = [str(m) for m in sg.parse("x: (n,)\nW: (m, n)\nC = loss(x[1:3]) + sum(W[:,2:n])").meanings()]
    assert "x[1:3]: slice, places counted from 1, both ends included" in said
    assert "W[:,2:n]: slice, places counted from 1, both ends included" in said
    assert not any(m.startswith("ones") for m in said)


def test_a_place_may_be_a_dimension_and_an_axis_is_one_of_two():
    assert place(3).shape == (3,)
    assert concat(ROWS) is not concat(COLUMNS)
