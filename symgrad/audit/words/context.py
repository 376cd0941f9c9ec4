"""What the words around a formula say: that it is wrong, a question, a condition, or about another mathematics."""

from __future__ import annotations

import re

from symgrad.audit.finding import Passage

NEAR = 160
"""Characters before a formula that are read."""
SMALL = 100
"""Calculations with integers below it may be meant in residues, bits or sets."""
_WRONG = re.compile(
    r"\b(false|wrong|incorrect|incorrectly|mistake|mistaken|erroneous|fallacy|contradiction|absurd|impossible|"
    r"not true|not equal|which of|true or false|true ?/ ?false|spot the error|find the error|naive|naively|paradox|"
    r"(?:student|pupil|somebody|someone|he|she|they) (?:wrote|writes?|answers?|answered|claims?|claimed))\b",
    re.IGNORECASE,
)
_WRONG_ABOVE = re.compile(
    r"\b(bogus|fallac\w+|true or false|true ?/ ?false|spot the error|find the (?:error|mistake)|multiple choice|"
    r"which (?:one )?of the following)\b",
    re.IGNORECASE,
)
"""Said above, of all that follows in the paragraph or in a list."""
_IRREAL = re.compile(r"\b(what if)\b|\bif\b.*\b(were|would)\b", re.IGNORECASE | re.DOTALL)
_OPTION = re.compile(r"(?:^|\n)[ \t>]*(?:\\choice|\\CorrectChoice|[-*+] \[[ xX]?\]|\(?[a-eA-E][.)])[ \t]*\\?[$(\[`]*$")
"""A label of one of several answers, with nothing between it and the formula."""
_CALLED_WRONG = re.compile(
    r"[^.!?\n$]{0,40}?\b(false|wrong|incorrect|erroneous|not true|a (?:mistake|fallacy)|absurd|impossible|"
    r"fails|failed|is violated)\b",
    re.IGNORECASE,
)
_IN_CHINESE = re.compile(r"[^。！？\n$]{0,20}?(错误|不成立|不正确|有误)")
_CALLED_WRONG_IN_ITS_ROW = re.compile(
    r"[^\n]*\|[^\n|]*\b(printed wrongly|violat(?:ed|ion|es)|fails|not (?:satisfied|met))\b", re.IGNORECASE
)
"""A cell of the same row of a table says so."""
_HEDGE = re.compile(
    r"\b(if|when|whenever|suppose|assume|assuming|let|solve|find|where|such that|condition|require|requires|unless|"
    r"equation|setting|set|choose|for which|provided|(?:exercise|problem|question) \d+)\b",
    re.IGNORECASE,
)
OTHER = re.compile(
    r"\b(modulo|[pq\d]-adic|ideals?|Legendre|Jacobi symbol|Boolean|tropical|semiring|hexadecimal|octal|residues?|"
    r"congruen\w+|continued fractions?|integer division|floor division|left to right|clock arithmetic|cosets?|"
    r"quotient ring|nimbers?|surreal|in base \d+)\b|(\\p?mod\b|\\bmod\b|\\mathbb\s*\{?[ZF]\}?\s*(?:/|_))"
)
"""Words of mathematics in which 1 + 1 need not be 2."""
_PERHAPS_OTHER = re.compile(r"\b(binary|bits?|XOR|(?:sub)?groups?|rings?|fields?|mod|logic\w*|sets?)\b", re.IGNORECASE)
_INTEGERS = re.compile(r"[^.\d]*(?:\d{1,2}(?![\d.]*\d)[^.\d]*)+")


def told_wrong(passage: Passage) -> str:
    """Return why a passage is no claim of its author, or nothing."""
    after = (
        _CALLED_WRONG.match(passage.after)
        or _IN_CHINESE.match(passage.after)
        or _CALLED_WRONG_IN_ITS_ROW.match(passage.after)
    )
    sentence = _sentence(passage.before)
    found = _WRONG.search(sentence) or _IRREAL.search(sentence) or _WRONG_ABOVE.search(passage.before) or after
    if found:
        return f"the text says “{next(filter(None, found.groups())).lower()}”"
    return "perhaps one of several answers" if _OPTION.search(passage.before[-NEAR:]) else ""


def hedged(passage: Passage) -> str:
    """Return why a passage may be a condition or a question, or nothing."""
    found = _HEDGE.search(re.split(r"\bthen\b", _sentence(passage.before))[-1])
    return f"a condition or a question: “{found[0].lower()}”" if found else ""


def other_mathematics(passage: Passage) -> str:
    """Return why a passage may be about residues, bits or the like, or nothing.

    >>> from symgrad.audit.finding import Place
    >>> other_mathematics(Passage("1 + 1 = 10", Place("notes.md", 1), before="In binary, "))
    'the text speaks of “binary”'
    """
    subject = dict(passage.known).get("subject", "")
    found = OTHER.search(passage.before) or OTHER.search(passage.after[:SMALL]) or OTHER.search(passage.text)
    integers = bool(_INTEGERS.fullmatch(passage.text))
    if found is None and integers:
        found = _PERHAPS_OTHER.search(passage.before[-NEAR:])
    said = (found[1] or found[0]) if found else subject if integers else ""
    return f"the text speaks of “{said}”" if said else ""


def _sentence(before: str) -> str:
    """Return the end of the last sentence before a formula."""
    return re.split(r"[.!?]\s|\n\s*\n", before[-NEAR:])[-1]
