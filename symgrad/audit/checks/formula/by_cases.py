r"""Claims from a function that the text gives by cases: f(0) = 0, f'(2) = 2, lim_{x → 1^-} f(x), ∫_0^2 f(x) dx."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from flint import fmpq

from symgrad.arithmetic.dyadic import rational
from symgrad.audit.bycases.function import ByCases, Part, as_number, at, beside
from symgrad.audit.bycases.read import by_cases as read
from symgrad.audit.case import Case, is_closed
from symgrad.audit.chance.said.record import NEW
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
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Number, Symbol, Unknown, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, Value, ball, evaluate

INFINITE = (Symbol("∞"), Apply("neg", (Symbol("∞"),)))
CASES = Unknown("\\cases", ())
Functions = Mapping[str, ByCases]
Judge = Callable[[Case], Judgement | None]


def by_cases(case: Case) -> Judgement | None:
    """Judge an equation in which a function by cases stands at a place, in a limit or an integral; None for any other.

    It is refuted only near the one definition of the function.
    """
    functions = _functions(tuple(text for _, text in case.passage.definitions), case.reading)
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
    return replace(said, kind=KIND)


def _is_definition(case: Case) -> bool:
    """Tell whether a formula says by cases what a function is."""
    is_function = isinstance(case.left, Unknown) and not case.left.primes
    return is_function and case.right == CASES and read(case.passage.text, case.reading) is not None


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
    left, right = (_put(n, functions) for n in case.nodes[-2:])
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


def _put(node: Node, functions: Functions) -> Node:
    """Put what functions are in their place: of a value its case, of an integral the sum over the cases."""
    match node:
        case Unknown(name, (argument,), primes) if name in functions:
            f, place = functions[name], _put(argument, functions)
            if symbols(place):
                raise NotUnderstoodError("a place that is no number")
            value = _number(place)
            if primes:
                return Apply("at", (Symbol(f.letter), place, _slope_at(f, value, primes)))
            return Apply("at", (Symbol(f.letter), place, at(f.parts(), value)))
        case Integral(body, x, low, high) if low is not None and high is not None and _of(body, x, functions):
            return _integral(node, functions)
        case Apply("lim", (Symbol(x), place, body)) if _has(body, functions):
            return _limit(x, place, body, functions)
        case Derivative():
            raise NotUnderstoodError("a derivative of it")
    return rebuilt(node, lambda n: _put(n, functions))


def _has(node: Node, functions: Functions) -> bool:
    return any(isinstance(n, Unknown) and n.name in functions for n in walk(node))


def _of(body: Node, x: str, functions: Functions) -> list[ByCases]:
    """Return the functions that stand in a formula with its letter, f(x)."""
    found = [n for n in walk(body) if isinstance(n, Unknown) and n.name in functions]
    if any(n.primes or n.arguments != (Symbol(x),) for n in found):
        raise NotUnderstoodError("another argument of it")
    return [functions[name] for name in sorted({n.name for n in found})]


def _inside(body: Node, x: str, f: ByCases, value: Node) -> Node:
    """Return a formula with what a function is in one case."""

    def inner(n: Node) -> Node:
        return put(value, {f.letter: Symbol(x)}) if isinstance(n, Unknown) and n.name == f.name else rebuilt(n, inner)

    return inner(body)


def _number(place: Node) -> Value:
    value = evaluate(place, {})
    if isinstance(value, list):
        raise NotUnderstoodError("a vector")
    return value


def _slope_at(f: ByCases, place: Value, order: int) -> Node:
    """Return the derivative around a place; at an end of a case only where both sides have the same value and slope."""
    left, right = (beside(f.parts(), place, sign) for sign in (-1, 1))
    if left != right or at(f.parts(), place) != left:
        for k in range(order + 1):
            sides = (put(at(f.parts(), place), {}), left, right) if k == 0 else (left, right)
            values = [_at(Derivative(n, f.letter, k) if k else n, f.letter, place) for n in sides]
            if not all(values[0].overlaps(v) for v in values):
                raise NotUnderstoodError("a place where its cases meet with different slopes")
    return Derivative(right, f.letter, order)


def _at(node: Node, letter: str, place: Value) -> Value:
    found = ball(evaluate(node, {letter: place}))
    if not found.is_finite():
        raise UndefinedError("no value")
    return found


def _integral(node: Integral, functions: Functions) -> Node:
    """Return an integral as the sum of those over the cases."""
    [f, *others] = _of(node.body, node.variable, functions)
    if others or node.low is None or node.high is None:
        raise NotUnderstoodError("several functions by cases")
    low, high = (None if n in INFINITE else _number(n) for n in (node.low, node.high))
    if (low is None and node.low == INFINITE[0]) or (high is None and node.high == INFINITE[1]):
        raise NotUnderstoodError("limits the other way round")
    if low is not None and high is not None and not low < high:
        raise NotUnderstoodError("limits the other way round")
    terms, reached, pieces = list[Node](), low, f.parts()
    for part in pieces:
        begin, end = _clipped(part, low, high)
        if begin is not None and end is not None and not begin < end:
            continue
        if (begin is None) != (reached is None) or (begin is not None and not _is_same(begin, reached)):
            raise NotUnderstoodError("no case on a part of the way")
        inside = _inside(node.body, node.variable, f, part.value)
        ends = [
            whole if _is_end(x, y) else f.node_of(x) for x, y, whole in ((begin, low, node.low), (end, high, node.high))
        ]
        reached = end
        if not (isinstance(part.value, Number) and part.value.value == 0):
            terms.append(Integral(inside, node.variable, ends[0], ends[1]))
        if end is None:
            break
    if (reached is None) != (high is None) or (high is not None and not _is_same(reached, high)):
        raise NotUnderstoodError("no case on a part of the way")
    total: Node = terms[0] if terms else as_number(fmpq(0))
    for term in terms[1:]:
        total = Apply("+", (total, term))
    return total


def _clipped(part: Part, low: Value | None, high: Value | None) -> tuple[Value | None, Value | None]:
    begin, end = part.inside.low, part.inside.high
    begin = low if begin is None or (low is not None and low > begin) else begin
    return begin, high if end is None or (high is not None and high < end) else end


def _is_same(x: Value, y: Value) -> bool:
    return x is not None and y is not None and bool(ball(x).overlaps(ball(y)))


def _is_end(x: Value | None, y: Value | None) -> bool:
    return x is y or (x is not None and y is not None and _is_same(x, y))


def _limit(x: str, place: Node, body: Node, functions: Functions) -> Node:
    """Return a limit as that of the case beside its place; from both sides they must agree."""
    match body:
        case Unknown(name, (Apply("+" | "-" as sign, (there, Apply("/", (Number(one), Symbol(y))))),), 0) if (
            y == x and place in INFINITE and one == 1
        ):
            f = functions[name]
            value = _number(there)
            near = beside(f.parts(), value, 1 if sign == "+" else -1)
            return _value_or_limit(
                near, f.letter, there, body=Apply("lim", (Symbol(x), place, put(near, {f.letter: body.arguments[0]})))
            )
    if place in INFINITE:
        [f, *others] = _of(body, x, functions)
        parts = f.parts()
        part = parts[-1] if place == INFINITE[0] else parts[0]
        if others or (part.inside.high if place == INFINITE[0] else part.inside.low) is not None:
            raise NotUnderstoodError("no case far out")
        return Apply("lim", (Symbol(x), place, _inside(body, x, f, part.value)))
    [f, *others] = _of(body, x, functions)
    if others:
        raise NotUnderstoodError("several functions by cases")
    value = _number(place)
    left, right = (_inside(body, x, f, beside(f.parts(), value, sign)) for sign in (-1, 1))
    if left != right and not _at(left, x, value).overlaps(_at(right, x, value)):
        raise NotUnderstoodError("the limits from both sides differ")
    return _value_or_limit(right, x, place, Apply("lim", (Symbol(x), place, right)))


def _value_or_limit(node: Node, letter: str, place: Node, body: Node) -> Node:
    """Return the value at a place, where there is one; else the limit."""
    try:
        _at(node, letter, _number(place))
    except (UndefinedError, NotUnderstoodError):
        return body
    return put(node, {letter: place})


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
    if asked is None or interval is None or _has(case.right, {f.name: f}) or unclear(case.right):
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
