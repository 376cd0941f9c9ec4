"""The sentence in which a formula stands: what the words around it make of each formula in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

_ROLE = re.compile(
    r"(?:^|[\s(,;])(?:(but|except) )?"
    r"(for(?: all| any| every| each)?(?: reals?| real numbers?)?|over|on|with|as|at|if|when|whenever|where|in which|"
    r"provided(?: that)?|"
    r"as long as|holds (?:exactly )?for|equal to it for|assume|assuming|suppose|let|given)\s*$",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\s*(?:,|,?\s*and)?\s*")
KIND = {"for all": "for", "for any": "for", "for every": "for", "for each": "for", "provided that": "if"}
_OF_REALS = re.compile(r" real(?:s| numbers?)?$")
KIND |= {"provided": "if", "as long as": "if", "when": "if", "whenever": "if", "in which": "if", "on": "over"}
KIND |= {"assume": "if", "assuming": "if", "suppose": "if", "given": "if", "holds for": "holds exactly for"}
BEGINS = frozenset(("for", "over", "with", "as"))
_ALONE = re.compile(r"\W*\w+(?: all| any| every| each)?(?: reals?| real numbers?)?\s*", re.IGNORECASE)
_OF_LETTER = re.compile(
    r"\s*\|?\s*(?:\\[a-zA-Z]+|[A-Za-zα-ωΑ-Ω])\s*(?:_\{?\w+\}?)?\s*\|?\s*"
    r"(?:$|,|[=<>≤≥∈≠→:]|\\(?:leq?|geq?|in|neq?|to|rightarrow|approx|lt|gt)(?![A-Za-z]))"
)
"""What a letter is, or is bounded by."""
_LETTER = re.compile(r"\s*(?:\\[a-zA-Z]+|[A-Za-z])\s*")
"""A letter alone, behind which no list of conditions goes on: "for real x, sin(-x) = -sin x"."""
LIMITS = frozenset(("for", "over", "with", "as", "if", "where"))
"""Roles of formulas that say where a claim holds."""


@dataclass(frozen=True)
class Part:
    """A formula of a sentence; ``words``: between it and the one before; ``display``: in lines of its own."""

    words: str
    text: str
    display: bool = False


@dataclass(frozen=True)
class Sentence:
    """Formulas with the words between them, and the words behind the last.

    >>> parts = Part("Over ", "x > 0"), Part(",", "max f = 2", True), Part("at ", "x = 1")
    >>> Sentence(parts, "and nowhere else").roles
    ('over', '', 'at')
    """

    parts: tuple[Part, ...] = ()
    end: str = ""

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """What each formula is, by the word before it: "over", "for", "with", "as", "at", ...; or nothing."""
        found: list[str] = []
        for i, part in enumerate(self.parts):
            role = _ROLE.search(part.words)
            if role:
                word = _OF_REALS.sub("", " ".join(role[2].lower().split()))
                found.append("but for" if role[1] else KIND.get(word, word))
            elif i and not part.display and _JOINS.fullmatch(part.words):
                begins = found[-1] in BEGINS and _LETTER.fullmatch(self.parts[i - 1].text) and "," in part.words
                found.append("" if begins and not _OF_LETTER.match(part.text) else found[-1])
            else:
                found.append("")
        if self._is_one_statement(found):
            found[1:] = [r if _OF_LETTER.match(p.text) else "" for p, r in zip(self.parts[1:], found[1:], strict=True)]
        return tuple(found)

    def _is_one_statement(self, roles: list[str]) -> bool:
        """Tell whether the sentence is a condition and what holds under it: "For x > 0, ln x ≤ x - 1."."""
        first = self.parts[0] if self.parts else Part("", "")
        alone = len(set(roles)) == 1 and roles[0] in BEGINS and _ALONE.fullmatch(first.words) is not None
        return alone and not any(p.display for p in self.parts) and not self.end.strip(" .,;")

    def said(self, *roles: str) -> Iterator[str]:
        """Yield the formulas that have one of some roles."""
        yield from (part.text for part, role in zip(self.parts, self.roles, strict=True) if role in roles)

    def words(self) -> str:
        """Return all words, with a sign for each formula.

        >>> Sentence((Part("for ", "x > 0"),), " and nowhere else").words()
        'for ◇ and nowhere else'
        """
        return " ".join(" ".join(f"{part.words} ◇ " for part in self.parts).split() + self.end.split())
