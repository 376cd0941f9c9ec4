"""A claim that answers something, with what it answers: the equations before it, and what is given beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.defined import remembered
from symgrad.audit.checks.solved.prior import prior
from symgrad.audit.checks.solved.statement import (
    Statement,
    base_of,
    is_bare,
    is_given,
    is_value,
    place_of,
    read,
    statements,
)
from symgrad.audit.checks.solved.words import Joint, begins, excuse, leads
from symgrad.audit.definitions import Definitions
from symgrad.audit.finding import Passage
from symgrad.reading.tree import Unknown

ELSEWHERE = "the sentence before"
"""Why nothing is refuted that perhaps answers another equation."""
EARLIER = 160
"""Characters before a sentence that are read for what excuses an answer."""


@dataclass(frozen=True)
class Linked:
    """An answer and what it answers.

    statements: those of the sentence; place: which of them the claim is; first, last: of the answers beside each other;
    equations: those right before them, or behind, the nearest last; joint: what says that they belong together.
    doubt: a word of the sentence for which nothing is refuted. functions: those that the text defines above.
    """

    statements: tuple[Statement, ...]
    place: int
    first: int
    last: int
    equations: tuple[Statement, ...]
    joint: Joint
    doubt: str = ""
    given: tuple[Statement, ...] = field(default=())
    functions: Definitions = field(default_factory=dict)

    @property
    def answers(self) -> tuple[Statement, ...]:
        """Return the answers."""
        return self.statements[self.first : self.last + 1]

    @property
    def own(self) -> Statement:
        """Return the claim itself."""
        return self.statements[self.place]


def linked(case: Case) -> Linked | None:
    """Return what the claim of a case answers; None where nothing says that it answers anything."""
    link = _linked(case)
    is_called = link is not None and any(isinstance(n, Unknown) for n in link.equations[-1].nodes)
    if link is None or not is_called or len(link.equations[-1].nodes) != 2:
        return link
    above = case.passage.definitions[-1:]  # the last alone: a name may be defined anew
    single, _ = remembered(tuple(text for _, text in above), case.reading)
    functions = {name: ((letter,), body) for name, (letter, body) in single.items()}
    return replace(link, functions=functions, doubt=link.doubt or "a function of another sentence")


def _linked(case: Case) -> Linked | None:
    passage = case.passage
    if passage.kind != "math" or passage.composed:
        return None
    found = statements(passage, case.reading)
    place = place_of(case, found)
    if place is None:
        return None
    doubt = doubt_of(passage)
    if link := around(found, place, doubt):
        return link
    if found[0].part > 0 or found[0].before.kind not in ("has", "then") or (above := prior(passage)) is None:
        return None
    equations = read((above.formula,), ("",), case.reading)
    if len(equations) != 1:
        return None
    certain = above.is_to_solve and found[0].before.kind == "has"
    return around((*equations, *found), place + 1, doubt or ("" if certain else ELSEWHERE))


def doubt_of(passage: Passage) -> str:
    """Return a word near a passage for which an answer need not be one, or nothing."""
    before = passage.before[-EARLIER:] if not passage.sentence.parts else ""
    return excuse(passage.sentence.words()) or excuse(passage.text) or excuse(before)


def around(found: tuple[Statement, ...], place: int, doubt: str) -> Linked | None:
    """Return the answers beside a claim, with the equations before them, or behind."""
    base = base_of(found[place])
    if not base and not is_bare(found[place]):
        return None
    first = last = place
    while first and _goes_on(found, first, base):
        first -= 1
    while last + 1 < len(found) and _goes_on(found, last + 1, base):
        last += 1
    start, given = _start(found, first)
    begin = start - len(given)
    how = found[start].before
    if begin and how.kind == "has" and is_value(found[begin - 1]):
        return None  # answers, which are said again
    if begin and how.kind in ("then", "row", "has", "at") and not given:
        return Linked(found, place, first, last, _before(found, start), how, doubt)
    if begin and how.kind in ("are", "has", "then") and (how.kind != "are" or leads(found[begin - 1].words)):
        how = how if how.kind != "are" else Joint("has", how.whole)
        return Linked(found, place, first, last, _before(found, begin), how, doubt, given)
    if begin and how.kind in ("so to say", "or") and not given and begins(found[begin - 1].words):
        how = Joint("then", signs=how.signs)
        return Linked(found, place, first, last, found[begin - 1 : begin], how, doubt or "perhaps")
    behind = found[last + 1 : last + 2]
    if behind and behind[0].before.kind == "of" and behind[0].is_equation:
        return Linked(found, place, first, last, behind, behind[0].before, doubt)
    return None


def _start(found: Sequence[Statement], first: int) -> tuple[int, tuple[Statement, ...]]:
    """Return where the answers begin, those of other letters too, and what is given right before them: y(0) = 1."""
    while first > 1 and found[first].before.kind in ("or", "row") and is_value(found[first - 1]):
        first -= 1
    begin = first
    while begin > 1 and is_given(found[begin - 1]):
        begin -= 1
    return first, tuple(found[begin:first])


def _before(found: Sequence[Statement], first: int) -> tuple[Statement, ...]:
    """Return the statements before an answer that belong together, from the first to the nearest."""
    begin = first - 1
    while begin and found[begin].before.kind in ("row", "then", "or") and found[begin - 1].is_equation:
        begin -= 1
    return tuple(found[begin:first])


def _goes_on(found: Sequence[Statement], n: int, base: str) -> bool:
    """Tell whether a statement and the one before it are answers of one list."""
    joined = found[n].before.kind in ("or", "row")
    return joined and all(base_of(s) == base or is_bare(s) for s in found[n - 1 : n + 1])
