"""Evidence: verdicts, what proves and what refutes a closed form, and the record of each comparison."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from campaign import campaign
from flint import arb
from random_networks import networks

import symgrad as sg
from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.linear_map import Product, Scale
from symgrad.arithmetic.floating import Floating
from symgrad.deadline import attempt
from symgrad.evidence import symbolic
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.evidence import Check, Evidence, least
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import cases_of

METHODS = ("backpropagation", "tangents", "float64", "SymPy diff", "as printed")
PROOFS = ("sum over paths", "induction over the depth")

QUESTIONS = [
    ("chain", "C", "b[1]"),
    ("chain", "C", "w[k]"),
    ("chain", "a[L]", "a[0]"),
    ("chain", "z[i]", "b[k]"),
    ("deep_linear", "C", "W[1]"),
    ("deep_linear", "a[L]", "a[0]"),
    ("mlp", "C", "W[1]"),
    ("mlp", "C", "b[L]"),
    ("mlp", "a[L]", "a[0]"),
    ("residual", "C", "b[1]"),
    ("residual", "a[L]", "a[k]"),
    ("rnn", "s[t]", "s[k]"),
    ("rnn", "E", "W"),
    ("rnn", "E", "x[k]"),
    ("lstm", "h[t]", "h[k]"),
    ("lstm", "c[t]", "c[k]"),
    ("lstm", "E", "b_o"),
    ("gru", "h[t]", "h[k]"),
    ("gru", "E", "b_r"),
]


# --- what is right is proved ---


@pytest.mark.parametrize(("name", "of", "wrt"), QUESTIONS)
def test_builtin_derivatives_are_proved_for_any_depth(name, of, wrt):
    evidence = sg.model(name).derivative(of, wrt).verify(seed=0)
    found = {c.method: c.verdict for c in evidence.checks}
    assert found["induction over the depth"] is Verdict.PROVED
    assert found["backpropagation"] is found["tangents"] is Verdict.SAMPLED
    assert evidence.verdict is Verdict.PROVED
    assert evidence.counterexample == ""


@pytest.mark.parametrize(
    ("name", "of", "wrt"), [(n, of, w) for n, of, w in QUESTIONS if "k" not in w and "i" not in of]
)
def test_builtin_derivatives_are_proved_at_a_depth(name, of, wrt):
    evidence = sg.model(name).derivative(of, wrt, depth=3).verify(seed=0)
    found = {c.method: c.verdict for c in evidence.checks}
    assert found["sum over paths"] is Verdict.PROVED
    assert evidence.verdict is Verdict.PROVED


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu", "elu", "softsign", "lecun_tanh"])
def test_bound_activations_pass(activation):
    model = sg.model("chain").bind(activation, cost="quadratic")
    assert model.derivative("C", "b[1]").verify(seed=1).verdict.passes


@campaign(6, 1000, networks())
def test_random_derivatives_are_never_refuted(case):
    depth = None if case.symbolic else case.depth
    evidence = sg.parse(case.text).derivative(case.of, case.wrt, depth=depth).verify()
    assert evidence.verdict is not Verdict.REFUTED


# --- what is wrong is refuted, with the point that refutes it ---


def factor_lost(m):
    return M.compose(*m.maps[1:])


def order_turned(m):
    return replace(m, descending=not m.descending)


def sign_lost(m):
    return M.compose(Scale(Number(Fraction(-1))), m)


def scaled(m):
    return M.compose(Scale(Number(Fraction(2**40 + 1, 2**40))), m)


def zero(m):
    return M.ZERO


def one_step_more(m):
    return M.compose(*(replace(x, lower=x.lower - 1) if isinstance(x, Product) else x for x in m.maps))


def one_step_less(m):
    return replace(m, lower=m.lower + 1)


def another_layer(m):
    return map_tree.rewrite(m, lambda e: replace(e, index=2) if isinstance(e, Quantity) and e.index == 1 else e)


WRONG = [
    ("chain", "C", "b[1]", None, factor_lost),
    ("chain", "C", "b[1]", 4, factor_lost),
    ("chain", "C", "b[1]", 4, sign_lost),
    ("chain", "C", "b[1]", None, scaled),
    ("chain", "C", "b[1]", 30, zero),
    ("chain", "C", "b[1]", 60, sign_lost),
    ("chain", "C", "b[2]", None, one_step_more),
    ("chain", "C", "w[2]", 4, another_layer),
    ("deep_linear", "a[L]", "a[0]", None, one_step_less),
    ("deep_linear", "a[L]", "a[0]", 3, sign_lost),
    ("rnn", "s[t]", "s[k]", None, one_step_less),
    ("rnn", "s[3]", "s[1]", 3, order_turned),
    ("rnn", "E", "W", None, one_step_less),
    ("rnn", "E", "b", None, scaled),
    ("lstm", "h[t]", "c[0]", 2, zero),
]


@pytest.mark.parametrize(("name", "of", "wrt", "depth", "alter"), WRONG)
def test_an_altered_closed_form_is_refuted_with_a_counterexample(name, of, wrt, depth, alter):
    right = sg.model(name).derivative(of, wrt, depth=depth)
    evidence = replace(right, map=alter(right.map)).verify(seed=0)
    assert evidence.verdict is Verdict.REFUTED
    refuting = [c for c in evidence.checks if c.verdict is Verdict.REFUTED]
    assert {"backpropagation", "tangents"} <= {c.method for c in refuting}
    assert all(c.counterexample for c in refuting)
    assert "at depth" in evidence.counterexample
    assert re.search(r"= \[*-?\d+/\d+", evidence.counterexample)  # 873/1024, and not (873, 1024)
    assert "counterexample" in str(evidence)
    assert Verdict.PROVED not in {c.verdict for c in evidence.checks if c.method in PROOFS}


# --- what cannot be decided is UNKNOWN, and does not pass ---


def test_assumptions_that_no_index_meets_leave_the_claim_unknown():
    g = sg.model("chain").derivative("a[2]", "b[k]", depth=3)
    nowhere = replace(g, assumptions=(*g.assumptions, *sg.model("chain").derivative("a[k]", "a[7]").assumptions))
    evidence = nowhere.verify()
    assert evidence.verdict is Verdict.UNKNOWN
    assert not evidence.verdict.passes
    assert "no depth satisfies" in evidence.checks[0].detail


def test_values_that_are_not_real_decide_nothing():
    evidence = sg.parse("C = sqrt(-1 - x**2)").derivative("C", "x").verify()
    found = {c.method: c for c in evidence.checks}
    assert found["backpropagation"].verdict is Verdict.UNKNOWN
    assert "not finite" in found["backpropagation"].detail


def test_underflow_is_said_and_not_compared():
    g = sg.model("chain").derivative("C", "b[1]", depth=2_000)
    found = {c.method: c for c in g.verify().checks}
    assert found["float64"].verdict is Verdict.UNKNOWN
    assert "underflows at depth 2000" in found["float64"].detail
    assert found["backpropagation"].verdict is Verdict.SAMPLED


# --- comparisons: balls decide, and no tolerance ---

TINY = arb(10) ** -300
COMPARISONS = [
    (arb(1), arb(1), Comparison.AGREE),
    (arb(0), arb(0), Comparison.AGREE),
    (None, None, Comparison.AGREE),
    (None, arb(0), Comparison.AGREE),
    (None, np.array([arb(0), arb(0)]), Comparison.AGREE),
    (TINY, TINY, Comparison.AGREE),
    (TINY, None, Comparison.DISJOINT),
    (TINY, arb(0), Comparison.DISJOINT),
    (TINY, -TINY, Comparison.DISJOINT),
    (TINY, TINY * 2, Comparison.DISJOINT),
    (arb(1), arb(1) + arb(2) ** -50, Comparison.DISJOINT),
    (np.array([arb(1), TINY]), np.array([arb(1), -TINY]), Comparison.DISJOINT),
    (arb(1), arb(1, 0.25), Comparison.WIDE),
    (arb(0, 1), None, Comparison.WIDE),
    (np.array([arb(1), arb(0, 2**-30)]), np.array([arb(1), arb(0)]), Comparison.WIDE),
    (np.array([arb(1), arb(0, 2**-60)]), np.array([arb(1), arb(0)]), Comparison.AGREE),
    (arb("nan"), arb(1), Comparison.UNDEFINED),
    (arb("inf"), arb("inf"), Comparison.UNDEFINED),
]


@pytest.mark.parametrize(("x", "y", "expected"), COMPARISONS)
def test_comparison(x, y, expected):
    assert compare(x, y) is expected
    assert compare(y, x) is expected


# --- verdicts and records ---


def test_verdicts_are_a_chain():
    chain = [Verdict.REFUTED, Verdict.UNKNOWN, Verdict.SAMPLED, Verdict.ENCLOSED, Verdict.PROVED]
    assert sorted(Verdict) == chain
    assert [v.passes for v in chain] == [False, False, True, True, True]
    assert least([Verdict.PROVED, Verdict.UNKNOWN, Verdict.SAMPLED]) is Verdict.UNKNOWN
    assert least([]) is Verdict.UNKNOWN


SUMS = [
    ((), Verdict.UNKNOWN),
    ((Verdict.UNKNOWN,), Verdict.UNKNOWN),
    ((Verdict.UNKNOWN, Verdict.SAMPLED), Verdict.SAMPLED),
    ((Verdict.SAMPLED, Verdict.PROVED, Verdict.UNKNOWN), Verdict.PROVED),
    ((Verdict.PROVED, Verdict.REFUTED, Verdict.SAMPLED), Verdict.REFUTED),
]


@pytest.mark.parametrize(("verdicts", "expected"), SUMS)
def test_one_refutation_outweighs_all_proofs(verdicts, expected):
    assert Evidence("", tuple(Check("", v) for v in verdicts)).verdict is expected


def test_every_comparison_is_recorded():
    evidence = sg.model("chain").derivative("C", "b[1]").verify(seed=7, digits=50)
    assert evidence.claim == "∂C/∂b[1] of chain"
    assert tuple(c.method for c in evidence.checks[1:]) == METHODS
    assert evidence.checks[0].method in PROOFS
    for check in evidence.checks:
        record = check.record()
        assert json.loads(json.dumps(record))["verdict"] == check.verdict.name
        assert {"method", "verdict", "arithmetic", "seed", "points", "detail", "counterexample"} <= set(record)
    sampled = {c.method: c for c in evidence.checks}["backpropagation"]
    assert (sampled.arithmetic, sampled.seed, sampled.points) == ("balls of 50 digits", 7, 6)
    assert sampled.detail == "depth 1, 2, 3, 4, 5, 6"


def test_the_same_seed_gives_the_same_evidence_and_another_seed_other_points():
    def wrong(seed):
        g = sg.model("rnn").derivative("E", "W")
        return replace(g, map=sign_lost(g.map)).verify(seed=seed)

    assert wrong(1) == wrong(1)
    assert wrong(1).counterexample != wrong(2).counterexample


@pytest.mark.parametrize(
    ("equation", "gradient"),
    [
        ("x = y**(9**9**9)", "9^(9^9) y^(9^(9^9)-1)"),  # SymPy would write the power out
        ("x = 7**(9**9)*y", "7^(9^9)"),
        ("x = y/(1 - 1)", None),
        ("x = log(0)*y", "ln(0)"),
    ],
)
def test_numbers_too_large_or_undefined_are_left_undecided_in_bounded_time(equation, gradient):
    g = sg.parse(equation).derivative("x", "y")
    assert gradient is None or str(g) == gradient
    said = {c.method: c.verdict.name for c in g.verify().checks}
    assert said["SymPy diff"] == "UNKNOWN"
    assert said["sum over paths"] == "PROVED"


def test_a_required_check_that_is_unknown_lowers_the_verdict():
    proved = Check("induction", Verdict.PROVED)
    for required, verdict in ((False, Verdict.PROVED), (True, Verdict.UNKNOWN)):
        assert Evidence("x", (proved, Check("page", Verdict.UNKNOWN, required=required))).verdict is verdict
    assert Evidence("x", (proved, Check("page", Verdict.SAMPLED, required=True))).verdict is Verdict.PROVED


def test_a_page_that_agrees_with_a_claim_makes_the_claim_no_truer():
    page = Check("page", Verdict.SAMPLED, points=9, required=True, of_page=True)
    for known in (Verdict.UNKNOWN, Verdict.SAMPLED, Verdict.PROVED):
        assert Evidence("x", (Check("points", known, points=5), page)).verdict is known
    assert Evidence("x", (page,)).verdict is Verdict.UNKNOWN
    assert Evidence("x", (Check("points", Verdict.SAMPLED, points=5), page)).points == 5


# --- float64 that disagrees ---


def test_float64_that_disagrees_leaves_the_whole_unknown(monkeypatch):
    right = Floating.softmax_error
    monkeypatch.setattr(Floating, "softmax_error", lambda A, a, y: right(A, a, y) * (1 + 2.0**-15))
    evidence = sg.parse("a: (n,)\ny: (n,)\nC = softmax_cross_entropy(a, y)").derivative("C", "a").verify()
    check = next(c for c in evidence.checks if c.method == "float64")
    assert check.required
    assert check.verdict is evidence.verdict is Verdict.UNKNOWN
    assert "rounding does not explain it" in check.detail


def test_float64_that_is_not_a_number_leaves_the_whole_unknown(monkeypatch):
    monkeypatch.setattr(Floating, "tanh", lambda A, x: x * np.nan)
    evidence = sg.parse("a[j] = tanh(w*a[j-1])").derivative("a[L]", "a[0]").verify()
    assert evidence.verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("C = ((x + 1e17) - 1e17)**2", 1e14),
        ("C = cos(1e12*x/3)", 1e7),
    ],
)
def test_float64_loses_accuracy_where_a_condition_number_says_so(text, least):
    evidence = sg.parse(text).derivative("C", "x").verify()
    check = next(c for c in evidence.checks if c.method == "float64")
    assert "loses accuracy" in check.detail
    assert float(re.search(r"condition number (\S+)", check.detail)[1].rstrip(";")) > least
    assert not check.required
    assert evidence.verdict is Verdict.PROVED


def test_a_loss_of_matrices_is_a_sum_over_the_rows():
    whole = sg.parse("a: (m, n)\ny: (m, n)\nC = softmax_cross_entropy(a, y)").derivative("C", "a", layout="denominator")
    assert whole.verify().verdict is Verdict.PROVED
    steps = "a[i]: (n,)\ny[i]: (n,)\ne[i] = e[i-1] + softmax_cross_entropy(a[i], y[i])\ne[0] = 0\nE = e[N]"
    values = {"a": [[1, -2, 3], [0.5, 1, 0]], "y": [[0.25, 0.5, 0.25], [0, 1, 0]]}
    for i, row in enumerate(whole.evaluate(values), start=1):
        np.testing.assert_allclose(sg.parse(steps).derivative("E", f"a[{i}]", depth=2).evaluate(values), row)
    for loss in ("quadratic", "binary_cross_entropy"):  # sums over the entries, of any shape
        model = sg.parse(f"a: (m, n)\ny: (m, n)\nC = {loss}(logistic(a), y)")
        assert model.derivative("C", "a").verify().verdict is Verdict.PROVED


def test_sympy_that_does_not_end_is_left(monkeypatch):
    def for_ever(*_):
        while True:
            pass

    monkeypatch.setattr("symgrad.evidence.symbolic._compare", for_ever)
    monkeypatch.setattr("symgrad.evidence.symbolic.attempt", partial(attempt, seconds=0.2))
    evidence = sg.parse("C = sin(w*x)").derivative("C", "w").verify()
    assert "takes too long" in str(evidence)


def test_where_sympy_fails_it_says_nothing(monkeypatch):
    """SymPy compares conditions by numbers, and may end in a TypeError of its own."""

    def fails(*_):
        raise TypeError("unsupported operand type(s)")

    monkeypatch.setattr(symbolic, "_by_sympy", fails)
    form = sg.model("chain").derivative("C", "b[1]").presentation().closed
    check = symbolic.check_by_sympy(form, cases_of(form))
    assert (str(check.verdict), check.detail.partition(":")[0]) == ("UNKNOWN", "at depth 1 SymPy fails")
