"""A calculation with units as a number, a scale and a dimension: 5 km / 2 h is 5/2 times 5/18 in m/s."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from math import isqrt

from symgrad.reading.tree import UNIT, Apply, Node, Number, Symbol, walk
from symgrad.reading.unit.expression import Meaning, meanings
from symgrad.reading.unit.known import NONE, Dimension

MOST = 16
"""Meanings of all units in a claim together that are tried."""
LARGEST = 12
"""Powers of units up to which they are taken."""
Chosen = Mapping[str, Meaning]


class NoQuantityError(Exception):
    """What has no dimension: a sum of metres and seconds."""


@dataclass(frozen=True)
class Quantity:
    """A calculation without its units, None for units alone; its scale in the bases, and its dimension."""

    node: Node | None
    scale: Fraction = Fraction(1)
    dimension: Dimension = NONE


def has_units(node: Node) -> bool:
    """Tell whether a unit stands in a calculation."""
    return any(_unit(n) for n in walk(node))


def _unit(node: Node) -> str:
    return node.name.removeprefix(UNIT) if isinstance(node, Symbol) and node.name.startswith(UNIT) else ""


def choices(*nodes: Node) -> Iterator[Chosen]:
    """Yield what all units in some calculations may mean together."""
    names = sorted({name for node in nodes for n in walk(node) if (name := _unit(n))})
    for found in islice(product(*(meanings(name) for name in names)), MOST):
        yield dict(zip(names, found, strict=True))


def quantity(node: Node, chosen: Chosen) -> Quantity:
    """Return a calculation as a quantity; raises NoQuantityError where its dimensions do not fit.

    >>> [km] = meanings("km")
    >>> three = Number(Fraction(3), "3")
    >>> found = quantity(Apply("*", (three, Symbol("unit km"))), {"km": km})
    >>> found.node == three, found.scale
    (True, Fraction(1000, 1))
    """
    if name := _unit(node):
        return Quantity(None, chosen[name].scale, chosen[name].dimension)
    if not has_units(node):
        return Quantity(node)
    match node:
        case Apply("neg", (inner,)):
            of = quantity(inner, chosen)
            return Quantity(Apply("neg", (_number(of.node),)), of.scale, of.dimension)
        case Apply("*" | "/" as sign, (left, right)):
            return _product(sign, quantity(left, chosen), quantity(right, chosen))
        case Apply("+" | "-" as sign, (left, right)):
            return _sum(sign, quantity(left, chosen), quantity(right, chosen))
        case Apply("^", (base, exponent)):
            return _power(quantity(base, chosen), exponent)
        case Apply("sqrt", (inner,)):
            return _root(quantity(inner, chosen))
        case Apply("abs", (inner,)):
            of = quantity(inner, chosen)
            return Quantity(Apply("abs", (_number(of.node),)), of.scale, of.dimension)
        case Apply(name, arguments, primes):
            found = [quantity(a, chosen) for a in arguments]
            if any(q.dimension != NONE for q in found):
                raise NoQuantityError("a function of a quantity with a dimension")
            return Quantity(Apply(name, tuple(scaled(q.node, q.scale) for q in found), primes))
    raise NoQuantityError("units in what is no calculation")


def _number(node: Node | None) -> Node:
    return node if node is not None else Number(Fraction(1), "1")


def scaled(node: Node | None, scale: Fraction) -> Node:
    """Return a calculation times an exact number.

    >>> scaled(Number(Fraction(36), "36"), Fraction(1, 2)).name
    '/'
    """
    node = _number(node)
    if scale == 1:
        return node
    above, below = scale.numerator, scale.denominator
    node = node if above == 1 else Apply("*", (node, Number(Fraction(above), str(above))))
    return node if below == 1 else Apply("/", (node, Number(Fraction(below), str(below))))


def _product(sign: str, left: Quantity, right: Quantity) -> Quantity:
    s = 1 if sign == "*" else -1
    dimension = tuple(a + s * b for a, b in zip(left.dimension, right.dimension, strict=True))
    if right.node is None:
        node = left.node
    elif left.node is None and sign == "*":
        node = right.node
    else:
        node = Apply(sign, (_number(left.node), right.node))
    return Quantity(node, left.scale * right.scale**s, dimension)


def _sum(sign: str, left: Quantity, right: Quantity) -> Quantity:
    if _is_zero(left) or _is_zero(right):  # 0 of anything
        other = right if _is_zero(left) else left
        return Quantity(Apply(sign, (_number(left.node), _number(right.node))), other.scale, other.dimension)
    if left.dimension != right.dimension:
        raise NoQuantityError("a sum of different dimensions")
    if left.scale == right.scale:
        return Quantity(Apply(sign, (_number(left.node), _number(right.node))), left.scale, left.dimension)
    ratio = right.scale / left.scale
    return Quantity(Apply(sign, (_number(left.node), scaled(right.node, ratio))), left.scale, left.dimension)


def _is_zero(of: Quantity) -> bool:
    return isinstance(of.node, Number) and of.node.value == 0


def _power(base: Quantity, exponent: Node) -> Quantity:
    n = _whole(exponent)
    if n is None or abs(n) > LARGEST:
        raise NoQuantityError("a power of a quantity")
    node = None if base.node is None else Apply("^", (base.node, exponent))
    return Quantity(node, base.scale**n, tuple(n * d for d in base.dimension))


def _whole(node: Node) -> int | None:
    match node:
        case Number(value) if value.denominator == 1:
            return int(value)
        case Apply("neg", (Number(value),)) if value.denominator == 1:
            return -int(value)
    return None


def _root(of: Quantity) -> Quantity:
    half = tuple(d / 2 for d in of.dimension)
    above, below = isqrt(of.scale.numerator), isqrt(of.scale.denominator)
    if (above * above, below * below) == (of.scale.numerator, of.scale.denominator):
        return Quantity(Apply("sqrt", (_number(of.node),)), Fraction(above, below), half)
    return Quantity(Apply("sqrt", (scaled(of.node, of.scale),)), Fraction(1), half)
