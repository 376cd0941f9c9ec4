"""I, ones, e, π and dimensions in equations: tables of (equations, question, values, the right derivative)."""

import math

import numpy as np
import pytest

import symgrad as sg
from symgrad.arithmetic.literal import exact
from symgrad.errors import ModelError, ReadError
from symgrad.evidence.verdict import Verdict

W = [[1, 2], [3, 4]]
X = [[1, 2, 3], [4, 5, 7]]
TURN = "W: (d, d)\nz[0]: (d,)\nz[j] = (I + h*W)@z[j-1]\nE = sum(z[L])"
POWERS = "A[0]: (n, n)\nB: (n, n)\nA[0] = I\nA[j] = B@A[j-1]\nC = sum(A[L])"
LAYERS = "a[0]: (n[0],)\nW[l]: (n[l], n[l-1])\na[l] = W[l]@a[l-1]/n[l]\nC = sum(a[L])/n[L]"

EXACT = [
    (TURN, "z[1]", "z[0]", {"W": W, "h": "1/2", "z[0]": [1, 1]}, [["3/2", 1], ["3/2", 3]]),
    (TURN, "z[2]", "h", {"W": W, "h": 0, "z[0]": [1, 1]}, [6, 14]),
    ("x: (n,)\nC = I@x@x", "C", "x", {"x": [1, 2, 4]}, [2, 4, 8]),
    ("A: (n, n)\nC = sum(A*I)", "C", "A", {"A": W}, [[1, 0], [0, 1]]),
    ("A: (n, n)\nB = A - 3*I\nC = sum(B*B)", "C", "A", {"A": W}, [[-4, 6], [4, 2]]),
    ("A: (n, n)\nB = A@(I + I@A).T\nC = sum(B)", "C", "A", {"A": [[1, 0], [0, 1]]}, [[3, 3], [3, 3]]),
    ("M: (n, n)\nx: (n,)\nM = I\nC = x@M@x", "C", "x", {"x": [1, 5]}, [2, 10]),
    (POWERS, "C", "B", {"B": W}, [[7, 9], [11, 13]]),
    ("X: (B, d)\nmu = ones@X/B\nC = mu@mu", "C", "X", {"X": X}, [["5/2", "5/2"], ["7/2", "7/2"], [5, 5]]),
    ("A: (m, n)\nC = sum((A@ones)**2)", "C", "A", {"A": X}, [[12, 32], [12, 32], [12, 32]]),
    ("x: (n,)\nC = (x + 2*ones)@ones", "C", "x", {"x": [1, 5]}, [1, 1]),
    ("x: (n,)\nC = quadratic(x, ones)", "C", "x", {"x": [1, 5]}, [0, 4]),
    ("x: (d,)\nmu = sum(x)/d\nv = sum((x - mu)**2)/d", "v", "x", {"x": [1, 2, 4]}, ["-8/9", "-2/9", "10/9"]),
    ("e: ()\nI: ()\npi: ()\nC = I*e**2*pi", "C", "e", {"e": 3, "I": 2, "pi": 5}, 60),
    ("e[t] = w*e[t-1]\nE = e[T]", "E", "e[0]", {"w": 2, "e[0]": 1}, 4),
    ("e = 3*x\nC = e**2", "C", "x", {"x": 1}, 18),
    ("e: positive\nC = e**2", "C", "e", {"e": 1}, 2),
]


@pytest.mark.parametrize(("text", "of", "wrt", "values", "expected"), EXACT)
def test_a_constant_has_its_value(text, of, wrt, values, expected):
    form = sg.parse(text).derivative(of, wrt)
    found = form.evaluate(values, "exact", depth=2 if form.network.steps else None)
    each = np.vectorize(exact, otypes=[object])
    assert each(found).tolist() == each(expected).tolist()
    assert form.verify().verdict is Verdict.PROVED


def test_a_dimension_of_each_layer_is_its_own_size():
    form = sg.parse(LAYERS).derivative("C", "a[0]")
    weights = [np.array([[1, 2], [3, 4], [5, 6]]), np.array([[1, 1, 1]])]  # n_0, n_1, n_2 = 2, 3, 1
    found = form.evaluate({"W": weights, "a[0]": [1, 1]}, "exact")
    assert [str(x) for x in found] == ["3", "4"]  # (9, 12)/3/1/1
    assert form.verify().verdict is Verdict.PROVED
    assert "1/n_l" in str(form)


BALLS = [
    ("C = e**(2*x) + e*x + pi*x", "C", "x", {"x": 1}, 2 * math.e**2 + math.e + math.pi),
    ("C = x*e**2", "C", "x", {"x": 1}, math.e**2),
    ("a[j] = e*w*a[j-1]\nC = a[L]", "C", "a[0]", {"w": [1, 1], "a[0]": 1}, math.e**2),
]


@pytest.mark.parametrize(("text", "of", "wrt", "values", "expected"), BALLS)
@pytest.mark.parametrize("arithmetic", ["float", "mp", "ball"])
def test_e_and_pi_are_the_numbers(text, of, wrt, values, expected, arithmetic):
    form = sg.parse(text.replace("w*", "w[j]*")).derivative(of, wrt)
    assert float(form.evaluate(values, arithmetic)) == pytest.approx(expected, rel=1e-14)
    assert form.verify().verdict is Verdict.PROVED


def test_a_form_that_is_put_in_knows_the_constants_too():
    deep = sg.model("deep_linear")
    assert str(deep.let("W[l] = e*pi*I").derivative("a[L]", "a[0]")) == "(e π)^L I"
    assert str(deep.let("W[l] = I/2").derivative("a[L]", "a[0]", depth=3)) == "(1/2)^3 I"


PRINTED = [
    ("x: (d,)\nC = sum(x)/d", "C", "x", "1/d", r"\frac{1}{d}", "1/d"),
    ("C = pi*e*x", "C", "x", "π e", r"\pi\, \mathrm{e}", "E*pi"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "plain", "latex", "sympy"), PRINTED)
def test_constants_are_printed_as_they_are_written(text, of, wrt, plain, latex, sympy):
    form = sg.parse(text).derivative(of, wrt)
    assert plain in str(form)
    assert latex in form.latex()
    assert sympy in str(form.sympy())


BAD = [
    ("C = I*x", ReadError, "I is the identity matrix, and its size is not known here"),
    ("K = ones\nC = x", ReadError, "ones is the vector of ones, and its size is not known here"),
    ("x: (n,)\nC = sum(x + I)", ReadError, r"I is the identity matrix, and a \(n,\) stands here"),
    ("A: (m, n)\nC = sum(A + I)", ReadError, r"I is the identity matrix, and a \(m, n\) stands here"),
    ("x: (d,)\nd = 3*y\nC = sum(x)", ReadError, "d is a dimension in line 1, and cannot be a quantity too"),
    ("x: (d,)\nd: integer\nC = sum(x)*d", ReadError, "d is a dimension in line 1"),
    ("V: (d, d)\nC = x*d", ReadError, "d is a dimension of no quantity that the equations read"),
]


@pytest.mark.parametrize(("text", "kind", "what"), BAD)
def test_what_has_no_meaning_is_an_error(text, kind, what):
    with pytest.raises(kind, match=what) as caught:
        sg.parse(text)
    assert caught.value.todo


@pytest.mark.parametrize(("wrt", "what"), [("d", "d is a dimension in this model"), ("e", "e is Euler's number")])
def test_a_constant_is_no_quantity(wrt, what):
    with pytest.raises(ModelError, match=what):
        sg.parse("x: (d,)\nC = sum(x)/d*e").derivative("C", wrt)
