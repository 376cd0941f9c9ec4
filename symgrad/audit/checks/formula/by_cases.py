r"""Claims from a function that the text gives by cases: f(0) = 0, f'(2) = 2, lim_{x → 1^-} f(x), ∫_0^2 f(x) dx."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from symgrad.arithmetic.dyadic import rational
from symgrad.audit.bycases.function import ByCases, beside
from symgrad.audit.bycases.put import Functions, has, put_cases, value_at
from symgrad.audit.bycases.read import by_cases as read
from symgrad.audit.case import Case, is_closed
from symgrad.audit.chance.said.density import read as read_law
from symgrad.audit.chance.said.record import LAW, NEW
from symgrad.audit.chance.said.stated import DENSITY, Stated
from symgrad.audit.checks.formula import infinite as series
from symgrad.audit.checks.formula.defined import KIND, NEAR, is_measured
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.number.link import judge
from symgrad.audit.checks.statement.limit import limit
from symgrad.audit.definitions import put
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.reading import Reading
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Derivative, Node, Symbol, Unknown, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

NEARBY = 60
_SETS = re.compile(
    r"\b(?:re)?(?:defin\w+|set|sets|setting|put|chang\w+|replac\w+|instead|convention\w*|agree|setz\w+|definier\w+|pos(?:e|ons))\b"
    r"[^.?!]*\Z",
    re.IGNORECASE,
)
"""Words by which a value may be given anew."""
CASES = Unknown("\\cases", ())
Judge = Callable[[Case], Judgement | None]


def by_cases(case: Case) -> Judgement | None:
    """Judge an equation in which a function by cases stands at a place, in a limit or an integral; None for any other.

    It is refuted only near the one definition of the function.
    """
    functions = functions_of(case)
    if _is_definition(case):
        return Judgement(Word.DEFINITION, reason="it says what the function is", kind=KIND)
    named = {n.name for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Unknown)} & functions.keys()
    if not named or case.relation not in ("=", "≈"):
        return None
    name = min(named)
    f = functions[name]
    try:
        said = _slope_by_cases(case, f) or _slope_in_a_case(case, f)
        said = said or _closed(case, {n: functions[n] for n in named})
    except (NotUnderstoodError, UndefinedError) as error:
        return unchecked(f"{name} by cases: {error}", KIND)
    if said is None or not said.word.flags:
        return None if said is None else replace(said, kind=KIND)
    if len(named) > 1 or not _is_certain(case, f):
        return unchecked(f"perhaps another {name}; {said.reason}", KIND)
    if word := _SETS.search(case.passage.before[-NEARBY:]):
        return unchecked(f"perhaps set so: “{word[0].lower()}”; {said.reason}", KIND)
    if _is_middle(case, f):
        return unchecked(f"the middle of a jump; {said.reason}", KIND)
    return replace(said, kind=KIND)


def _is_middle(case: Case, f: ByCases) -> bool:
    """Tell whether a value is claimed of a jump that is the middle of both sides, as that of a Fourier series is."""
    match case.left:
        case Unknown(f.name, (place,), 0) if not symbols(place) and not symbols(case.right):
            try:
                at, claimed = evaluate(place, {}), ball(evaluate(case.right, {}))
                sides = [value_at(beside(f.parts(), at, sign), f.letter, at) for sign in (-1, 1)]
            except (NotUnderstoodError, UndefinedError):
                return False
            return not sides[0].overlaps(sides[1]) and (claimed - (sides[0] + sides[1]) / 2).contains(0)
    return False


def _is_definition(case: Case) -> bool:
    """Tell whether a formula says by cases what a function is."""
    is_function = isinstance(case.left, Unknown) and not case.left.primes
    return is_function and case.right == CASES and read(case.passage.text, case.reading) is not None


def functions_of(case: Case) -> Functions:
    """Return the functions that the text gives by cases up to a claim, and the densities that it states."""
    texts = tuple(text for _, text in case.passage.definitions)
    found = {**_functions(texts, case.reading)}
    for said in (Stated.of_code(value) for key, value in case.passage.known if key == LAW):
        f = read_law(said) if said.name == DENSITY else None
        last = f and next((text for text in reversed(texts) if _defines(f.name, text)), "")
        if f and last and " ".join(last.split()) == said.parameters[0] and f.name not in found:
            found[f.name] = f.zero_elsewhere()
    return found


def _functions(texts: tuple[str, ...], reading: Reading) -> Functions:
    """Return the functions that are given by cases last, and in no other way since."""
    found: dict[str, ByCases] = {}
    for text in texts:
        may_be = "cases}" in text or "{array}" in text
        if may_be and (f := read(text, reading)) and not f.primes:
            found[f.name] = f
            continue
        gone = [name for name in found if _defines(name, text)]
        found = {name: f for name, f in found.items() if name not in gone}
    return found


def _defines(name: str, text: str) -> bool:
    """Tell whether a formula may say what a function is."""
    return (
        re.search(rf"(?<![A-Za-z\\]){re.escape(name)}\s*(?:\\left)?\(\s*\\?[A-Za-z]+\s*(?:\\right)?\)\s*&?\s*:?=", text)
        is not None
    )


def _is_certain(case: Case, f: ByCases) -> bool:
    """Tell whether a claim stands near the one definition of a function, whose letters mean nothing else."""
    lines = [line for line, text in case.passage.definitions if _defines(f.name, text)]
    near = len(lines) == 1 and case.passage.place.line - lines[0] <= NEAR
    near = near and not NEW.search(case.passage.before)
    others = {x for c in f.cases for x in symbols(c.value)} - {f.letter}
    return near and not others and case.relation == "=" and f.name not in case.known


# --- formulas in which the function is put ----------------------------------------------------------------


def _closed(case: Case, functions: Functions) -> Judgement | None:
    """Judge an equation between calculations with values, limits and integrals of functions by cases."""
    left, right = (put_cases(n, functions) for n in case.nodes[-2:])
    if (left, right) == case.nodes[-2:] or any(isinstance(n, Unknown) for side in (left, right) for n in walk(side)):
        return None
    there = replace(case, nodes=(left, right))
    if symbols(left) - {"∞"} or symbols(right) - {"∞"}:
        return None
    judges: tuple[Judge, ...] = (limit, series.infinite, _by_value)
    said = next(filter(None, (judge(there) for judge in judges)), None)
    return said and replace(said, sides=said.sides and (left, right))


def _by_value(case: Case) -> Judgement | None:
    if not (is_closed(case.left) and is_closed(case.right)) or unclear(case.right):
        return None
    word, value, reason = judge(case.nodes[-2:], case.relation)
    if word is Word.REFUTED and is_measured(case.left, case.right):
        word, reason = Word.NOTE, "off by less than 1 %: perhaps measured"
    return Judgement(word, value, reason or "by its cases")


# --- slopes as formulas -----------------------------------------------------------------------------------


def _asked(node: Node, f: ByCases) -> tuple[str, int] | None:
    """Return the letter and the order of a derivative of the function: f'(x), df/dx."""
    match node:
        case Unknown(f.name, (Symbol(x),), order) if order:
            return x, order
        case Derivative(Unknown(f.name, (Symbol(x),), 0), wrt, order) if x == wrt:
            return x, order
        case Derivative(Symbol(f.name), x, order) if x == f.letter:
            return x, order
    return None


def _slope_in_a_case(case: Case, f: ByCases) -> Judgement | None:
    """Judge f'(x) = 2x for x < 1, where one case holds wherever the claim does."""
    asked = _asked(case.left, f)
    interval = None if asked is None else case.domain.interval(asked[0])
    if asked is None or interval is None or has(case.right, {f.name: f}) or unclear(case.right):
        return None
    x, order = asked
    if interval.low is None and interval.high is None:
        raise NotUnderstoodError("a slope, and no word of which case it is")
    for part in f.parts():
        low, high = part.inside.low, part.inside.high
        from_ = low is None or (interval.low is not None and low <= rational(interval.low))
        to = high is None or (interval.high is not None and high >= rational(interval.high))
        if from_ and to:
            slope = Derivative(put(part.value, {f.letter: Symbol(x)}), x, order)
            found = compare(slope, case.right, x, case.domain)
            return Judgement(found.word, reason=found.reason, kind=KIND, sides=(slope, case.right))
    raise NotUnderstoodError("a slope over several cases")


def _slope_by_cases(case: Case, f: ByCases) -> Judgement | None:
    """Judge a derivative that is itself printed by cases, one by one inside of both."""
    asked = _asked(case.left, f)
    if asked is None or case.right != CASES:
        return None
    claimed = read(case.passage.text, case.reading)
    if claimed is None or (claimed.name, claimed.primes) != (f.name, asked[1]):
        raise NotUnderstoodError("its slope by cases")
    tried = 0
    for part in f.parts():
        for other in claimed.parts():
            both = part.inside.met(other.inside)
            if both.is_empty or (both.low is not None and both.high is not None and not both.low < both.high):
                continue
            said = [
                *([(Symbol(claimed.letter), ">", f.node_of(both.low))] if both.low is not None else []),
                *([(Symbol(claimed.letter), "<", f.node_of(both.high))] if both.high is not None else []),
            ]
            slope = Derivative(put(part.value, {f.letter: Symbol(claimed.letter)}), claimed.letter, asked[1])
            found = compare(slope, other.value, claimed.letter, ClaimDomain(tuple(said)))
            if found.word is not Word.CONFIRMED:
                return Judgement(found.word, reason=found.reason, kind=KIND)
            tried += 1
    return Judgement(Word.CONFIRMED, reason="case by case", kind=KIND) if tried else None
