"""Opaque functions of vectors, f: vector: their derivatives by name, at any depth, proved and read back."""

from fractions import Fraction

import numpy as np
import pytest

import symgrad as sg
from symgrad.arithmetic import arithmetic
from symgrad.errors import SymgradError
from symgrad.export.text import text
from symgrad.ops.vector import VectorWitness

PRINTED = [
    (
        "F: vector\nx[0]: (n,)\nx[l]: (n,)\ny[l]: (n,)\ny[l] = F(x[l-1])\nx[l] = x[l-1] + y[l]",
        "x[l]",
        "x[l-1]",
        "I + ∂F/∂x_{l-1}",
        "I + ∂F/∂x_{l-1}",
    ),
    (
        "F: vector\nx[0]: (n,)\nx[l] = x[l-1] + F(tanh(x[l-1]))",
        "x[L]",
        "x[0]",
        "∏_{l=1}^{L} (I + J_F(tanh(x_{l-1})) diag(tanh'(x_{l-1})))",
        "∏_{l=1}^{L} (I + diag(tanh'(x_{l-1})) J_F(tanh(x_{l-1}))ᵀ)",
    ),
    (
        "X: (n,)\nY: (m,)\nZ: (k,)\ng: vector\nf: vector\nY = g(X)\nZ = f(Y)",
        "Z",
        "X",
        "∂f/∂Y ∂g/∂X",
        "∂g/∂X ∂f/∂Y",
    ),
    (
        "f: vector\nx[t]: (n,)\nh[0]: (d,)\nh[t]: (d,)\nw: (p,)\nh[t] = f(x[t], h[t-1], w)",
        "h[t]",
        "h[k]",
        "∏_{j=k+1}^{t} ∂f/∂h_{j-1}",
        "∏_{j=k+1}^{t} ∂f/∂h_{j-1}",
    ),
    (
        "f: vector\nx[t]: (n,)\nh[0]: (d,)\nh[t]: (d,)\nw: (p,)\nh[t] = f(x[t], h[t-1], w)",
        "h[t]",
        "w",
        "∑_{k=1}^{t} (∏_{j=k+1}^{t} ∂f/∂h_{j-1}) ∂⁺h_k/∂w",
        "∑_{k=1}^{t} ∂⁺h_k/∂w (∏_{j=k+1}^{t} ∂f/∂h_{j-1})",
    ),
    (
        "f: vector\nu: (n,)\nv: (n,)\nv = f(t + h, u + h*u)",
        "v",
        "h",
        "∂_1 f(t + h, u + h u) + ∂_2 f(t + h, u + h u) u",
        "∂_1 f(t + h, u + h u)ᵀ + uᵀ ∂_2 f(t + h, u + h u)ᵀ",
    ),
]


@pytest.mark.parametrize(("equations", "of", "wrt", "numerator", "denominator"), PRINTED)
def test_derivatives_of_vector_functions(equations, of, wrt, numerator, denominator):
    for layout, expected in (("numerator", numerator), ("denominator", denominator)):
        gradient = sg.parse(equations).derivative(of, wrt, layout=layout)
        printed = text(gradient.presentation().document()).split(" = ", 1)[1].splitlines()[0]
        assert printed == expected
        assert gradient.verify(seed=1).verdict.name == "PROVED"


def test_the_jacobians_of_the_function_that_stands_for_an_opaque_one():
    f, T = VectorWitness(shift=2), arithmetic("taylor", 30)
    x, t = np.array([Fraction(1, 4), Fraction(-3, 2), Fraction(3, 4)], dtype=object), Fraction(1, 2)
    ones = np.array([1, 1], dtype=object)
    A = arithmetic("ball", 30)
    with A.working(), T.working():
        values = [A.array(x, (3,)), A.number(t), A.array(ones, (2,))]
        for i, size in ((0, 3), (1, None)):
            jacobian = f.jacobian(i)(A, *values)
            for k in range(size or 1):
                direction = [[0] * 3, 0]
                direction[i] = [int(k == j) for j in range(3)] if size else 1
                lifted = [
                    T.variable(values[0], np.array(direction[0], dtype=object)),
                    T.variable(values[1], direction[1]),
                    T.variable(values[2], np.array([0, 0], dtype=object)),
                ]
                column = [v.tangent for v in f.value(T, *lifted)]
                mine = jacobian[:, k] if size else jacobian
                assert all(a.overlaps(b) and a.rad() < 1e-20 for a, b in zip(column, mine, strict=True))


REFUSED = [
    ("f: vector\nX: (m, n)\ny: (n,)\ny = f(X)", "f is a function of numbers and vectors, not of a (m, n)"),
    ("f: vector\nx: (n,)\nz: (m,)\nc = sum(f(x, z))", "the size of f(...) is not known"),
]


@pytest.mark.parametrize(("equations", "message"), REFUSED)
def test_what_vector_functions_do_not_reach(equations, message):
    with pytest.raises(SymgradError) as refused:
        sg.parse(equations)
    assert message in str(refused.value)


def test_an_opaque_function_has_no_value():
    model = sg.parse("f: vector\nx: (n,)\ny = f(x)\nc = y@y")
    with pytest.raises(SymgradError, match="opaque function of vectors"):
        model.derivative("c", "x").evaluate({"x": [1.0, 2.0]})
