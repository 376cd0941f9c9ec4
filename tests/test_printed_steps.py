"""Every step of a derivation is read back as it is printed, in every notation, and seeded faults are caught."""

from __future__ import annotations

from collections import Counter

import page_faults as fault
import pytest

import symgrad as sg
from symgrad.api.printed.claims import Reading
from symgrad.api.printed.steps import FORMATS, check_claim, not_read, read_back
from symgrad.derivation.catalogue import catalogue
from symgrad.evidence.verdict import Verdict
from symgrad.export.claims.presentation import ClaimPresentation
from symgrad.export.math import Document
from symgrad.export.notation import notation
from symgrad.export.text import text

ALL = ("text", "latex", "markdown", "html", "typst")
QUICK = ("deep-linear", "exploding", "unstable", "window", "residual", "backpropagation", "rnn")
UNREAD = {"minimax": 1}
"""Kinds of claims that are not read back, and how many of them the catalogue has."""


def verdicts(name, formats, style):
    entry = catalogue()[name]
    derivation = entry.derivation()
    reading = Reading(notation(style or entry.notation), derivation.layout)
    for number, step in enumerate(derivation.steps, start=1):
        check = check_claim(step.claim, reading, formats, step.label)
        yield f"{name} {number}", step.claim.kind, check


@pytest.mark.parametrize("style", [None, "ng"])
@pytest.mark.parametrize("name", QUICK)
def test_the_steps_of_an_entry_are_read_back(name, style):
    for place, _, check in verdicts(name, FORMATS, style):
        assert check.verdict is Verdict.SAMPLED, f"{place}: {check}"
        assert check.points > 0


@pytest.mark.long
@pytest.mark.parametrize("style", [None, "nielsen", "ng", "rnn"])
def test_the_whole_catalogue_is_read_back_in_every_format(style):
    unread = Counter()
    for name in catalogue():
        for place, kind, check in verdicts(name, ALL, style):
            if check.verdict is not Verdict.SAMPLED:
                assert check.detail.startswith("not read back: there is no reader of the kind"), f"{place}: {check}"
                unread[kind] += 1
    assert unread == UNREAD


def test_what_is_not_read_back_is_counted():
    derivation = read_back(sg.model("chain").derive("a[j]", "a[j-1]").checked())
    assert not not_read(derivation)
    assert all(s.evidence.checks[-1].method == "as printed" for s in derivation.steps)


MATRICES = [
    ("W: (d, d)\nH[0]: (B, d)\nH[l] = tanh(H[l-1]@W)", "H[L]", "H[0]"),
    ("W: (d, d)\nU: (d, d)\nS[0]: (d, B)\ng[j]: ()\nS[j] = tanh(W@S[j-1] + U@S[j-1]*g[j])", "S[L]", "S[0]"),
]


@pytest.mark.parametrize("layout", ["numerator", "denominator"])
@pytest.mark.parametrize(("equations", "of", "wrt"), MATRICES)
def test_the_steps_of_a_chain_of_matrices_are_read_back(equations, of, wrt, layout):
    derivation = read_back(sg.parse(equations).derive(of, wrt, layout=layout).checked())
    for step in derivation.steps:
        assert step.evidence.checks[-1].verdict is Verdict.SAMPLED, str(step.evidence.checks[-1])
    [layers] = [s for s in derivation.steps if s.claim.kind == "differential" and s.rule.name == "product over layers"]
    page = text(Document(tuple(ClaimPresentation(notation("nielsen"), layout).parts(layers.claim))))
    assert "In ∏ the factor of the highest index stands leftmost." in page


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_a_unit_that_is_dead_leaves_the_step_to_another_draw(seed):
    derivation = sg.parse("W: (d, d)\nH[0]: (B, d)\nH[l] = relu(H[l-1]@W)").derive("H[L]", "H[0]").checked()
    for step in read_back(derivation, seed=seed).steps:
        assert step.evidence.checks[-1].verdict is Verdict.SAMPLED, str(step.evidence.checks[-1])


SENTENCES = [
    ("s[0]: (d,)\nW: (d, d)\ns[j] = tanh(W@s[j-1]) + s[j-2]\nE = cost(s[L-2])", "E", "s[L-2]"),
    ("W: (d, d)\na[0]: (d,)\ny: (d,)\na[l] = tanh(W@a[l-1])\nC = cost(a[L], y)", "C", "y"),
]


@pytest.mark.parametrize(("equations", "of", "wrt"), SENTENCES)
def test_a_step_that_a_sentence_says_needs_no_formula(equations, of, wrt):
    derivation = read_back(sg.parse(equations).derive(of, wrt).checked())
    last = derivation.steps[-1].evidence
    assert (last.checks[-1].detail, last.checks[-1].required) == ("there is no formula on the page", False)
    assert last.verdict is Verdict.PROVED
    whole = check_claim(derivation.steps[0].claim, Reading(notation("nielsen")), document=Document(()))
    assert whole.required
    assert whole.verdict is not Verdict.SAMPLED


FAULTS = [
    ("rnn", fault.transpose_added, "differential"),
    ("rnn", fault.factors_swapped, "differential"),
    ("rnn", fault.factor_dropped, "definition"),
    ("rnn", fault.term_dropped, "definition"),
    ("rnn", fault.index_moved, "definition"),
    ("rnn", fault.prime_dropped, "differential"),
    ("rnn", fault.diag_dropped, "differential"),
    ("residual", fault.last_sign_turned, "relation"),
    ("window", fault.number_changed, "relation"),
    ("activations", fault.prime_dropped, "relation"),
    ("window", fault.fraction_turned, "slope"),
    ("window", fault.number_changed, "limit"),
    ("window", fault.number_changed, "extremum"),
    ("activations", fault.number_changed, "solutions"),
    ("backpropagation", fault.prime_dropped, "component"),
    ("backpropagation", fault.factor_dropped, "component"),
    ("rnn", fault.grid_turned, "component"),
    ("criticality", fault.number_changed, "expectation"),
    ("initialisation", fault.factor_dropped, "moments"),
    ("exploding", fault.number_changed, "relation"),
    ("rnn", fault.power_changed, "norm_bound"),
]


@pytest.mark.parametrize(("name", "change", "kind"), FAULTS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_a_fault_in_a_step_is_caught(name, change, kind):
    entry = catalogue()[name]
    derivation = entry.derivation()
    style = notation(entry.notation)
    reading = Reading(style, derivation.layout)
    for step in derivation.steps:
        if step.claim.kind != kind:
            continue
        whole = Document(tuple(ClaimPresentation(style, derivation.layout).parts(step.claim)))
        wrong = [*fault.seeded(whole, change), *(fault.seeded(whole, change, "where") if kind == "component" else ())]
        if wrong:
            for format_ in FORMATS:
                check = check_claim(step.claim, reading, (format_,), document=wrong[-1])
                assert check.verdict in (Verdict.REFUTED, Verdict.UNKNOWN), f"{check}\n{text(wrong[-1])}"
                assert check.required
            return
    pytest.fail("no step to which the fault applies")
