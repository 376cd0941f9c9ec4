"""The multiples of a product as one, where that is shorter: (1/B) 2 is 2/B."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Expression, Number
from symgrad.algebra.index_sum import index_sum
from symgrad.algebra.linear_map import Compose, Identity, IndexedSum, LinearMap, Scale, Sum
from symgrad.calculus.collected.row import signed_scale
from symgrad.calculus.simplified import extent, product
from symgrad.network.network import Network

MANY = 50
"""Multiples in one product beyond which they stay apart: those of a deep network are its layers."""


def one_multiple(network: Network, m: LinearMap) -> LinearMap:
    """Return a product whose multiples are one, in the place of the first, where that is shorter: (1/B) 2 is 2/B."""
    if not isinstance(m, Compose):
        return m
    sums = any(isinstance(x, Sum) and _is_number(x) for x in m.maps)
    for kinds in ((Scale, Sum), (Scale,)) if sums else ((Scale,),):
        places = [i for i, x in enumerate(m.maps) if isinstance(x, kinds) and _is_number(x)]
        if 2 <= len(places) <= MANY:
            numbers = [_number(m.maps[i]) for i in places]
            one = product(network, *numbers)
            letters, nodes = (sum(n) for n in zip(*map(extent, numbers), strict=True))
            fewer, smaller = extent(one)
            if fewer < letters or (Sum not in kinds and smaller < nodes):
                return M.compose(
                    *[signed_scale(one) if i == places[0] else x for i, x in enumerate(m.maps) if i not in places[1:]]
                )
    return m


def _is_number(m: LinearMap) -> bool:
    """Tell whether a map is one of multiples alone, with no product over an index."""
    match m:
        case Compose(maps) | Sum(maps):
            return all(map(_is_number, maps))
        case IndexedSum(body=body):
            return _is_number(body)
    return isinstance(m, Scale | Identity)


def _number(m: LinearMap) -> Expression:
    """Return a map of multiples alone as the number that it multiplies by."""
    match m:
        case Scale(c):
            return c
        case Compose((first, *others)):
            whole = _number(first)
            for x in others:
                whole = whole * _number(x)
            return whole
        case Sum((first, *others)):
            whole = _number(first)
            for x in others:
                whole = whole + _number(x)
            return whole
        case IndexedSum(body=body):
            return index_sum(m.range, _number(body))
    return Number(Fraction(1))
