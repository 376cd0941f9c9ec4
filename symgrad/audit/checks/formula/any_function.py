r"""Equations that hold whatever the unknown functions in them are, and whatever a sum is over.

(f(x)/g(x))' = …, \sum_i p_i (a + q_i) = a \sum_i p_i + \sum_i p_i q_i: a function is drawn for each name, and a family
of numbers for each letter with the index of a sum. It is confirmed only: what differs may hold for the functions meant.
"""

from __future__ import annotations

import random
from fractions import Fraction
from functools import reduce

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.checks.formula.points import ENOUGH, SHARP, points
from symgrad.audit.domain import ClaimDomain
from symgrad.reading.calculus import OVER_WHAT
from symgrad.reading.modulus import MODULO
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import (
    Apply,
    Big,
    Derivative,
    Integral,
    Node,
    Number,
    Symbol,
    Tuple,
    Unknown,
    rebuilt,
    symbols,
    walk,
)
from symgrad.reading.value import UndefinedError, ball, evaluate

SIGNS = frozenset(("…", "±", "∇", "[]", "\\cases", "\\set", MODULO))
MOST_PRIMES = 3
MOST, SPREAD = 8, 3
"""Points that are enough where they agree; of all points, one of as many is taken first."""


def agree_for_any(left: Node, right: Node, domain: ClaimDomain) -> bool:
    """Tell whether two formulas agree at points for drawn functions."""
    x, y = _drawn(left), _drawn(right)
    if x is None or y is None or x == y:
        return False
    most = ENOUGH if any(isinstance(n, Integral) for n in (*walk(x), *walk(y))) else MOST
    agree = failed = 0
    whole = points(tuple(sorted(symbols(x) | symbols(y))), "", domain)
    for point in (*whole[::SPREAD], *whole):
        if agree == most or (not agree and failed == most):
            break
        try:
            values = [ball(evaluate(side, point)) for side in (x, y)]
        except (UndefinedError, NotUnderstoodError):
            failed += 1
            continue
        difference = values[0] - values[1]
        if not difference.is_finite():
            failed += 1
            continue
        if not difference.contains(0):
            return False
        agree += bool(difference.rad() <= exact_ball(SHARP) * (1 + abs(values[0])))
    return agree >= ENOUGH


def _drawn(node: Node) -> Node | None:
    """Return a formula with drawn functions; None where something in it is no function of numbers."""
    if any(isinstance(n, Tuple) or (isinstance(n, Unknown) and _is_no_function(n)) for n in walk(node)):
        return None
    return _put(node)


def _is_no_function(n: Unknown) -> bool:
    return n.name in SIGNS or (n.name.startswith("\\") and n.name[1:] not in ("∑", "∏")) or n.primes > MOST_PRIMES


def _put(node: Node) -> Node:
    match node:
        case Unknown("\\∑" | "\\∏" as name, (body, Symbol(over)), 0):
            index = _index(over.removeprefix(OVER_WHAT), body)
            return Big(name[-1], index, _number(1), Symbol(f"n_ {over}"), _put(body))
        case Unknown(name, arguments, primes):
            return _function(name, tuple(map(_put, arguments)), primes)
        case Derivative(body, variable) if variable not in symbols(body):
            return Symbol(f"derivative {node}")
    return rebuilt(node, _put)


def _index(over: str, body: Node) -> str:
    """Return the letter that a sum is over: that below the sign, or the one index of its letters."""
    if over[:1].isalpha():
        return over.partition("≠")[0].partition("∈")[0].partition(",")[0]
    indices = {x.partition("_")[2] for x in symbols(body)} - {""}
    return min(indices) if len(indices) == 1 else "terms"


def _function(name: str, arguments: tuple[Node, ...], primes: int) -> Node:
    """Return a function that is positive, c + a x^2 + b e^{k x} of each argument, and c x y of two; or its slope."""
    source = random.Random(name)
    terms: list[Node] = []
    for x in arguments:
        a, b, c, k = (Fraction(source.randint(1, 9), source.randint(2, 9)) for _ in range(4))
        grown = _times(b * k**primes, Apply("^", (Apply("e", ()), _times(k, x))))
        square = (_times(a, Apply("^", (x, _number(2)))), _times(2 * a, x), _number(2 * a))
        terms += [grown, *square[primes : primes + 1], *([_number(c)] if not primes else [])]
    if len(arguments) > 1:
        terms.append(_times(Fraction(source.randint(1, 9), 7), reduce(lambda x, y: Apply("*", (x, y)), arguments)))
    return reduce(lambda x, y: Apply("+", (x, y)), terms)


def _times(c: Fraction, x: Node) -> Node:
    return Apply("*", (_number(c), x))


def _number(value: Fraction | int) -> Number:
    return Number(Fraction(value), str(value))
