"""Formulas in which functions by cases are put: of a value its case, of an integral the sum over the cases."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from symgrad.audit.bycases.function import ByCases, Part, as_number, at, beside
from symgrad.audit.definitions import put
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Integral, Node, Number, Symbol, Unknown, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, Value, ball, evaluate

INFINITE = (Symbol("∞"), Apply("neg", (Symbol("∞"),)))
Functions = Mapping[str, ByCases]


def put_cases(node: Node, functions: Functions) -> Node:
    """Put what functions are in their place: of a value its case, of an integral the sum over the cases."""
    match node:
        case Unknown(name, (argument,), primes) if name in functions:
            f, place = functions[name], put_cases(argument, functions)
            if symbols(place):
                raise NotUnderstoodError("a place that is no number")
            value = _number(place)
            if primes:
                return Apply("at", (Symbol(f.letter), place, _slope_at(f, value, primes)))
            return Apply("at", (Symbol(f.letter), place, at(f.parts(), value)))
        case Integral(body, x, low, high) if low is not None and high is not None and _of(body, x, functions):
            return _integral(node, functions)
        case Apply("lim", (Symbol(x), place, body)) if has(body, functions):
            return _limit(x, place, body, functions)
        case Derivative():
            raise NotUnderstoodError("a derivative of it")
    return rebuilt(node, lambda n: put_cases(n, functions))


def put_integrals(node: Node, functions: Functions) -> Node:
    """Put functions in their place where they stand in an integral, and nowhere else."""
    match node:
        case Integral():
            return put_cases(node, functions) if has(node, functions) else node
    return rebuilt(node, lambda n: put_integrals(n, functions))


def has(node: Node, functions: Functions) -> bool:
    """Tell whether a function stands in a formula."""
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
            values = [value_at(Derivative(n, f.letter, k) if k else n, f.letter, place) for n in sides]
            if not all(values[0].overlaps(v) for v in values):
                raise NotUnderstoodError("a place where its cases meet with different slopes")
    return Derivative(right, f.letter, order)


def value_at(node: Node, letter: str, place: Value) -> Value:
    """Return what a formula is at a place; raises UndefinedError where it is not finite."""
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
    if left != right and not value_at(left, x, value).overlaps(value_at(right, x, value)):
        raise NotUnderstoodError("the limits from both sides differ")
    return _value_or_limit(right, x, place, Apply("lim", (Symbol(x), place, right)))


def _value_or_limit(node: Node, letter: str, place: Node, body: Node) -> Node:
    """Return the value at a place, where there is one; else the limit."""
    try:
        value_at(node, letter, _number(place))
    except (UndefinedError, NotUnderstoodError):
        return body
    return put(node, {letter: place})
