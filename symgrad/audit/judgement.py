"""A judgement: what a check says of one relation, before it has a place in a document."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.audit.finding import Word


@dataclass(frozen=True)
class Judgement:
    """A verdict on one relation.

    value: what is right, as the author would print it. reason: why. kind: what kind of claim it is. reading: how the
    claim was read, where there are several ways.
    """

    word: Word
    value: str = ""
    reason: str = ""
    kind: str = ""
    reading: str = ""


def unchecked(reason: str, kind: str = "") -> Judgement:
    """Return the judgement of what is not checked, and why.

    >>> str(unchecked("a question").word)
    'not checkable'
    """
    return Judgement(Word.UNCHECKED, reason=reason, kind=kind)
