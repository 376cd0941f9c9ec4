"""A number in an interval: 0 ∈ [9.31, 12.87]."""

from __future__ import annotations

import re

from symgrad.audit.case import Case
from symgrad.audit.checks.number.link import number
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Symbol, Tuple
from symgrad.reading.value import UndefinedError, ball

KIND = "interval"
_INTERVAL = re.compile(r"(?:\\in(?![a-z])|∈)\s*(?:\\left)?\s*([\[(\]])[^\[\]{}]*?(?:\\right)?\s*([\])\[])\s*\Z")


def member(case: Case) -> Judgement | None:
    """Judge a ∈ [b, c] for numbers; None for any other claim.

    It is refuted for a number outside of the ends: then it is in no set of two numbers either.
    """
    if case.relation != "∈" or not isinstance(case.right, Tuple) or len(case.right.items) != 2 or not case.closed:
        return None
    brackets = _INTERVAL.search(case.passage.text)
    if brackets is None:
        return None
    try:
        x, low, high = (ball(number(n)) for n in (case.left, *case.right.items))
    except (UndefinedError, NotUnderstoodError):
        return None
    if not low < high:
        return None
    if (x < low or x > high) and case.left == Symbol("pi"):
        return unchecked("π may be a letter", KIND)
    if x < low or x > high:
        return Judgement(Word.REFUTED, reason="it is outside", kind=KIND)
    at_low, at_high = bool(low <= x) and not low < x, bool(x <= high) and not x < high
    if (at_low and brackets[1] != "[") or (at_high and brackets[2] != "]"):
        return unchecked("an end of the interval, which may be open", KIND)
    if low <= x and x <= high:
        return Judgement(Word.CONFIRMED, reason="it is inside", kind=KIND)
    return unchecked("the balls overlap", KIND)
