"""Sums with dots, 1 + 2 + 4 + … + 2^k, as what they stand for, where the terms that are printed say it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

from flint import fmpq

from symgrad.audit.checks.formula.points import WHOLE
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Node, Number, Symbol, Unknown, rebuilt, substituted, symbols
from symgrad.reading.value import UndefinedError, evaluate

DOTS = Unknown("…", ())
BEGINS = (0, 1, 2, -1)
"""Numbers at which a sum may begin, the likeliest first."""
MOST_TERMS = 2_000
INDEX = "index of …"


def filled(node: Node) -> Node:
    """Return a formula with ∑ in the place of sums with dots; as it is where the terms do not say which.

    >>> from symgrad.reading.chain import chains
    >>> [chain], _ = chains("1 + 2 + 3 + ... + 100 = 5050")
    >>> print(evaluate(filled(chain.sides[0].node), {}))
    5050
    """
    match node:
        case Apply("+" | "-"):
            terms = _terms(node)
            if DOTS in terms:
                return _sum(terms) or node  # what is left of more terms is no sum of its own
    return rebuilt(node, filled)


def _terms(node: Node) -> list[Node]:
    """Return the terms of a sum, in their order."""
    match node:
        case Apply("+", (left, right)):
            return [*_terms(left), right]
        case Apply("-", (left, right)):
            return [*_terms(left), Apply("neg", (right,))]
    return [node]


def _sum(terms: list[Node]) -> Node | None:
    at = terms.index(DOTS)
    first, last = terms[:at], terms[at + 1 :]
    if len(first) < 2 or len(last) != 1:
        return None
    letters = sorted(x for x in symbols(last[0]) if x.partition("_")[0] in WHOLE)
    for letter in letters:
        for begin in BEGINS:
            if all(_is_term(last[0], letter, begin + i, term) for i, term in enumerate(first)):
                body = substituted(last[0], letter, Symbol(INDEX))
                return Big("∑", INDEX, Number(Fraction(begin), str(begin)), Symbol(letter), body)
    return None if letters else _of_numbers(first, last[0])


def _is_term(general: Node, letter: str, n: int, printed: Node) -> bool:
    """Tell whether a printed term is the n-th, at numbers for the other letters."""
    term = substituted(general, letter, Number(Fraction(n), str(n)))
    at = {x: fmpq(k + 3, 2) for k, x in enumerate(sorted(symbols(term) | symbols(printed)))}
    try:
        return bool(evaluate(term, at) == evaluate(printed, at))
    except (NotUnderstoodError, UndefinedError):
        return False


def _of_numbers(first: list[Node], last: Node) -> Node | None:
    """Return 1 + 2 + 3 + … + 100 where its terms have one difference, or one ratio, and not both are possible."""
    try:
        x, end = [evaluate(n, {}) for n in first], evaluate(last, {})
    except (NotUnderstoodError, UndefinedError):
        return None
    if not all(isinstance(v, fmpq) for v in (*x, end)) or 0 in x:
        return None
    step, ratio = x[1] - x[0], x[1] / x[0]
    index, start = Symbol(INDEX), _number(x[0])
    counts = {
        Apply("+", (start, Apply("*", (_number(step), index)))): _count(x, end, lambda v: v + step),
        Apply("*", (start, Apply("^", (_number(ratio), index)))): _count(x, end, lambda v: v * ratio),
    }
    sure = [(term, n) for term, n in counts.items() if n]
    if len(sure) != 1:
        return None
    [(term, n)] = sure
    return Big("∑", INDEX, _number(fmpq(0)), _number(fmpq(n)), term)


def _number(x: fmpq) -> Number:
    value = Fraction(int(x.p), int(x.q))
    return Number(value, str(value))


def _count(x: list[fmpq], end: fmpq, following: Callable[[fmpq], fmpq]) -> int:
    """Return which term behind the first is the last, if they follow each other so; 0 otherwise."""
    if any(following(a) != b for a, b in pairwise(x)):
        return 0
    term, rising = x[0], following(x[0]) > x[0]
    for n in range(1, MOST_TERMS):
        term = following(term)
        if term == end:
            return n
        if (term > end) == rising:
            return 0
    return 0
