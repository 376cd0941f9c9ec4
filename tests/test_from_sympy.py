"""Models from SymPy equations: the same as those that are typed; what has no word is refused."""

from __future__ import annotations

import pytest
from sympy import (
    Eq,
    Function,
    HadamardProduct,
    IndexedBase,
    Integral,
    MatrixSymbol,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    sqrt,
    symbols,
)

import symgrad as sg
from symgrad.errors import ModelError

w, b, a, z, s, x = map(IndexedBase, ["w", "b", "a", "z", "s", "x"])
j, k, L, t = symbols("j k L t", integer=True)
m, n = symbols("m n", integer=True)
C, E, u = symbols("C E u")
sigma, cost = Function("sigma"), Function("cost")
W, A, v = MatrixSymbol("W", m, n), MatrixSymbol("A", m, n), MatrixSymbol("v", n, 1)
y = MatrixSymbol("y", m, 1)


@pytest.mark.parametrize(
    ("equations", "text", "of", "wrt"),
    [
        (
            [Eq(z[j], w[j] * a[j - 1] + b[j]), Eq(a[j], sigma(z[j])), Eq(C, cost(a[L]))],
            "z[j] = w[j]*a[j-1] + b[j]\na[j] = sigma(z[j])\nC = cost(a[L])",
            "C",
            "b[1]",
        ),
        ([Eq(y, W * v), Eq(C, cost(y))], "W: (m, n)\nv: (n,)\ny = W@v\nC = cost(y)", "C", "v"),
        (
            [Eq(y, (2 * W * v).applyfunc(sigma)), Eq(C, cost(y))],
            "W: (m, n)\nv: (n,)\ny = sigma(2*(W@v))\nC = cost(y)",
            "C",
            "v",
        ),
        ([Eq(y, HadamardProduct(W, A) * v)], "W: (m, n)\nA: (m, n)\nv: (n,)\ny = (W*A)@v", "y", "v"),
        ([Eq(C, Rational(3, 2) * exp(sqrt(u) + 1))], "C = 3/2*exp(sqrt(u) + 1)", "C", "u"),
        (
            [Eq(s[t], sigma(u * s[t - 1])), Eq(E, Sum(cost(s[t], x[t]), (t, 1, L)))],
            "s[t] = sigma(u*s[t-1])\nE = sum[t:1:L](cost(s[t], x[t]))",
            "E",
            "u",
        ),
    ],
)
def test_a_model_is_the_one_that_is_typed(equations, text, of, wrt):
    found, typed = (net.derivative(of, wrt) for net in (sg.from_sympy(equations), sg.parse(text)))
    assert sorted(str(found)) == sorted(str(typed))  # SymPy has its own order of terms and factors
    assert found.verify().verdict is typed.verify().verdict
    assert found.verify().verdict.passes


@pytest.mark.parametrize(
    ("equations", "said"),
    [
        ([w[j] * a[j]], "is no equation"),
        ([Eq(w[j] + 1, a[j])], "is no symbol"),
        ([Eq(C, Piecewise((u, u > 0), (0, True)))], "Piecewise of SymPy has no word"),
        ([Eq(C, Integral(u, (u, 0, 1)))], "Integral of SymPy has no word"),
        ([Eq(C, W[0, 0])], "MatrixElement of SymPy has no word"),
        ([Eq(z[2 * j], w[j])], "the index 2\\*j"),
        ([Eq(C, Symbol("__import__('os')"))], "is no identifier"),
        ([Eq(C, Sum(cost(s[t]), (t, 1, 2 * L)))], "the index 2\\*L"),
    ],
)
def test_what_has_no_word_is_refused(equations, said):
    with pytest.raises(ModelError, match=said):
        sg.from_sympy(equations)
