"""What the words around a formula say: that it is wrong, that it is a question or a condition."""

from __future__ import annotations

import re

from symgrad.audit.finding import Passage

NEAR = 160
"""Characters before a formula that are read."""
_WRONG = re.compile(
    r"\b(false|wrong|incorrect|incorrectly|mistake|mistaken|erroneous|fallacy|contradiction|absurd|impossible|"
    r"not true|not equal|which of|true or false|spot the error|find the error|naive|naively)\b",
    re.IGNORECASE,
)
_CALLED_WRONG = re.compile(
    r"[^.!?\n$]{0,40}?\b(false|wrong|incorrect|erroneous|not true|a (?:mistake|fallacy)|absurd|impossible)\b",
    re.IGNORECASE,
)
_CALLED_WRONG_IN_ITS_ROW = re.compile(r"[^\n]*\|[^\n|]*\b(printed wrongly)\b")
"""A cell of the same row of a table says so."""
_HEDGE = re.compile(
    r"\b(if|when|whenever|suppose|assume|assuming|let|solve|find|where|such that|condition|require|requires|unless|"
    r"equation|setting|set|choose|for which|provided|(?:exercise|problem|question) \d+)\b",
    re.IGNORECASE,
)


def told_wrong(passage: Passage) -> str:
    """Return why a passage is no claim of its author, or nothing."""
    after = _CALLED_WRONG.match(passage.after) or _CALLED_WRONG_IN_ITS_ROW.match(passage.after)
    found = _WRONG.search(_sentence(passage.before)) or after
    return f"the text says “{found[1].lower()}”" if found else ""


def hedged(passage: Passage) -> str:
    """Return why a passage may be a condition or a question, or nothing."""
    found = _HEDGE.search(_sentence(passage.before))
    return f"a condition or a question: “{found[0].lower()}”" if found else ""


def _sentence(before: str) -> str:
    """Return the end of the last sentence before a formula."""
    return re.split(r"[.!?]\s|\n\s*\n", before[-NEAR:])[-1]
