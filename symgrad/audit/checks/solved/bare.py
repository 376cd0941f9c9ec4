"""What a formula without a relation answers: "has the roots ±2", "with eigenvalues 3 and 1"."""

from __future__ import annotations

from dataclasses import replace

from symgrad.audit.checks.solved.equation import of_link
from symgrad.audit.checks.solved.linked import around, doubt_of
from symgrad.audit.checks.solved.statement import is_bare, statements
from symgrad.audit.finding import Judgement, Passage, Word
from symgrad.audit.parsed import USUAL
from symgrad.audit.words.context import other_mathematics, told_wrong
from symgrad.reading.tree import Chain


def bare(passage: Passage, chain: Chain) -> Judgement | None:
    """Judge a formula that has no relation as an answer; None where it is none, or where it is not decided."""
    if passage.kind != "math" or passage.composed or len(passage.sentence.parts) < 2:
        return None
    found = statements(passage, USUAL)
    places = (i for i, s in enumerate(found) if s.part == passage.at and s.chain.sides[0].start == chain.sides[0].start)
    place = next(places, None)
    if place is None or len(found[place].nodes) != 1:
        return None
    from symgrad.audit.checks.solved.eigenvalues import of_polynomial, of_values

    said = of_polynomial(passage, USUAL, found, place)
    if said is None and is_bare(found[place]):
        said = of_values(passage, USUAL, found, place)
        link = around(found, place, doubt_of(passage)) if said is None else None
        if link is not None and link.joint.kind in ("has", "are") and not link.joint.noun:
            said = of_link(link)
    if said is None or said.word is Word.UNCHECKED:
        return None
    if said.word.flags and (excuse := told_wrong(passage) or other_mathematics(passage)):
        return replace(said, word=Word.UNCHECKED, value="", reason=excuse, excused=True)
    return said
