"""Numbers that are said to differ: 3 ≠ 0."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.number.link import number
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.value import UndefinedError, ball

KIND = "numeric"


def unequal(case: Case) -> Judgement | None:
    """Confirm that two numbers differ; None for any other claim. That equal ones do not is left to their authors."""
    if case.relation != "≠" or not case.closed:
        return None
    try:
        difference = ball(number(case.left)) - ball(number(case.right))
    except (NotUnderstoodError, UndefinedError):
        return None
    if difference.is_finite() and not difference.contains(0):
        return Judgement(Word.CONFIRMED, reason="the balls are disjoint", kind=KIND)
    return unchecked("perhaps equal", KIND)
