"""Divergence, curl and Laplacian of printed components in x, y, z, as derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce

from symgrad.reading.tree import Apply, Derivative, Node, Number, Tuple, symbols

LETTERS = ("x", "y", "z")
"""The coordinates by which fields are derived; in others the formulas are not these."""
TURNS = ((1, 2), (2, 0), (0, 1))
"""The components that make up each component of a curl or a cross product."""
DIVERGENCE, CURL, LAPLACIAN = "∇·", "∇×", "∇²"


def field(operator: str, of: Node) -> Node | None:
    """Return what an operator makes of printed components, or of a formula; None where that is not certain.

    >>> from symgrad.reading.tree import Symbol
    >>> field(DIVERGENCE, Tuple((Symbol("x"), Symbol("y"))))
    Apply(name='+', arguments=(Derivative(body=Symbol(name='x'), variable='x', order=1, immediate=False), \
Derivative(body=Symbol(name='y'), variable='y', order=1, immediate=False)), primes=0)
    """
    if not any(letter in symbols(of) for letter in LETTERS):
        return None
    match of:
        case Tuple(items) if operator != LAPLACIAN and not any(isinstance(n, Tuple) for n in items):
            return _divergence(items) if operator == DIVERGENCE else _curl(items)
        case Tuple():
            return None
    if operator != LAPLACIAN:
        return None
    return _sum([Derivative(of, letter, 2) for letter in LETTERS if letter in symbols(of)])


def _divergence(items: Sequence[Node]) -> Node | None:
    if not 2 <= len(items) <= len(LETTERS):
        return None
    return _sum([_slope(part, letter) for part, letter in zip(items, LETTERS, strict=False)])


def _curl(items: Sequence[Node]) -> Node | None:
    if len(items) != len(LETTERS):
        return None
    pairs = [(_slope(items[b], LETTERS[a]), _slope(items[a], LETTERS[b])) for a, b in TURNS]
    return Tuple(tuple(Apply("-", pair) for pair in pairs))


def cross(left: Sequence[Node], right: Sequence[Node]) -> Tuple:
    """Return the cross product of two vectors of three printed components."""
    pairs = [(Apply("*", (left[i], right[k])), Apply("*", (left[k], right[i]))) for i, k in TURNS]
    return Tuple(tuple(Apply("-", pair) for pair in pairs))


def _slope(part: Node, letter: str) -> Node:
    return Derivative(part, letter) if letter in symbols(part) else Number(Fraction(0), "0")


def _sum(parts: Sequence[Node]) -> Node:
    return reduce(lambda a, b: Apply("+", (a, b)), parts)
