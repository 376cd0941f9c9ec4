"""A finding: what is to be said of a formula that a text prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from symgrad.audit.words.sentence import Sentence
from symgrad.reading.tree import Node


class Word(Enum):
    """The verdict on a printed formula, from the best to the worst.

    CONFIRMED exact, or rounded correctly. NOTE truncated, off in the last digit, or holds on a part of the domain.
    DEFINITION says what a letter means, CONDITION where a claim holds: neither is a claim. UNCHECKED not checkable,
    with the reason. IMPOSSIBLE beyond what the quantity can be. REFUTED wrong.
    """

    CONFIRMED = "confirmed"
    NOTE = "note"
    DEFINITION = "definition"
    CONDITION = "condition"
    UNCHECKED = "not checkable"
    IMPOSSIBLE = "impossible"
    REFUTED = "refuted"

    def __str__(self) -> str:
        return self.value

    @property
    def flags(self) -> bool:
        """Whether an author must be told."""
        return self in (Word.REFUTED, Word.IMPOSSIBLE)

    @property
    def claims(self) -> bool:
        """Whether what is printed claims something; a definition and a condition do not."""
        return self not in (Word.DEFINITION, Word.CONDITION)


@dataclass(frozen=True, order=True)
class Place:
    """Where a formula begins: file, and line and column from 1; of a notebook the cell too."""

    file: str
    line: int
    column: int = 1
    cell: int = 0

    def __str__(self) -> str:
        cell = f"cell {self.cell}:" if self.cell else ""
        return f"{self.file}:{cell}{self.line}"


@dataclass(frozen=True)
class Passage:
    """A formula as it stands in a document: LaTeX or plain text, and the words before it.

    kind: math (LaTeX), text (a line of plain text), function (what a function of a listing claims by its name).
    before, after: the words around it, in which "suppose" or "is false" may stand. mark: what the author says of it:
    "check", "skip", or nothing. known: what is known beside it, as ("assume", "x > 0") and ("model", "rnn").
    sentence, at: the formulas of its sentence, and which of them it is. chapter: counts headings.
    defined: the letters that formulas up to here say the meaning of, as S in S = Σ_k e^{z_k}.
    definitions: the lines and texts of formulas above that may define a function or a letter.
    given: the lines and texts of formulas above that may say what a letter is, a = 3.
    composed: whether the text is put together, of the cells of a table or with numbers for letters.
    """

    text: str
    place: Place
    kind: str = "math"
    before: str = ""
    mark: str = ""
    known: tuple[tuple[str, str], ...] = field(default=())
    after: str = ""
    sentence: Sentence = field(default=Sentence())
    at: int = 0
    chapter: int = 0
    defined: frozenset[str] = frozenset()
    definitions: tuple[tuple[int, str], ...] = ()
    composed: bool = False
    given: tuple[tuple[int, str], ...] = ()

    @property
    def role(self) -> str:
        """What the formula is in its sentence, by the word before it: "for", "over", "at", ...; or nothing."""
        return self.sentence.roles[self.at] if self.sentence.parts else ""


SURE = 3
"""The strength of a slip that is found by no chance."""


@dataclass(frozen=True)
class Evidence:
    """What a claim says about its text, beside its verdict: in which notation it is, and how it is wrong.

    wrong: as it is read it is wrong, whatever excuses it. traits: operators, functions, kinds of numbers in it.
    slip: the small edit that makes it right; strength: from 0, none, to 3, by no chance. linked: its left side is a
    calculation that the chain before it confirms, so that this side at least is read as it is meant.
    """

    wrong: bool = False
    traits: frozenset[str] = frozenset()
    slip: str = ""
    strength: int = 0
    linked: bool = False

    @property
    def sure(self) -> bool:
        """Whether a slip explains the claim that is none by chance."""
        return self.strength >= SURE


@dataclass(frozen=True)
class Finding:
    """A verdict on one claim of a passage.

    claim: as it is printed. value: what is right, as the author would print it. reading: how the claim was read,
    where there are several ways. reason: why. evidence: what it says about its text.
    """

    word: Word
    place: Place
    claim: str
    value: str = ""
    reading: str = ""
    reason: str = ""
    kind: str = ""
    evidence: Evidence | None = field(default=None, compare=False)

    def __str__(self) -> str:
        value = f"  {self.value}" if self.value else ""
        reason = f"  ({self.reason})" if self.reason else ""
        return f"{self.place}: {self.word}  {self.claim}{value}{reason}"


@dataclass(frozen=True)
class Judgement:
    """A verdict on one relation.

    value: what is right, as the author would print it. reason: why. kind: what kind of claim it is. reading: how the
    claim was read, where there are several ways. excused: it would be wrong, but for the words around it.
    evidence: what it says about its text. sides: what was compared, where it was put together.
    """

    word: Word
    value: str = ""
    reason: str = ""
    kind: str = ""
    reading: str = ""
    excused: bool = False
    evidence: Evidence | None = None
    sides: tuple[Node, Node] | None = None


def unchecked(reason: str, kind: str = "") -> Judgement:
    """Return the judgement of what is not checked, and why.

    >>> str(unchecked("a question").word)
    'not checkable'
    """
    return Judgement(Word.UNCHECKED, reason=reason, kind=kind)
