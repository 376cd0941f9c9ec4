"""What follows from a density beside its moments: its constant, its median, its distribution function by cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from flint import arb, fmpq

from symgrad.audit.bycases.function import Part
from symgrad.audit.bycases.read import by_cases
from symgrad.audit.case import Case
from symgrad.audit.chance.compared import compared
from symgrad.audit.chance.given import BY_FORMULA, ByFormula, by_formula
from symgrad.audit.chance.laws.law import Law
from symgrad.audit.chance.said.stated import Stated
from symgrad.audit.chance.setting import Setting
from symgrad.audit.chance.values import median
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Symbol, Unknown, symbols
from symgrad.reading.value import UndefinedError, Value, evaluate

KIND = "law"
NEAR = 80
CASES = Unknown("\\cases", ())
_FOLLOWS = re.compile(
    r"\b(?:then|so|thus|hence|therefore|gives?|yields?|get|obtain|must be|forces|implies|constant is|also|folgt|daraus|"
    r"donc|d'où|luego|por tanto|logo|portanto)\b[^.?!]{0,40}\Z",
    re.IGNORECASE,
)
_MEDIAN = re.compile(
    r"\b(?:median|médiane|mediana)(?:\s|[,:]|\b(?:is|ist|est|es|é|equals|value|therefore|thus|then|here|also|at|vaut|liegt|bei)\b)*"
    r"\$?\Z",
    re.IGNORECASE,
)
Laws = Mapping[str, list[Stated]]


def constant(case: Case, laws: Laws) -> Judgement | None:
    """Judge what is said of the constant of a density, or of its median; None for any other claim."""
    if not isinstance(case.left, Symbol) or symbols(case.right) or case.relation not in ("=", "≈"):
        return None
    before = case.passage.before[-NEAR:]
    stated = {s[-1] for s in laws.values()}
    for said in sorted(s for s in stated if s.name in BY_FORMULA):
        for way in by_formula(said):
            if not isinstance(way, ByFormula):
                continue
            value = way.named().get(case.left.name)
            follows = _FOLLOWS.search(before) is not None
            if value is None and len(stated) == 1 and _MEDIAN.search(before):
                value, follows = _value(way), True
            if value is None:
                continue
            found = _compared(case, case.left.name, value)
            told = f"where {said}"
            if found.word.flags and not follows:
                return unchecked(f"perhaps another {case.left.name}", KIND)
            return replace(found, reason="; ".join(filter(None, (found.reason, told))), kind=KIND)
    return None


def _value(way: ByFormula) -> Value | None:
    try:
        return median(way.law(way.named()))
    except (NotUnderstoodError, UndefinedError):
        return None


def _compared(case: Case, name: str, value: Value) -> Judgement:
    try:
        return compared(case, [Setting({}, {name: value}, case.reading)])
    except (NotUnderstoodError, UndefinedError, ValueError) as error:
        return unchecked(f"not understood: {error}")


def in_cases(case: Case, laws: Laws) -> Judgement | None:
    """Judge a distribution function, or a density, that is printed by cases; None for any other claim."""
    if not isinstance(case.left, Unknown) or case.right != CASES or case.left.primes:
        return None
    base, _, letter = case.left.name.partition("_")
    random = [letter] if letter in laws else sorted(laws)
    claimed = by_cases(case.passage.text, case.reading)
    if base not in ("F", "f") or len(random) != 1 or claimed is None or laws[random[0]][-1].name not in BY_FORMULA:
        return None
    said = laws[random[0]][-1]
    for way in by_formula(said):
        if not isinstance(way, ByFormula) or (not letter and claimed.letter != way.function.letter):
            return None  # of another variable, perhaps
        try:
            wrong = _differs(way.law(way.named()), claimed.parts(), claimed.letter, base)
        except (NotUnderstoodError, UndefinedError, ValueError) as error:
            return unchecked(f"not understood: {error}", KIND)
        if wrong is None:
            return Judgement(Word.CONFIRMED, reason=f"case by case, where {said}", kind=KIND)
        return Judgement(Word.REFUTED, reason=f"{wrong}, where {said}", kind=KIND)
    return None


def _differs(law: Law, parts: tuple[Part, ...], x: str, base: str) -> str | None:
    """Return where a function by cases is not that of a law; None where it is at all places."""
    for part in parts:
        for place in _places(part):
            right = law.between(None, place) if base == "F" else law.at(place)
            shown = evaluate(part.value, {x: place})
            if not arb(right - shown).contains(0):
                return f"at {x} = {arb(place).str(6, radius=False)} it is {arb(right).str(6, radius=False)}"
    return None


def _places(part: Part) -> tuple[Value, ...]:
    low, high = part.inside.low, part.inside.high
    if low is not None and high is not None:
        return tuple(low + (high - low) * fmpq(n, 7) for n in (1, 3, 5)) if low < high else ()
    if low is None and high is None:
        return (fmpq(-2), fmpq(1, 3), fmpq(2))
    return tuple(low + fmpq(n, 2) if high is None else high - fmpq(n, 2) for n in (1, 3, 5))
