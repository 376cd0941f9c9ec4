"""The check "as printed" of every step of a derivation, in a notation and in the formats that are printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TypeVar

from symgrad.api.printed.claims import Reading
from symgrad.api.printed.formulas import DiffersError
from symgrad.api.printed.pages import read_page
from symgrad.api.printed.witness import GIVES_UP, METHOD
from symgrad.claims.differential import Differential
from symgrad.claims.kind import Claim
from symgrad.derivation.derivation import Derivation
from symgrad.derivation.step import Step
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.export.claims.presentation import ClaimPresentation, of_steps
from symgrad.export.derivative import Presentation
from symgrad.export.formats import FORMATS
from symgrad.export.math import Document
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.reading.page.document import Page
from symgrad.reading.token import NotUnderstoodError

D = TypeVar("D", bound=Derivation)
READ_BACK = ("text", "latex")
"""The formats that are read where none is named: every other is made of the same mathematics."""
NOT_READ = "not read back: there is no reader of the kind"


def read_back(
    derivation: D,
    notation: Notation | str = "nielsen",
    formats: tuple[str, ...] = READ_BACK,
    seed: int = 0,
    digits: int = 60,
) -> D:
    """Return a derivation that was checked with one more check of each step: that its page says what was checked.

    What is not read, or says something else, does not pass. A kind of claim that has no reader is said to be not read.

    >>> import symgrad as sg
    >>> d = read_back(sg.model("chain").derive("a[j]", "a[j-1]").checked())
    >>> [str(step.evidence.checks[-1].verdict) for step in d.steps if step.evidence]
    ['SAMPLED', 'SAMPLED', 'SAMPLED', 'SAMPLED', 'SAMPLED', 'SAMPLED']
    """
    reading = Reading(find_notation(notation), derivation.layout, seed, digits)
    return replace(derivation, steps=tuple(step_read_back(s, reading, formats) for s in derivation.steps))


def formats_of(format_: str) -> tuple[str, ...]:
    """Return the formats in which a page is read that is printed in one; what JSON holds is read as text and LaTeX."""
    return (format_,) if format_ in FORMATS else READ_BACK


def not_read(derivation: Derivation) -> Counter[str]:
    """Count the claims that are not read back, by kind."""
    checks = [(s.claim.kind, s.evidence.checks[-1]) for s in derivation.steps if s.evidence]
    return Counter(kind for kind, c in checks if c.method == METHOD and c.detail.startswith(NOT_READ))


def step_read_back(step: Step, reading: Reading, formats: tuple[str, ...] = READ_BACK) -> Step:
    """Return a step that was checked with one more check, that its page says what was checked."""
    if step.evidence is None:
        return step
    check = check_claim(step.claim, reading, formats, step.label)
    return replace(step, evidence=replace(step.evidence, checks=(*step.evidence.checks, check)))


def check_claim(
    claim: Claim,
    reading: Reading,
    formats: tuple[str, ...] = READ_BACK,
    label: str = "",
    document: Document | None = None,
) -> Check:
    """Read the page of a claim in each format, and compare what it says with the claim; ``document``: another page."""
    if document is None:
        document = Document(tuple(ClaimPresentation(reading.notation, reading.layout).parts(claim, label)))
    known: list[object] = []
    reading.points = 0
    for format_ in formats:
        page = read_page(format_, FORMATS[format_].write(document), of_steps(reading.notation))
        said = [(p.sides, p.relations) for p in page.equations], page.layout, page.order, _conditions(page)
        if said in known:
            continue
        known.append(said)
        try:
            if reason := next((f"{e.text}: {e.reason}" for e in page.equations if e.reason), ""):
                raise NotUnderstoodError(f"not read: {reason}")
            if not page.equations and _is_trivial(claim, reading):
                return _check(reading, Verdict.UNKNOWN, "there is no formula on the page", required=False)
            if not reading.read(claim, page):
                return _check(reading, Verdict.UNKNOWN, f"{NOT_READ} {claim.kind}", required=False)
        except DiffersError as error:
            return _check(reading, Verdict.REFUTED, format_, str(error))
        except NotUnderstoodError as error:
            return _check(reading, Verdict.UNKNOWN, f"{format_}: {error}")
        except GIVES_UP as error:
            return _check(reading, Verdict.UNKNOWN, f"{format_}: it cannot be evaluated: {error}")
    return _check(reading, Verdict.SAMPLED, f"{', '.join(formats)}; {reading.notation.name} notation")


def _is_trivial(claim: Claim, reading: Reading) -> bool:
    """Tell whether a claim is that a derivative is the given one itself, which a sentence says."""
    return isinstance(claim, Differential) and Presentation(claim.form, reading.notation, reading.layout).trivial


def _conditions(page: Page) -> list[object]:
    return [f.sides for s in page.sentences for f in s.formulas]


def _check(reading: Reading, verdict: Verdict, detail: str, counterexample: str = "", required: bool = True) -> Check:
    balls, points = f"balls of {reading.digits} digits", reading.points
    return Check(METHOD, verdict, detail, balls, reading.seed, points, counterexample, required, of_page=True)
