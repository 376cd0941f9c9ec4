"""Stored derivations: both formats, every kind of claim, and a kind that is added from outside."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

import symgrad as sg
from symgrad.claims.kind import Claim, kinds
from symgrad.derivation.data import to_data
from symgrad.derivation.restore import from_data
from symgrad.evidence.check import CHECKERS
from symgrad.evidence.evidence import Check
from symgrad.export.claims.page import laid_out
from symgrad.export.math import Display, Name
from symgrad.export.stored import moved, read_stored
from symgrad.network.formula import Formula, read_formula

FIRST = (Path(__file__).parent / "stored" / "first_format.json").read_text(encoding="utf-8")
"""Written by symgrad 0.1.0: a step of every kind, and a derivation by the chain rule."""


def test_the_first_format_is_read():
    derivation, kept = read_stored(FIRST)
    assert {s.claim.kind for s in derivation.steps} == set(kinds())
    assert moved(derivation, kept) == []


def test_the_second_format_says_the_same():
    derivation, _ = read_stored(FIRST)
    data = json.loads(json.dumps(to_data(derivation)))
    again = from_data(data)
    assert data["format"] == 2
    assert [str(s.claim) for s in again.steps] == [str(s.claim) for s in derivation.steps]
    assert to_data(again) == to_data(derivation)


def test_another_format_is_refused():
    with pytest.raises(sg.SymgradError, match="its format is 3, and 1 and 2 are read"):
        read_stored(json.dumps(json.loads(FIRST) | {"format": 3}))


@dataclass(frozen=True)
class Parity(Claim):
    """formula(-x) = formula(x)."""

    kind: ClassVar[str] = "parity"

    formula: Formula
    variable: str

    def __str__(self):
        return f"{self.formula} is even in {self.variable}"


def check_parity(claim, seed, digits):
    """Yield one check."""
    yield Check("by hand", sg.Verdict.SAMPLED if claim.formula.text == "x^2" else sg.Verdict.REFUTED)


@laid_out.register
def _(claim: Parity, page):
    yield Display(page.formula(claim.formula), Name("even"), "=", page.label)


def test_a_new_kind_is_a_record_a_checker_and_a_layout():
    CHECKERS.register("parity", check_parity)
    draft = sg.Draft("parity")
    draft.add(Parity(read_formula("x^2"), "x"), "algebra")
    derivation = draft.derivation()
    again = from_data(json.loads(json.dumps(to_data(derivation)))).checked()
    assert str(again.steps[0].claim) == str(derivation.steps[0].claim)
    assert str(again.verdict) == "SAMPLED"
    assert r"x^{2} &= \mathrm{even}" in derivation.checked().latex()


def test_a_kind_that_has_no_file_is_not_known():
    data = json.loads(FIRST)
    data["steps"][0]["claim"] = {"kind": "os", "name": "x"}
    with pytest.raises(sg.SymgradError, match="unknown kind of claim 'os'"):
        from_data(data)
