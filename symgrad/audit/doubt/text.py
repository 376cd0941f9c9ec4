"""What a whole text says for and against each refutation in it.

A refuted claim stays refuted where a slip explains it, or where its text confirms others in the same notation; and
nowhere in a text whose claims, as they are read, are wrong too often: its mathematics is another one, or it is not read
as its author means it. What does not stay is a note that says why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from symgrad.audit.doubt.edits import PART
from symgrad.audit.finding import Evidence, Finding, Word
from symgrad.audit.kinds import kind

FEWEST = 2
"""Wrong claims that make a text doubtful, where they are as many of the claims of their kind as OFTEN says."""
OFTEN, MOSTLY = 0.1, 0.5
"""The latter, where a slip explains a claim that is hardly found by chance."""
SUPPORT = (25, 7, 0, 0)
"""Confirmed claims in the same notation that let a number be refuted, by the strength of the slip that explains it."""
COMPOSED = 10
"""Those that are needed where a slip explains a claim that is put together."""
OF_SIGNS = (10, 5, 0, 0)
"""Confirmed claims of numbers that let one with a sign of its own be refuted."""
OF_LETTERS = (30, 30, 15, 15)
"""Confirmed claims with letters that let one with letters be refuted: its letters and names may be anything."""
OF_A_PART = 1
"""Those that are needed where the slip is that a part is left out, which the text may have elsewhere."""
ROWS, NEAR = 2, 3
"""Confirmed claims in just the same notation, within so many lines, that are enough where any slip explains it."""
SHORT = 250
"""Characters of a text that is too short to say anything about its claims."""
OTHER = "perhaps another arithmetic: most sums near it differ from the usual ones"
STRANGE = "perhaps not the usual mathematics: of the claims of this text {wrong} differ and {right} agree"
ALONE = "no slip of the pen explains it, and the text has no other claims in this notation that are right"
CHANCE = "perhaps not read as it is meant: the text has few other claims in this notation that are right"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|[A-Za-z]{2,}")
_SIGNS = frozenset(["cdot", "times", "left", "right", "quad"])
OPEN = frozenset(("unknown", "abs", "log", "∑", "∏", "…"))
"""What may be something else than it is read as."""
LIKELY = 2
LETTERS = 2
"""Claims with letters that must be right in a text before an identity with a sure slip is refuted."""
ALL = "all"
SIZES = frozenset(["decimals", "small", "large"])
"""Traits of what holds numbers and no calculation: nobody prints 2 = 1 by a slip, but where it follows from a lie."""


class Where(NamedTuple):
    """What is kept of the passage of a finding: its chapter, and what the author says of it."""

    chapter: int
    mark: str


Found = Sequence[tuple[Where, Finding]]


@dataclass
class Family:
    """The distinct claims of one kind in a text: those that agree, with their notation, and those that differ."""

    right: dict[str, frozenset[str]] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)
    rows: dict[tuple[int, int, str], frozenset[str]] = field(default_factory=dict)

    def add(self, finding: Finding, evidence: Evidence) -> None:
        """Count a claim; one with a likely slip is an error of its author, and says nothing about the text."""
        if not evidence.wrong:
            self.right.setdefault(finding.claim, evidence.traits)
            self.kinds.add(finding.kind)
            self.rows[finding.place.cell, finding.place.line, finding.claim] = evidence.traits
        elif evidence.strength < LIKELY:
            self.wrong.add(finding.claim)

    def is_strange(self, claim: str, likely: bool = False) -> bool:
        """Tell whether other claims than this one are wrong too often; likely: whether a slip explains this one."""
        wrong = len(self.wrong - {claim})
        return wrong >= FEWEST and wrong > (MOSTLY if likely else OFTEN) * len(self.right)

    def supports(self, finding: Finding, evidence: Evidence) -> bool:
        """Tell whether a claim may be refuted beside those that agree: they are of its kind, or in its notation."""
        if finding.kind != "numeric":
            return self._supports_other(finding, evidence)
        if not evidence.traits - SIZES:
            return False
        needed = evidence.traits - SIZES
        beside = [other for other in self.right.values() if other & needed or not needed]
        fewest = SUPPORT[evidence.strength] if evidence.strength or not evidence.slip else COMPOSED
        enough = len(beside) >= fewest and needed <= frozenset().union(*beside)
        if evidence.strength >= LIKELY and evidence.slip != PART:
            return True
        enough = enough and (evidence.slip != PART or len(beside) >= OF_A_PART)
        enough = enough or (evidence.linked and evidence.strength > 0)
        return evidence.sure or enough or (evidence.strength > 0 and self._rows_beside(finding, evidence) >= ROWS)

    def _supports_other(self, finding: Finding, evidence: Evidence) -> bool:
        """Tell whether a claim may be refuted that is no calculation with numbers alone."""
        of = kind(finding.kind)
        if of.named:
            return finding.kind != "gradient" or evidence.sure or finding.kind in self.kinds
        if of.with_a_slip and not evidence.strength:
            return False
        if evidence.sure and of.alone:
            return True
        if evidence.sure and of.plain and not evidence.traits & OPEN:
            return not of.free or len(self.right) >= LETTERS
        needed = OF_LETTERS if "letters" in evidence.traits else OF_SIGNS
        return len(self.right) >= needed[evidence.strength]

    def _rows_beside(self, finding: Finding, evidence: Evidence) -> int:
        """Return how many claims near one are right that are in just its notation."""
        place = finding.place
        return sum(
            cell == place.cell and abs(line - place.line) <= NEAR and traits == evidence.traits
            for (cell, line, _), traits in self.rows.items()
        )


def settled(found: Found, length: int = SHORT) -> list[tuple[Where, Finding]]:
    """Return findings, those refuted ones as notes for which the text says too little; length: of the text."""
    found = _without_other_sums(found)
    if length < SHORT:
        return list(found)
    families: dict[str, Family] = {ALL: Family()}
    for _, finding in found:
        if finding.evidence is not None:
            for name in (ALL, _family(finding.evidence)):
                families.setdefault(name, Family()).add(finding, finding.evidence)
    return [(where, finding if where.mark == "check" else _weighed(finding, families)) for where, finding in found]


def _family(evidence: Evidence) -> str:
    return "letters" if "letters" in evidence.traits else "numbers"


def _weighed(finding: Finding, families: dict[str, Family]) -> Finding:
    """Return a finding as the text lets it stand."""
    evidence = finding.evidence
    if evidence is None or not finding.word.flags or kind(finding.kind).always:
        return finding
    family = families[_family(evidence)]
    likely = evidence.strength >= LIKELY and not kind(finding.kind).with_a_slip
    strange = next((f for f in (family, families[ALL]) if f.is_strange(finding.claim, likely)), None)
    if strange is not None:
        reason = STRANGE.format(wrong=len(strange.wrong), right=len(strange.right))
    elif family.supports(finding, evidence):
        return finding
    else:
        reason = CHANCE if evidence.slip else ALONE
    return replace(finding, word=Word.NOTE, reason="; ".join(filter(None, (reason, finding.reason))))


def _without_other_sums(found: Found) -> Found:
    """Return findings, those of small sums as not checkable where the chapter's other small sums are wrong too."""
    sums = {n for n, (_, finding) in enumerate(found) if _is_small_sum(finding)}
    wrong = Counter(found[n][0].chapter for n in sums if found[n][1].word is Word.REFUTED)
    right = Counter(found[n][0].chapter for n in sums if found[n][1].word is Word.CONFIRMED)
    doubtful = {chapter for chapter, count in wrong.items() if count >= FEWEST and count >= right[chapter]}
    return [
        (where, replace(finding, word=Word.UNCHECKED, reason=OTHER, value=""))
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
