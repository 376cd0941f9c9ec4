r"""A step between two equations of one letter: 2x + 3 = 11 \implies 2x = 8."""

from __future__ import annotations

from enum import Enum

from flint import acb, arb

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.checks.solved.equation import KIND, equations_in
from symgrad.audit.checks.solved.fit import FAILS, SHARP
from symgrad.audit.checks.solved.linked import doubt_of
from symgrad.audit.checks.solved.roots import roots
from symgrad.audit.checks.solved.statement import Statement, base_of, place_of, statements
from symgrad.audit.checks.solved.values import values_of
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Number, Unknown, symbols, walk
from symgrad.reading.value import evaluate

FEWEST = 3
"""Rows of a display of which one may be refuted."""


class Holds(Enum):
    """For which solutions of one equation the next one holds."""

    ALL = "all"
    NONE = "none"
    SOME = "some"


def step(case: Case) -> Judgement | None:
    """Judge an equation that follows from the one before it; None where nothing says that it does.

    It is refuted where no solution of the one is a solution of the other; in rows of a display without words only
    where all other rows follow from each other, down to a solution.
    """
    found = statements(case.passage, case.reading)
    place = place_of(case, found)
    if not place or base_of(found[place]) or found[place].before.kind not in ("then", "row"):
        return None
    holds = _holds(found[place - 1], found[place])
    if holds is None:
        return None
    if holds is Holds.ALL:
        return Judgement(Word.CONFIRMED, reason="it follows from the equation before it", kind=KIND)
    if holds is Holds.SOME:
        return unchecked("it holds for some solutions of the equation before it", KIND)
    if doubt := doubt_of(case.passage):
        return unchecked(f"it does not follow from the equation before it; the text says “{doubt}”", KIND)
    if (found[place].before.kind == "then" and found[place].before.signs) or _is_only_fault(found, place):
        return Judgement(Word.REFUTED, reason="it does not follow from the equation before it", kind=KIND)
    return unchecked("perhaps no step of a calculation", KIND)


def _is_only_fault(found: tuple[Statement, ...], place: int) -> bool:
    """Tell whether the rows of a display end in a solution, and all but one follow from the row before."""
    first = last = place
    while first and found[first].before.kind == "row" and found[first].part == found[first - 1].part:
        first -= 1
    while last + 1 < len(found) and found[last + 1].before.kind == "row" and found[last + 1].part == found[place].part:
        last += 1
    values = values_of(found[last]) if base_of(found[last]) else None
    if last - first + 1 < FEWEST or not found[place].rows or values is None or any(map(symbols, values)):
        return False
    beside = [_holds(found[n - 1], found[n]) for n in range(first + 1, last + 1) if n != place]
    return all(h is Holds.ALL for h in beside)


def _holds(one: Statement, other: Statement) -> Holds | None:
    """Return for which solutions of one equation another one holds; None where that is not known."""
    before = equations_in(one)
    letters = {x for n in one.nodes for x in symbols(n)}
    if len(before) != 1 or len(other.nodes) != 2 or not other.is_equation or len(letters) != 1:
        return None
    [letter] = letters
    if {x for n in other.nodes for x in symbols(n)} != letters or _is_rounded(one, other):
        return None
    known = roots(*before[0], letter)
    if not known:
        return None
    return _among([r.real for r in known if r.imag == 0] or list(known), other, letter)


def _is_rounded(one: Statement, other: Statement) -> bool:
    """Tell whether decimals stand in two equations, or two values at once."""
    return any(
        (isinstance(n, Number) and n.places) or isinstance(n, Unknown)
        for side in (*one.nodes, *other.nodes)
        for n in walk(side)
    )


def _among(known: list[arb] | list[acb], other: Statement, letter: str) -> Holds | None:
    right = wrong = 0
    for root in known:
        try:
            x, y = (acb(evaluate(side, {letter: root})) for side in other.nodes)
        except FAILS:
            return None
        difference = x - y
        if not difference.is_finite():
            return None
        wrong += not difference.contains(0)
        right += bool(difference.contains(0) and abs(difference).rad() < exact_ball(SHARP))
    if right == len(known):
        return Holds.ALL
    return Holds.NONE if wrong == len(known) else Holds.SOME
