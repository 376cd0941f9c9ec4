"""A bounded domain in boxes, each of which is decided or cut in two: what holds on every box holds everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain

METHOD = "branch and bound"

Box = tuple[tuple[Fraction, Fraction], ...]
"""The ends of each variable."""
Values = Mapping[str, Any]


def over_boxes(
    A: Any,
    domain: Domain,
    holds: Callable[[Values], bool],
    fails: Callable[[dict[str, Fraction]], str | None],
    most: int,
) -> Check:
    """Return ENCLOSED where a statement holds on every box, REFUTED where it fails at the middle of one.

    holds: whether it holds for all numbers of the balls that stand for the variables. fails: what refutes it at
    rational numbers, if anything does. A box on which it is not known to hold is cut at its widest side; after
    ``most`` boxes it is UNKNOWN.
    """
    pending: list[Box] = [tuple((_end(i.low), _end(i.high)) for i in domain)]
    names = [i.variable for i in domain]
    visited = 0
    with A.working():
        while pending:
            box = pending.pop()
            visited += 1
            if visited > most:
                return Check(METHOD, Verdict.UNKNOWN, f"undecided after {most:,} boxes")
            if holds(dict(zip(names, (_ball(A, *ends) for ends in box), strict=True))):
                continue
            wrong = fails({name: (low + high) / 2 for name, (low, high) in zip(names, box, strict=True)})
            if wrong is not None:
                return Check(METHOD, Verdict.REFUTED, points=visited, counterexample=wrong)
            pending += _halves(box)
    return Check(METHOD, Verdict.ENCLOSED, f"balls over the whole domain, {visited:,} boxes", points=visited)


def _end(q: Fraction | None) -> Fraction:
    if q is None:
        raise ValueError("the domain is not bounded")
    return q


def _ball(A: Any, low: Fraction, high: Fraction) -> arb:
    return arb(A.number(low)).union(arb(A.number(high)))


def _halves(box: Box) -> list[Box]:
    widest = max(range(len(box)), key=lambda k: box[k][1] - box[k][0])
    low, high = box[widest]
    middle = (low + high) / 2
    return [(*box[:widest], half, *box[widest + 1 :]) for half in ((low, middle), (middle, high))]
