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

ALL = ("text", "latex", "markdown", "html")
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
