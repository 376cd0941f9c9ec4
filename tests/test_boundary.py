"""Boundary values that act twice: s[0] as the state before the first step, and read by its number or by an opening."""

from dataclasses import replace

import numpy as np
import pytest

import symgrad as sg
from symgrad.algebra.map_algebra import ZERO
from symgrad.errors import IndexRangeError
from symgrad.evidence.verdict import Verdict

THROUGH = "m = 2*s[0]\ns[j] = tanh(w*s[j-1] + m)\nE = loss(s[L])"
TWICE = "s[0] = tanh(v)\nm = 2*s[0]\nn = m*3\ns[j] = tanh(w*s[j-1] + n)\nE = loss(s[L])"
LAGGED = "m = s[-1]*2\ns[j] = tanh(w*s[j-1] + m*s[j-2])\nE = loss(s[L])"
DIRECT = "s[j] = tanh(w*s[j-1] + s[0])\nE = loss(s[L])"
CLOSED = "m = 2*s[0]\ns[j] = w*s[j-1]\nE = loss(s[L], m)"
ASIDE = "m = 2*s[0]\ns[j] = w*s[j-1]\nE = loss(s[L])\nF = 3*m"

STATED = [
    (THROUGH, "s[t]", "s[k]", ["t ≥ k", "k ≥ 1"]),
    (THROUGH, "E", "s[k]", ["L ≥ k", "k ≥ 1"]),
    (THROUGH, "s[3]", "s[k]", ["3 ≥ k", "k ≥ 1"]),
    (THROUGH, "s[L]", "s[L-2]", ["L ≥ 3"]),
    (THROUGH, "s[t]", "s[0]", ["t ≥ 1"]),
    (THROUGH, "E", "s[0]", ["L ≥ 1"]),
    (THROUGH, "m", "s[k]", ["k ≥ 1"]),
    (THROUGH, "m", "s[0]", []),
    (TWICE, "s[t]", "s[k]", ["t ≥ k", "k ≥ 1"]),
    (TWICE, "E", "s[0]", ["L ≥ 1"]),
    (TWICE, "E", "v", ["L ≥ 1"]),
    (LAGGED, "s[t]", "s[k]", ["t ≥ k", "k ≥ 0"]),
    (LAGGED, "E", "s[-1]", ["L ≥ 1"]),
    (LAGGED, "E", "s[0]", ["L ≥ 0"]),
    (DIRECT, "E", "s[k]", ["k ≥ 1", "L ≥ k"]),
    (DIRECT, "E", "s[0]", ["L ≥ 1"]),
    (CLOSED, "E", "s[k]", ["L ≥ k", "k ≥ 1"]),
    (ASIDE, "E", "s[k]", ["L ≥ k"]),  # m does not matter
    (ASIDE, "F", "s[k]", ["k ≥ 1"]),
]


@pytest.mark.parametrize(("text", "of", "wrt", "assumptions"), STATED)
def test_a_derivative_is_stated_where_it_holds(text, of, wrt, assumptions):
    form = sg.parse(text).derivative(of, wrt)
    assert sorted(str(a) for a in form.assumptions) == sorted(assumptions)
    evidence = form.verify()
    assert evidence.verdict is Verdict.PROVED, evidence


@pytest.mark.parametrize(("text", "of", "wrt", "_"), STATED)
def test_its_steps_hold_too(text, of, wrt, _):
    derivation = sg.parse(text).derive(of, wrt)
    assert derivation.checked().verdict is Verdict.PROVED


@pytest.mark.parametrize("text", [THROUGH, TWICE, DIRECT])
def test_at_k_0_it_is_refused_and_asked_by_s_0_it_is_right(text):
    model = sg.parse(text)
    general, first = (model.derivative("s[t]", wrt) for wrt in ("s[k]", "s[0]"))
    values = {"w": 0.5, "v" if text == TWICE else "s[0]": 0.25}
    with pytest.raises(IndexRangeError, match="k ≥ 1"):
        general.evaluate(values, depth=3, indices={"t": 3, "k": 0})

    def run(start):  # the recurrence itself, by hand
        s = start
        for _ in range(3):
            s = np.tanh(0.5 * s + {THROUGH: 2, TWICE: 6, DIRECT: 1}[text] * start)
        return s

    start, h = np.tanh(0.25) if text == TWICE else 0.25, 1e-6
    slope = (run(start + h) - run(start - h)) / (2 * h)
    assert float(first.evaluate(values, depth=3, indices={"t": 3})) == pytest.approx(slope, rel=1e-8)


EQUATIONS = [  # one equation that reads itself, earlier steps and shared quantities
    ("s[j] = tanh(w*s[j-1])\nE = loss(s[L])", "E", "w"),
    ("m = 2*u\ns[j] = tanh(w*s[j-1] + m)\nE = loss(s[L])", "E", "u"),
    ("s[j] = tanh(w*s[j-1] + x[j]*x[j-1])\nE = loss(s[L])", "E", "x[k]"),
    ("s[j] = tanh(w*s[j-1]*s[j-2])\nE = loss(s[L])", "E", "s[k]"),
    ("s[j] = tanh(w*s[j-1]*s[j-2])*s[0]\nE = loss(s[L])", "E", "w"),
    ("z[j] = w*a[j-1]*z[j-1]\na[j] = tanh(z[j])*a[j-1]\nE = loss(a[L])", "E", "w"),
]


@pytest.mark.parametrize(("text", "of", "wrt"), EQUATIONS)
def test_an_immediate_derivative_is_checked_with_the_steps_before_held_fixed(text, of, wrt):
    derivation = sg.parse(text).derive(of, wrt).checked()
    assert derivation.verdict is Verdict.PROVED


def test_a_refutation_shows_no_records():
    right = sg.model("chain").derivative("C", "b[1]")
    evidence = replace(right, map=ZERO).verify()
    assert evidence.verdict is Verdict.REFUTED
    assert not any(piece in str(evidence) for piece in ("Apply(", "Op(", "Quantity(", "<function", "lambda"))


LAG_2 = "s[j] = tanh(w*s[j-1] + u*s[j-2])\nE = loss(s[L])"


def test_a_state_with_two_boundary_values_is_counted_from_0():
    form = sg.parse(LAG_2).derivative("E", "s[L-2]")
    assert [str(a) for a in form.assumptions] == ["L ≥ 2"]
    with pytest.raises(IndexRangeError, match="holds for L ≥ 2"):
        form.evaluate({"w": 1, "u": 1, "s[0]": 1, "s[-1]": 1}, depth=1)
    assert [str(a) for a in sg.parse(LAG_2).derivative("s[t]", "s[k]").assumptions] == ["k ≥ 0", "t ≥ k"]


@pytest.mark.parametrize("wrt", ["w", "s[0]", "s[k]", "s[-1]"])
def test_a_loss_of_an_earlier_step_has_true_steps(wrt):
    text = LAG_2.replace("s[L]", "s[L-2]")
    assert sg.parse(text).derive("E", wrt).checked().verdict is Verdict.PROVED


@pytest.mark.parametrize("of", ["h[2]", "h[L]", "h[0]"])
def test_a_state_depends_on_what_the_opening_of_its_recurrence_reads(of):
    model = sg.parse("v: ()\nh[0] = sin(v*x)\nh[j] = sin(w*h[j-1])", "opened")
    gradient = model.derivative(of, "v", 4 if of == "h[L]" else None)
    assert str(gradient) != "0"
    assert gradient.verify(seed=0).verdict.name == "PROVED"


@pytest.mark.parametrize(("wrt", "right"), [("x[t]", "∑_{i=t}^{T}"), ("x[k]", "∑_{t=k}^{T}"), ("s[t]", "∑_{i=t}^{T}")])
def test_a_derivative_by_the_letter_that_a_sum_binds(wrt, right):
    model = sg.parse("s[t] = tanh(w*s[t-1] + x[t])\nE = sum[t](loss(s[t]))")
    gradient = model.derivative("E", wrt)
    assert str(gradient).startswith(right)
    assert gradient.verify().verdict.name == "PROVED"
