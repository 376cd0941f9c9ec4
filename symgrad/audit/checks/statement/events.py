"""Probabilities of events that follow from given ones: P(A) = 0.5, P(B) = 0.3, P(A ∩ B) = 0.1, so P(A ∪ B) = 0.7."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.chance.said.facts import FACT, FACT_DOUBT, WORDS
from symgrad.audit.chance.sets.event import MOST, Chance, Event, chance
from symgrad.audit.chance.sets.known import DISJOINT, INDEPENDENT, said, system_of
from symgrad.audit.checks.definition import STATED
from symgrad.audit.checks.number.link import with_letters
from symgrad.audit.checks.number.rounding import as_printed, judged, printed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.audit.parsed import parsed
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Chain, Node, Symbol, Unknown, rebuilt, walk
from symgrad.reading.value import UndefinedError, Value, evaluate

KIND = "events"
DRAWS, SEED = 3, 0
SLACK = arb("0.02")
"""Part of a probability that rounded inputs may make, with which a wrong one is only a note."""
_OTHERWISE = re.compile(
    r"\b(if|when|suppose|assume|were|would|instead|wenn|falls|si|given that|check|test|whether|compare)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?:]\s|\n\s*\n")


def events(case: Case) -> Judgement | None:
    """Judge an equation between probabilities of events with names; None for any other claim.

    It is right where it holds for all probabilities, or where what the text gives determines both sides.
    """
    if case.relation not in ("=", "≈") or case.passage.role in STATED:
        return None
    found = [n for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Unknown)]
    chances = [chance(n) for n in found]
    if not chances or None in chances:
        return None
    named = [c for c in chances if c is not None]
    letters = frozenset[str]().union(*(c.letters() for c in named))
    if len(letters) > MOST:
        return unchecked("many events", KIND)
    try:
        if all(_holds(case, letters, draw) for draw in range(DRAWS)):
            return Judgement(Word.CONFIRMED, reason="for all probabilities", kind=KIND)
        return _given(case, named, letters)
    except (NotUnderstoodError, UndefinedError, ZeroDivisionError) as error:
        return unchecked(f"not understood: {error}", KIND)


def _holds(case: Case, letters: frozenset[str], draw: int) -> bool:
    """Tell whether a claim holds where all outcomes have drawn probabilities."""
    source = random.Random(SEED + draw)
    names = sorted(letters)
    weights = [source.randint(1, 99) for _ in range(1 << len(names))]

    def weight(event: Event) -> fmpq:
        outcomes = event.outcomes(names)
        return fmpq(sum(w for k, w in enumerate(weights) if outcomes >> k & 1), sum(weights))

    def value(of: Chance) -> fmpq:
        if of.given is None:
            return weight(of.event)
        return weight(Event("and", (of.event, of.given))) / weight(of.given)

    left, right = _sides(case, value)
    return isinstance(left, fmpq) and isinstance(right, fmpq) and bool(left == right)


def _sides(case: Case, value: Callable[[Chance], Value]) -> list[Value]:
    """Return the values of both sides, by those of the probabilities in them."""
    found = []
    for side in case.nodes[-2:]:
        values: dict[str, Value] = {}
        found.append(evaluate(_valued(side, value, values), values))
    if any(isinstance(v, list) for v in found):
        raise NotUnderstoodError("a vector")
    return found


def _valued(node: Node, value: Callable[[Chance], Value], values: dict[str, Value]) -> Node:
    of = chance(node)
    if of is not None:
        name = f"value {len(values)}"
        values[name] = value(of)
        return Symbol(name)
    return rebuilt(node, lambda n: _valued(n, value, values))


def _given(case: Case, named: list[Chance], letters: frozenset[str]) -> Judgement:
    """Judge a claim by what the text gives."""
    passage = case.passage
    texts = [text for key, text in passage.known if key == FACT]
    words = " ".join(text for key, text in passage.known if key == WORDS)
    chains = [c for text in texts for c in _chains(text, case)] + _before(case)
    known = system_of(list(said(chains)), f"{words} {passage.sentence.words()}", letters)
    if known is None:
        return unchecked("many events", KIND)
    of = chance(case.left)
    if of in known.given:
        return unchecked("given, and perhaps given anew", KIND)
    values = [known.system.value(c) for c in named]
    if None in values:
        return unchecked("what is given does not determine it", KIND)
    by = dict(zip(named, values, strict=True))
    left, right = _sides(case, by.__getitem__)
    found = _compared(case, left, right)
    if found.word is not Word.CONFIRMED and of is not None and of.given is None and not of.event.parts:
        return unchecked("perhaps given anew", KIND)
    if found.word is Word.REFUTED and (doubt := _doubt(case, named, known.anew)):
        return Judgement(Word.UNCHECKED, reason=doubt, kind=KIND, excused=True)
    return found


def _chains(text: str, case: Case) -> tuple[Chain, ...]:
    parse = parsed(text, case.reading)
    return () if isinstance(parse, str) else parse[0]


def _before(case: Case) -> list[Chain]:
    """Return the chains before a claim in its formula."""
    return [c for c in _chains(case.passage.text, case) if c.relations][: case.number]


def _compared(case: Case, left: Value, right: Value) -> Judgement:
    told = "by what is given"
    p = printed(case.right)
    if p is not None:
        word, reason = judged(left, p, case.relation)
        off = abs(arb(left) - exact_ball(p.value))
        if word is Word.REFUTED and off < SLACK * abs(arb(left)):
            word, reason = Word.NOTE, "off by little"
        shown = as_printed(left, p) if word in (Word.NOTE, Word.REFUTED) else ""
        return Judgement(word, shown, ", ".join(filter(None, (reason, told))), KIND)
    difference = arb(left) - arb(right)
    if left == right if isinstance(left, fmpq) and isinstance(right, fmpq) else difference.contains(0):
        return Judgement(Word.CONFIRMED, reason=told, kind=KIND)
    if abs(difference) < SLACK * abs(arb(left)):
        return Judgement(Word.NOTE, reason="nearly", kind=KIND)
    inputs: dict[str, arb] = {}
    with_letters(case.right, inputs, 1)
    random_ = any(isinstance(n, Unknown) for n in walk(case.right))
    return Judgement(Word.REFUTED, "" if random_ else str(left), told, KIND)


def _doubt(case: Case, named: list[Chance], anew: bool) -> str:
    """Return why a wrong claim may be of something else, or nothing."""
    passage = case.passage
    if any(c.is_doubtful() for c in named):
        return "A' may be another event"
    if anew:
        return "the text gives other probabilities too"
    if other := next((text for key, text in passage.known if key == FACT_DOUBT), ""):
        return f"perhaps of other events: “{other.lower()}”"
    before = _SENTENCE.split(passage.before)[-1]
    said_of = INDEPENDENT.search(before) or DISJOINT.search(before) or _OTHERWISE.search(before)
    return f"perhaps under a condition: “{said_of[0].lower()}”" if said_of else ""
