"""Values that a quantity cannot have: a probability above 1, a slope above its maximum."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.known import records
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import EVENT, Apply, Node, Symbol, Tuple, Unknown, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate


def impossible(case: Case) -> Judgement | None:
    """Judge a number that the last side cannot be, as what an earlier one is equal to; None for any other claim."""
    if case.relation not in ("=", "≈"):
        return None
    probability = "probab" in case.passage.before.lower()
    value = _number(case.right)
    if value is None:
        return None
    for side in case.nodes[:-1]:
        low, high = _range(side, probability)
        if isinstance(side, Unknown) and any(n == Symbol("pi") for n in walk(case.right)):
            continue  # π may be a probability
        slack = 1 if case.relation == "=" else Fraction(101, 100)
        if high is not None and low is not None and (value > exact_ball(high * slack) or value < exact_ball(low)):
            return Judgement(Word.IMPOSSIBLE, reason=f"it lies between {low} and {high}", kind="range")
    return None


def _range(node: Node, probability: bool) -> tuple[Fraction | None, Fraction | None]:
    match node:
        case Unknown("P" | "Pr", _, 0) if probability or _is_of_event(node.arguments[0]):
            return Fraction(0), Fraction(1)
        case Apply("sigmoid", (inner,), 0) if any(n[0].isupper() for n in symbols(inner)):
            return None, None  # the deviation σ(X) of a random variable
        case Apply(name, arguments, primes) if symbols(node) and len(arguments) == 1:
            found = records(name)
            if len(found) == 1 and primes < 2:
                from symgrad.numbers.bound.slope_bound import range_of, slope_range

                return (slope_range(found[0]) if primes else range_of(found[0])) or (None, None)

    return None, None


def _is_of_event(node: Node) -> bool:
    return isinstance(node, Symbol) and node.name.startswith(EVENT)


def _number(node: Node) -> arb | None:
    if isinstance(node, Tuple) or symbols(node):
        return None
    try:
        return ball(evaluate(node, {}))
    except (NotUnderstoodError, UndefinedError):
        return None
