"""Whether a sentence claims an inequality for all its letters: "For all real x, ...", "... for x > 0"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import WHOLE
from symgrad.audit.domain import as_bounds
from symgrad.audit.parsed import chains_of
from symgrad.reading.tree import Symbol, symbols

_ALL = re.compile(r"\bfor (?:all|any|every|each)(?: reals?| real numbers?| real values? of)?\s*\Z", re.IGNORECASE)
_FOR = re.compile(r"(?:\A|\b)\W*for\s*\Z", re.IGNORECASE)
_JOINS = re.compile(r"\s*(?:,|,?\s*and)?\s*(?:(?:we have|it holds|then|one has)(?: that)?[,:]?\s*)?", re.IGNORECASE)
_NOT_SAID = re.compile(
    r"\b(?:if|when\w*|unless|want\w*|need\w*|must|should|ensure\w*|guarantee\w*|such|so that|until|provided|"
    r"requir\w*|assum\w*|suppos\w*|given|let|condition\w*|stable|converge\w*|find|solve|which|where|not|no|some|"
    r"constrain\w*|impl\w+|bounded)\b",
    re.IGNORECASE,
)
"""Words of a sentence in which an inequality may be a condition, or not be claimed."""
_REALS = re.compile(r"\\(?:mathbb|mathbf|mathrm|bf|Bbb)\s*\{?\s*R\s*\}?\s*\Z|\\(?:R|RR|reals|Reals)\s*\Z|ℝ\s*\Z")


def is_for_all(case: Case) -> bool:
    """Tell whether the sentence of a claim says of each of its letters what it may be: any number, or bounded by such.

    It does where "for all" stands right before the letter, or where the sentence is "For x > 0," and the claim.
    """
    sentence, at = case.passage.sentence, case.passage.at
    letters = symbols(case.left) | symbols(case.right)
    if not letters or not sentence.parts or any(x.partition("_")[0] in WHOLE or x in ("i", "j") for x in letters):
        return False
    if len(chains_of(case.passage.text)) != 1 or len(case.nodes) != 2 or case.passage.role:
        return False
    if _NOT_SAID.search(sentence.words()):
        return False
    return letters <= frozenset(_quantified(case, at))


def _quantified(case: Case, at: int) -> Iterator[str]:
    """Yield the letters of which the sentence says right before or behind a claim what they may be."""
    parts, end = case.passage.sentence.parts, case.passage.sentence.end
    behind = at + 1 < len(parts) and (_ALL.search(parts[at + 1].words) or _FOR.search(parts[at + 1].words))
    if behind and parts[at + 1].words.strip().lower().startswith("for"):
        last = at + 1
        while last + 1 < len(parts) and _JOINS.fullmatch(parts[last + 1].words) and _letters(parts[last + 1].text):
            last += 1
        if last + 1 == len(parts) and not end.strip(" .,;"):
            for n in range(at + 1, last + 1):
                yield from _letters(parts[n].text, bool(_ALL.search(parts[n].words)))
    first = parts[0].words.strip()
    every = bool(_ALL.search(parts[0].words)) and _ALL.fullmatch(first) is not None
    begins = every or re.fullmatch(r"\W*(?:for|over)", first, re.IGNORECASE)
    if at and begins and all(_JOINS.fullmatch(p.words) for p in parts[1 : at + 1]):
        for n in range(at):
            yield from _letters(parts[n].text, every)


def _letters(text: str, every: bool = False) -> Iterator[str]:
    """Yield the letters that a formula bounds by numbers, or of which it says that they are real."""
    for chain in chains_of(as_bounds(text)):
        nodes = [side.node for side in chain.sides]
        named = [n.name for n in nodes if isinstance(n, Symbol) and n != Symbol("∞")]
        if not chain.relations and len(nodes) == 1 and every:
            yield from named
        elif chain.relations == ("∈",) and _REALS.search(text):
            yield from named[:1]
        elif chain.relations and set(chain.relations) <= set("<≤>≥"):
            closed = all(n is not None and (isinstance(n, Symbol) or not symbols(n)) for n in nodes)
            yield from named if closed and len(named) == 1 else ()
