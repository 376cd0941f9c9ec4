"""An answer, judged in every reading that is plausible of it and of what it answers."""

from __future__ import annotations

from dataclasses import replace

from symgrad.audit.case import Case
from symgrad.audit.checks.solved.equation import solutions_of
from symgrad.audit.checks.solved.linked import Linked, linked
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.audit.words.meaning import meanings
from symgrad.reading.reading import readings

KINDS = (solutions_of,)
"""What judges an answer, in this order; each returns None for what it does not know."""


def answer(case: Case) -> Judgement | None:
    """Judge an answer; None where nothing says that the claim is one.

    It is refuted only where it is wrong in every reading of the equation, and confirmed where it is right in one.
    """
    link = linked(case)
    if link is None:
        return None
    said = _judged(case, link)
    if said is None or not said.word.flags:
        return said
    for reading in list(readings(_ambiguous(case, link), meanings(case.passage)))[1:]:
        again = replace(case, reading=reading)
        other = linked(again)
        tried = _judged(again, other) if other is not None else None
        if tried is None or reading.is_open or not tried.word.flags:
            right = tried is not None and tried.word is Word.CONFIRMED
            return replace(tried, reading=str(reading)) if tried and right else unchecked("in one reading it is right")
    return said


def _judged(case: Case, link: Linked) -> Judgement | None:
    return next((said for kind in KINDS if (said := kind(case, link)) is not None), None)


def _ambiguous(case: Case, link: Linked) -> frozenset[str]:
    """Return what is ambiguous in an answer, and in what it answers."""
    texts = dict.fromkeys(s.text for s in (*link.equations, *link.answers, *link.given))
    found = [parse[1] for text in texts if not isinstance(parse := parsed(text, case.reading), str)]
    return frozenset().union(*found)
