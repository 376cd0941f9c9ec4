r"""Means by their bar beside the sums that they are of: \sum_i (x_i - \bar x)^2 = \sum_i x_i^2 - n \bar x^2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import chain, islice

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.normal import normal
from symgrad.audit.checks.formula.points import compare, ends, points
from symgrad.audit.doubt.edits import OF_NUMBERS, edited
from symgrad.audit.doubt.evidence import traits
from symgrad.audit.finding import SURE, Evidence, Judgement, Word
from symgrad.reading.calculus import OVER_WHAT
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Big, Derivative, Integral, Node, Number, Symbol, Unknown, rebuilt, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

KIND = "means"
_BAR = re.compile(r"(?:bar|overline) ([A-Za-z])(?:_(\w+))?")
COUNTS = frozenset("nNmM")
"""Letters that count what is summed."""
MOST = 30
"""Edits that are tried."""
COUNT, ONE, TWO = Symbol("n"), Number(Fraction(1), "1"), Number(Fraction(2), "2")


def means(case: Case) -> Judgement | None:
    """Judge an equation between sums in which the mean of what is summed stands; None for any other claim.

    It is refuted only where a slip explains it: a bar may stand above something else than the mean of these.
    """
    if case.relation != "=" or case.closed:
        return None
    sides = [_summed(side) for side in case.nodes[-2:]]
    sums = [n for side in sides for n in walk(side) if isinstance(n, Big)]
    bars = {x for side in sides for x in symbols(side) if _BAR.fullmatch(x)}
    if not sums or not bars or len({(n.variable, n.low, n.high) for n in sums}) != 1 or _is_open(*sides):
        return None
    means_of = {bar: mean for bar in bars if (mean := _mean(bar, sums))}
    if bars != means_of.keys() or any(isinstance(side, Symbol) for side in sides):
        return None
    left, right = (_put(side, means_of) for side in sides)
    try:
        found = compare(left, right, domain=case.domain)
        if found.word is Word.CONFIRMED and normal(left) != normal(right):
            reason = f"with the means of what is summed, {found.reason}"
            return Judgement(Word.CONFIRMED, reason=reason, kind="identity")
        wrong = found.word in (Word.REFUTED, Word.NOTE)
        slip = _slip(sides[0], sides[1], means_of) if wrong else ""
    except NotUnderstoodError:
        return None
    if not slip:
        return None
    shown = Evidence(True, traits(*case.nodes[-2:]), slip, SURE)
    return Judgement(Word.REFUTED, reason=f"with the means of what is summed; {slip}", kind=KIND, evidence=shown)


def _slip(left: Node, right: Node, means_of: dict[str, Node]) -> str:
    """Return the edit of the printed formulas that makes them equal, with the means put in; or nothing."""
    for side, other in ((left, right), (right, left)):
        meant = _put(other, means_of)
        others = (edit for edit in edited(side) if edit[0] not in OF_NUMBERS)
        for said, changed in islice(chain(_squared(side, means_of), others), MOST):
            if symbols(changed) != symbols(side):
                continue
            tried = _put(changed, means_of)
            if _agree_at_a_point(tried, meant) and compare(tried, meant).word is Word.CONFIRMED:
                return said
    return ""


def _agree_at_a_point(left: Node, right: Node) -> bool:
    """Tell whether two formulas are equal at the first point where both have values, and not both are 0."""
    for point in points(tuple(sorted(symbols(left) | symbols(right))), "", whole=ends(left, right)):
        try:
            x, y = (ball(evaluate(side, point)) for side in (left, right))
        except (NotUnderstoodError, UndefinedError):
            continue
        if (x - y).is_finite() and not (x.contains(0) and y.contains(0)):
            return bool((x - y).contains(0))
    return False


def _squared(node: Node, means_of: dict[str, Node]) -> Iterator[tuple[str, Node]]:
    """Yield a formula with the square of a mean in its place."""
    for bar in means_of:
        yield "a square", _put(node, {bar: Apply("^", (Symbol(bar), TWO))})


def _summed(node: Node) -> Node:
    r"""Return a formula with the sums over an index alone, \sum_i, as those from 1 to n."""
    match node:
        case Unknown("\\∑", (body, Symbol(over)), 0) if over.startswith(OVER_WHAT):
            index = over.removeprefix(OVER_WHAT)
            if index.isalpha():
                return Big("∑", index, ONE, COUNT, _summed(body))
    return rebuilt(node, _summed)


def _is_open(*sides: Node) -> bool:
    unread = Unknown | Derivative | Integral
    return any(isinstance(n, unread) or (isinstance(n, Apply) and n.primes) for side in sides for n in walk(side))


def _mean(bar: str, sums: list[Big]) -> Node | None:
    """Return the mean of the letters with the index of the sums that a bar stands above; None where none are summed."""
    found = _BAR.fullmatch(bar)
    one = sums[0]
    if found is None or not isinstance(one.low, Number) or one.low.value != 1 or not isinstance(one.high, Symbol):
        return None
    if one.high.name not in COUNTS or found[2] not in (None, one.high.name):
        return None
    member = f"{found[1]}_{one.variable}"
    if not any(member in symbols(n.body) for n in sums):
        return None
    return Apply("/", (replace(one, body=Symbol(member)), one.high))


def _put(node: Node, values: dict[str, Node]) -> Node:
    if isinstance(node, Symbol):
        return values.get(node.name, node)
    return rebuilt(node, lambda n: _put(n, values))
