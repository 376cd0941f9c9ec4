"""An answer, judged in every reading that is plausible of it and of what it answers."""

from __future__ import annotations

from dataclasses import replace

from symgrad.audit.case import Case
from symgrad.audit.checks.solved.differential import solution_of_differential
from symgrad.audit.checks.solved.eigenvalues import characteristic, eigenvalues
from symgrad.audit.checks.solved.equation import solutions_of
from symgrad.audit.checks.solved.letter import solved_for
from symgrad.audit.checks.solved.linked import linked
from symgrad.audit.checks.solved.recurrence import closed_form
from symgrad.audit.checks.solved.statement import statements
from symgrad.audit.checks.solved.step import step
from symgrad.audit.checks.solved.system import solution_of_system
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.audit.words.meaning import meanings
from symgrad.reading.reading import readings

KINDS = (solution_of_differential, closed_form, solutions_of, solution_of_system, solved_for)
"""What judges an answer, in this order; each returns None for what it does not know."""


def answer(case: Case) -> Judgement | None:
    """Judge an answer; None where nothing says that the claim is one.

    It is refuted only where it is wrong in every reading of the equation, and confirmed where it is right in one.
    """
    said = _judged(case)
    if said is None or not said.word.flags:
        return said
    for reading in list(readings(_ambiguous(case), meanings(case.passage)))[1:]:
        tried = _judged(replace(case, reading=reading))
        if tried is None or reading.is_open or not tried.word.flags:
            right = tried is not None and tried.word is Word.CONFIRMED
            return replace(tried, reading=str(reading)) if tried and right else unchecked("in one reading it is right")
    return said


def _judged(case: Case) -> Judgement | None:
    said = eigenvalues(case) or characteristic(case)
    if said is not None:
        return said
    link = linked(case)
    if link is None:
        return step(case)
    return next((said for kind in KINDS if (said := kind(case, link)) is not None), None)


def _ambiguous(case: Case) -> frozenset[str]:
    """Return what is ambiguous in the sentence of an answer."""
    texts = dict.fromkeys(s.text for s in statements(case.passage, case.reading))
    found = [parse[1] for text in texts if not isinstance(parse := parsed(text, case.reading), str)]
    return frozenset().union(*found)
