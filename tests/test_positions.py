"""Where quantities stand: fixed layers, lags, the boundary, symbols that may coincide; each form is verified."""

import pytest
from flint import fmpq

import symgrad as sg
from symgrad.algebra.index import Index
from symgrad.calculus.assumption import Assumption, strongest
from symgrad.errors import IndexRangeError
from symgrad.evidence.verdict import Verdict

BOUNDARY = "a[j] = w*a[j-1] + a[0]\nC = cost(a[L], y)"
OPENED = "a[0] = tanh(v)\na[j] = a[j-1] + a[0]\nC = cost(a[L], a[0])"
FIRST = "a[j] = w[j]*a[j-1] + w[1]\nC = cost(a[L], y)"
PENALTY = "a[j] = w[j]*a[j-1]\nC = cost(a[L], y) + w[1]**2"
LAST = "a[j] = w[j]*a[j-1]\nC = cost(a[L], y) + w[L]**2"
LATE = "a[j] = w[j]*a[j-1] + w[j-1]*a[j-2]\nC = cost(a[L], a[L-1])"
SECOND = "a[j] = w[j]*a[j-1]\nC = cost(a[L], a[2])"
FAR = "a[j] = w*x[j] + a[j-1]\nC = cost(a[L], a[L-3])"
INNER = "z[j] = w[j]*a[j-1]\na[j] = sigma(z[j])\nC = cost(z[L], y)"
STATELESS = "a[j] = w*x[j]\nC = cost(a[L], x[L])"
AHEAD = "a[j] = w*x[j+1] + a[j-1]\nC = cost(a[L])"
COUPLED = "s[j] = sigma(s[j-1])\nh[j] = sigma(h[j-1]) + s[j]\nC = cost(h[L], s[L-1])"
OPENINGS = "K = A*B\nM = K*A\na[0] = M\na[j] = K*a[j-1] + M\nC = cost(a[L], K)"
CLOSINGS = "a[j] = w*a[j-1]\nC = cost(a[L])\nD = C*w\nF = D + C"
SAME_SYMBOL = "a[l] = w[l]*a[l-1]\nC = loss(a[l])"

FORMS = [
    (BOUNDARY, "C", "a[0]", None, "L ≥ 1"),
    (BOUNDARY, "C", "a[0]", 3, ""),
    (BOUNDARY, "C", "a[k]", None, "k ≥ 1, L ≥ k"),
    (OPENED, "C", "v", None, "L ≥ 1"),
    (OPENED, "C", "a[0]", None, "L ≥ 1"),
    (FIRST, "C", "w[1]", None, "L ≥ 1"),
    (FIRST, "C", "w[1]", 3, ""),
    (FIRST, "C", "w[j]", None, "j ≥ 2, L ≥ j"),
    (FIRST, "C", "w[2]", 3, ""),
    (PENALTY, "C", "w[1]", None, "L ≥ 1"),
    (PENALTY, "C", "w[k]", None, "k ≥ 2, L ≥ k"),
    (LAST, "C", "w[k]", None, "L ≥ k + 1"),
    (LAST, "C", "w[L]", None, ""),
    (LAST, "C", "w[2]", None, "L ≥ 3"),
    (LAST, "C", "w[2]", 2, ""),
    (LATE, "C", "w[0]", None, "L ≥ 2"),
    (LATE, "C", "w[k]", None, "k ≥ 1, L ≥ k + 2"),
    (LATE, "C", "w[L-1]", None, "L ≥ 2"),
    (LATE, "C", "w[L-1]", 1, ""),
    (LATE, "C", "a[-1]", None, "L ≥ 1"),
    (SECOND, "C", "w[1]", None, "L ≥ 2"),
    (SECOND, "C", "w[1]", 2, ""),
    (FAR, "C", "w", None, "L ≥ 4"),
    (FAR, "C", "w", 4, ""),
    (INNER, "z[t]", "z[k]", None, "t ≥ k + 1"),
    (INNER, "z[t]", "z[t]", None, ""),
    (INNER, "C", "z[k]", None, "L ≥ k + 1"),
    (INNER, "C", "w[k]", None, "L ≥ k + 1"),
    (STATELESS, "C", "x[k]", None, "L ≥ k + 1"),
    (STATELESS, "C", "x[L]", None, ""),
    (AHEAD, "C", "x[k]", None, "L ≥ k - 1"),
    (AHEAD, "C", "x[3]", 2, ""),
    (COUPLED, "C", "s[k]", None, "k ≥ 1, L ≥ k + 1"),
    (COUPLED, "C", "s[0]", None, "L ≥ 1"),
    (COUPLED, "h[t]", "s[t]", None, "t ≥ 1"),
    (OPENINGS, "C", "A", None, "L ≥ 1"),
    (OPENINGS, "M", "A", None, ""),
    (OPENINGS, "a[3]", "K", None, ""),
    (CLOSINGS, "F", "w", None, "L ≥ 1"),
    (CLOSINGS, "F", "C", None, ""),
    (SAME_SYMBOL, "C", "w[l]", None, ""),
    (SAME_SYMBOL, "C", "w[k]", None, "l ≥ k"),
]


@pytest.mark.parametrize(("text", "of", "wrt", "depth", "assumed"), FORMS)
def test_the_form_is_proved_under_the_assumptions_that_it_tells(text, of, wrt, depth, assumed):
    g = sg.parse(text).derivative(of, wrt, depth=depth)
    evidence = g.verify()
    assert ", ".join(map(str, g.assumptions)) == assumed
    assert evidence.verdict is Verdict.PROVED


NOWHERE = [
    (FAR, "C", "w", 2),
    (SECOND, "C", "w[1]", 1),
    (AHEAD, "C", "x[4]", 2),
    (AHEAD, "C", "x[1]", 2),
    (LATE, "C", "w[3]", 2),
]


@pytest.mark.parametrize(("text", "of", "wrt", "depth"), NOWHERE)
def test_what_a_depth_does_not_have_is_told(text, of, wrt, depth):
    with pytest.raises(IndexRangeError) as caught:
        sg.parse(text).derivative(of, wrt, depth=depth)
    assert caught.value.todo


def test_a_layer_that_is_read_by_its_number_is_given_with_its_layers():
    g = sg.parse("a[j] = w[j]*a[j-1]\nC = a[L] + w[1]**2").derivative("C", "w[1]")
    assert g.evaluate({"w": [3, 5], "a[0]": 2}, "exact") == fmpq(2 * 5 + 2 * 3)


def test_a_form_is_not_evaluated_where_two_layers_coincide():
    g = sg.parse(LAST.replace("cost(a[L], y)", "a[L]")).derivative("C", "w[k]")
    values = {"w": [3, 5], "a[0]": 2}
    assert g.evaluate(values, "exact", indices={"k": 1}) == fmpq(2 * 5)
    with pytest.raises(IndexRangeError, match=r"holds for L ≥ k \+ 1, and not for L = 2, k = 2"):
        g.evaluate(values, "exact", indices={"k": 2})


L, k = Index("L"), Index("k")
ASSUMPTIONS = [
    ([(L, 1), (L, 3), (L, 2)], "L ≥ 3"),
    ([(L, k), (L, k + 1)], "L ≥ k + 1"),
    ([(L - 2, k)], "L ≥ k + 2"),
    ([(L, k), (k, 1), (L, 2)], "L ≥ k, k ≥ 1, L ≥ 2"),
    ([(4, k), (3, k)], "3 ≥ k"),
    ([], ""),
]


@pytest.mark.parametrize(("assumptions", "expected"), ASSUMPTIONS)
def test_the_strongest_assumptions_are_kept(assumptions, expected):
    assert ", ".join(map(str, strongest(Assumption(*a) for a in assumptions))) == expected
