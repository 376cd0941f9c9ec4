"""Derivatives at a place of what the text defines above: after f(x) = x³, f'(2) = 12, after f(x, y) also ∇f(1, 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb

from symgrad.audit.case import Case
from symgrad.audit.checks.formula import defined, several
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import is_constant
from symgrad.audit.checks.number.link import number
from symgrad.audit.checks.number.rounding import as_printed, judged, printed
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Number, Symbol, Tuple, Unknown, symbols
from symgrad.reading.value import UndefinedError, Value, ball, evaluate

KIND = "definition"
ORDER = list(Word)
Functions = Mapping[str, tuple[tuple[str, ...], Node]]


@dataclass(frozen=True)
class _Asked:
    """Derivatives of a function, each by one letter or several, where its arguments are so.

    product: it may be a product with a number, df/dx (2).
    """

    name: str
    by: tuple[tuple[str, ...], ...]
    arguments: tuple[Node, ...]
    product: bool = False


def at_a_place(case: Case) -> Judgement | None:
    """Judge a derivative, or a gradient, at numbers; None for any other claim.

    It is refuted only near the one definition of its function.
    """
    if case.relation not in ("=", "≈") or symbols(case.right) or not _is_named(case.left):
        return None
    single, named = defined.remembered(tuple(text for _, text in case.passage.definitions), case.reading)
    letters_of = {n: (min(symbols(body)), body) for n, body in named.items() if len(symbols(body)) == 1}
    single = {**letters_of, **single}  # y = x^3, as of y(x)
    functions: Functions = {n: ((letter,), body) for n, (letter, body) in single.items()}
    functions = {**functions, **several.functions_of(case), **case.known}
    asked = _asked(case.left, functions)
    if asked is None:
        return None
    letters, body = functions[asked.name]
    slopes = [_slope(body, by) for by in asked.by]
    sides = [case.right] if len(slopes) == 1 and not isinstance(case.right, Tuple) else several.entries(case.right)
    if len(slopes) != len(sides) or any(map(unclear, (*slopes, *sides))):
        return None
    if asked.product and any(map(is_constant, slopes)):
        return None
    try:
        at = {letter: number(value) for letter, value in zip(letters, asked.arguments, strict=True)}
        said = [_judged(evaluate(s, at), side, case.relation) for s, side in zip(slopes, sides, strict=True)]
    except (NotUnderstoodError, UndefinedError):
        return None
    worst = max(said, key=lambda s: ORDER.index(s[0]))
    if worst[0] is Word.REFUTED and not _is_certain(case, asked, single):
        return unchecked(f"perhaps another {asked.name}", KIND)
    values = ", ".join(value or "✓" for _, value in said)
    shown = "" if worst[0] is Word.CONFIRMED else f"({values})" if len(said) > 1 else values
    return Judgement(worst[0], shown, f"from {asked.name} as it is defined above", KIND)


def _is_named(node: Node) -> bool:
    return isinstance(node, Unknown) or (isinstance(node, Apply) and node.name in ("*", "at"))


def _asked(node: Node, functions: Functions) -> _Asked | None:
    """Return which derivatives a node names at which place; None for any other."""
    found: _Asked | None = None
    match node:
        case Unknown(name, (_,) as arguments, order) if order and name in functions and len(functions[name][0]) == 1:
            found = _Asked(name, ((functions[name][0][0],) * order,), arguments)
        case Unknown("∇", (Unknown(name, arguments, 0),)) if name in functions:
            found = _Asked(name, tuple((letter,) for letter in functions[name][0]), arguments)
        case Unknown(name, arguments, 0) if (function := name.partition("_")[0]) in functions and "_" in name:
            by = several.by_index(name.partition("_")[2], functions[function][0])
            found = _Asked(function, (by,), arguments) if by else None
        case Apply("*", (Derivative(Symbol(name), wrt, order), Number() as place)) if name in functions:
            found = _Asked(name, ((wrt,) * order,), (place,), product=True)
        case Apply("at", (Symbol(wrt), place, Derivative(Symbol(name), by, order))) if name in functions and wrt == by:
            if functions[name][0] == (wrt,):
                found = _Asked(name, ((wrt,) * order,), (place,))
        case Apply("*", (Derivative(Symbol(name), wrt, order), Tuple(arguments))) if name in functions:
            found = _Asked(name, ((wrt,) * order,), arguments)
    if found is None or len(found.arguments) != len(functions[found.name][0]):
        return None
    if any(map(symbols, found.arguments)) or not {x for by in found.by for x in by} <= set(functions[found.name][0]):
        return None
    return found


def _slope(body: Node, by: tuple[str, ...]) -> Node:
    """Return a derivative by one letter after the other."""
    for letter in dict.fromkeys(by):
        body = Derivative(body, letter, by.count(letter))
    return body


def _judged(value: Value, side: Node, relation: str) -> tuple[Word, str]:
    """Return the verdict on what is printed for a value, and the right value where it is wrong."""
    shown = printed(side)
    if shown is not None:
        word, _ = judged(value, shown, relation)
        return word, "" if word is Word.CONFIRMED else as_printed(value, shown)
    difference = ball(value) - ball(number(side))
    if difference.contains(0):
        return Word.CONFIRMED, ""
    return (Word.REFUTED if relation == "=" else Word.UNCHECKED), f"{arb(ball(value)).str(6, radius=False)}"


def _is_certain(case: Case, asked: _Asked, single: Mapping[str, tuple[str, Node]]) -> bool:
    if asked.name in single:
        return defined.is_certain(case, asked.name, case.left, single)
    return several.is_certain(case, asked.name)
