"""Whether a claim answers something that stands before it; what judges the answer is loaded only then."""

from __future__ import annotations

import re

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Passage
from symgrad.reading.tree import Chain

RELATIONS, INEQUALITIES = ("=", "≈", "∈"), ("<", ">", "≤", "≥")
_ANSWERS = re.compile(
    r"\b(?:roots?|zero(?:e?s)?|solutions?|eigenvalues?|characteristic|Nullstellen?|Lösung(?:en)?|Eigenwerte?|racines?|"
    r"valeurs propres|raíces|raízes|autovalor(?:es)?)\b",
    re.IGNORECASE,
)
"""Words about answers that may be numbers by themselves, or whose equation stands in the sentence before."""
NEAR = 80


def solved(case: Case) -> Judgement | None:
    """Judge an answer to what stands right before it in its sentence; None for other claims."""
    if case.relation in INEQUALITIES and len(case.nodes) == 2 and _may_answer(case):
        from symgrad.audit.checks.solved import inequality

        return inequality.inequality(case)
    if case.relation not in RELATIONS or len(case.nodes) != 2 or case.passage.kind != "math":
        return None
    if not _may_answer(case):
        return None
    from symgrad.audit.checks.solved import answer

    return answer.answer(case)


def _may_answer(case: Case) -> bool:
    """Tell whether something that may be an equation stands before a claim, or behind it."""
    passage = case.passage
    beside = len(passage.sentence.parts) > 1 or case.number > 0 or "cases" in passage.text or "\\\\" in passage.text
    return beside or _ANSWERS.search(passage.before[-NEAR:]) is not None


def answered(passage: Passage, chain: Chain) -> Judgement | None:
    """Judge a formula without a relation, "has the roots ±2"; None where it answers nothing."""
    if len(passage.sentence.parts) < 2 or not _ANSWERS.search(passage.sentence.words()):
        return None
    from symgrad.audit.checks.solved import bare

    return bare.bare(passage, chain)
