"""Values that a quantity cannot have: a probability above 1, a slope above its maximum."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import arb, fmpq

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Symbol, Tuple, Unknown, symbols
from symgrad.reading.value import UndefinedError, ball, evaluate

RANGES = {
    ("sigmoid", 0): (Fraction(0), Fraction(1)),
    ("sigmoid", 1): (Fraction(0), Fraction(1, 4)),
    ("tanh", 0): (Fraction(-1), Fraction(1)),
    ("tanh", 1): (Fraction(0), Fraction(1)),
}
"""Function and order of its derivative: the least and the greatest value of a number."""
PROBABILITY = "event"


def impossible(sides: Sequence[Node], relation: str, probability: bool) -> str:
    """Return why the last side cannot be what an earlier one is equal to, or nothing.

    probability: whether the words before speak of one, so that P(A) is one.

    >>> from symgrad.reading.tree import Number
    >>> z, value = Symbol("z"), Number(Fraction(3, 10), "0.3", 1)
    >>> impossible([Apply("sigmoid", (z,), 1), value], "=", False)
    'it lies between 0 and 1/4'
    """
    if relation not in ("=", "≈"):
        return ""
    value = _number(sides[-1])
    if value is None:
        return ""
    for side in sides[:-1]:
        low, high = _range(side, probability)
        slack = 1 if relation == "=" else Fraction(101, 100)
        if high is not None and low is not None and (value > _arb(high * slack) or value < _arb(low)):
            return f"it lies between {low} and {high}"
    return ""


def _range(node: Node, probability: bool) -> tuple[Fraction | None, Fraction | None]:
    match node:
        case Unknown("P" | "Pr", _, 0) if probability or node.arguments[0] == Symbol(PROBABILITY):
            return Fraction(0), Fraction(1)
        case Apply(name, arguments, primes) if symbols(node) and len(arguments) == 1:
            return RANGES.get((name, primes), (None, None))
    return None, None


def _number(node: Node) -> arb | None:
    if isinstance(node, Tuple) or symbols(node):
        return None
    try:
        return ball(evaluate(node, {}))
    except (NotUnderstoodError, UndefinedError):
        return None


def _arb(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))
