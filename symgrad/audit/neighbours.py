"""A chapter whose small sums are mostly wrong is about another arithmetic: of residues, of bits, of a game."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from symgrad.audit.finding import Finding, Word

FEWEST = 2
"""Wrong sums that make a chapter doubtful, where they are at least half of all."""
REASON = "perhaps another arithmetic: most sums near it differ from the usual ones"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]{2,}")
_SIGNS = frozenset(["cdot", "times", "left", "right", "quad"])


class Where(NamedTuple):
    """What is kept of the passage of a finding: its chapter, and what the author says of it."""

    chapter: int
    mark: str


def settled(found: Sequence[tuple[Where, Finding]]) -> list[tuple[Where, Finding]]:
    """Return findings, those of small sums as not checkable where the chapter's other small sums are wrong too."""
    sums = {n for n, (_, finding) in enumerate(found) if _is_small_sum(finding)}
    wrong = Counter(found[n][0].chapter for n in sums if found[n][1].word is Word.REFUTED)
    right = Counter(found[n][0].chapter for n in sums if found[n][1].word is Word.CONFIRMED)
    doubtful = {chapter for chapter, count in wrong.items() if count >= FEWEST and count >= right[chapter]}
    return [
        (where, replace(finding, word=Word.UNCHECKED, reason=REASON, value=""))
        if n in sums and where.chapter in doubtful and finding.word is Word.REFUTED and where.mark != "check"
        else (where, finding)
        for n, (where, finding) in enumerate(found)
    ]


def _is_small_sum(finding: Finding) -> bool:
    """Tell whether a claim is about integers below 100, and no other numbers, words or letters.

    >>> from symgrad.audit.finding import Place
    >>> place = Place("a.md", 1)
    >>> [_is_small_sum(Finding(Word.REFUTED, place, text, kind="numeric")) for text in ("1 + 1 = 0", "0.5 + 1 = 2")]
    [True, False]
    """
    if finding.kind != "numeric" or finding.word not in (Word.REFUTED, Word.CONFIRMED):
        return False
    return all(word in _SIGNS or (word.isdecimal() and len(word) < 3) for word in _NUMBER.findall(finding.claim))
