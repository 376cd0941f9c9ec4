"""Means of a mixture and what a normalisation does not see: forms that hold by what p, y and u are."""

import pytest
from proved import assert_proved

import symgrad as sg

ATTENTION = """
q: (d,)
k[i]: (d,)
v[i]: (e,)
i: range(1, N+1)
j: range(1, N+1)
p[i] = exp(k[i]@q)/sum[j](exp(k[j]@q))
o = sum[i](p[i]*v[i])
L = loss(o)
"""
EXPERTS = """
f: vector
x: (n,)
E[i]: (n,)
g[i]: (n,)
i: range(1, N+1)
j: range(1, N+1)
E[i] = f(x, W[i])
p[i] = exp(g[i]@x)/sum[j](exp(g[j]@x))
y = sum[i](p[i]*E[i])
"""
SCALED = "x: (n,)\na: positive\nz = a*x\n"
PRINTED = [
    (ATTENTION, "o", "q", "∑_{i=1}^{N} p_i (v_i - o) k_iᵀ"),
    (ATTENTION, "L", "q", "∂L/∂o (∑_{i=1}^{N} p_i (v_i - o) k_iᵀ)"),
    (EXPERTS, "y", "x", "∑_{i=1}^{N} p_i (E_i - y) g_iᵀ + ∑_{i=1}^{N} p_i ∂E_i/∂x"),
    # a normalisation does not see a scale, unless something is added below its root
    (SCALED + "y = layer_norm(z)", "y", "a", "0"),
    ("x: (n,)\na: positive\ny = layer_norm(a*x)", "y", "a", "0"),
    (SCALED + "s = std(z)\ny = (z - mean(z))/s", "y", "a", "0"),
    (SCALED + "y = rms_norm(z)", "y", "a", "0"),
    (SCALED + "y = z/norm(z)", "y", "a", "0"),
    (SCALED + "y = layer_norm(z, epsilon)", "y", "a", "∂y/∂z x"),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "printed"), PRINTED)
def test_forms(equations, of, wrt, printed):
    assert_proved(equations, of, wrt, printed)


def test_a_function_of_two_calls_is_named_by_its_arguments():
    model = sg.parse("theta: (d,)\npi: scalar\na: (n,)\nb: (n,)\nL = pi(theta, a) - pi(theta, b)")
    gradient = model.derivative("L", "theta", layout="denominator")
    assert str(gradient) == "∂_1 π(θ, a) - ∂_1 π(θ, b)"
    assert gradient.verify(seed=0).verdict.name == "PROVED"


BOUNDS = [
    ("x: (n,)\ny = layer_norm(x)", "|1/std(x)|"),
    ("x: (n,)\ns = std(x)\ny = (x - mean(x))/s", "|1/s|"),
    ("x: (n,)\ny = normalize(x)", "|1/‖x‖|"),
    ("x: (n,)\nepsilon: positive\ny = rms_norm(x, epsilon)", "|1/√(mean(x^2) + ε)|"),
]


@pytest.mark.parametrize(("equations", "bound"), BOUNDS)
def test_a_normalisation_makes_nothing_longer(equations, bound):
    assert str(sg.parse(equations).derivative("y", "x").bound()) == bound


def test_what_is_added_below_the_root_must_be_positive():
    unknown = sg.parse("x: (n,)\ny = layer_norm(x, epsilon)").derivative("y", "x")
    assert "‖x - mean(x)‖" in str(unknown.bound())
    infinity = sg.parse("x: (n,)\ny = layer_norm(x)").derivative("y", "x").bound(norm="infinity")
    assert str(infinity) != "|1/std(x)|"


THROUGH_A_MATRIX = [
    ("y = diag(h)@u", "diag(u)"),
    ("y = outer(h, h)@v", "hᵀ v I + h vᵀ"),
    ("y = W@outer(h, u)@v", "uᵀ v W"),
    ("y = (W*outer(u, h))@v", "diag(u) W diag(v)"),
    ("y = outer(u, h)@W@v", "u (W v)ᵀ"),
]


@pytest.mark.parametrize(("equation", "printed"), THROUGH_A_MATRIX)
def test_matrices_made_of_a_vector(equation, printed):
    assert_proved(f"W: (d, d)\nh: (d,)\nu: (d,)\nv: (d,)\n{equation}", "y", "h", printed)
