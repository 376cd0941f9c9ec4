"""A product of sums multiplied out: the residual product (I + J_2) (I + J_1) as the paths I + J_2 + J_1 + J_2 J_1."""

from __future__ import annotations

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.linear_map import Block, Compose, IndexedSum, LinearMap, Product, Sum
from symgrad.errors import NotDefined, TooLarge

MOST_PATHS = 1_024
"""Paths up to which they are written one by one: those of ten residual blocks."""


def multiplied_out(m: LinearMap) -> LinearMap:
    """Return a map as the sum of its paths, each a product without a sum in it.

    Raises NotDefined where a product or a sum over an index that is no number stands in it, or several states,
    TooLarge beyond 1,024 paths.

    >>> from symgrad.algebra.expression import Quantity
    >>> a, b = (M.add(M.IDENTITY, M.Matrix(Quantity(name))) for name in "AB")
    >>> len(multiplied_out(M.compose(a, b)).maps)
    4
    """
    return M.add(*_paths(m))


def _paths(m: LinearMap) -> list[LinearMap]:
    match m:
        case Sum(maps):
            return [p for x in maps for p in _paths(x)]
        case Compose(maps):
            found: list[LinearMap] = [M.IDENTITY]
            for x in maps:
                paths = _paths(x)
                if len(found) * len(paths) > MOST_PATHS:
                    raise TooLarge(
                        f"there are more than {MOST_PATHS:,} paths", todo="print the product, or take fewer layers"
                    )
                found = [M.compose(p, q) for p in found for q in paths]
            return found
        case Product() | IndexedSum():
            if m.body != map_tree.at_index(m.body, {m.symbol: 0}) or not isinstance(m.upper, int):
                raise NotDefined(
                    "the paths through a symbolic number of steps cannot be written one by one",
                    todo="give the indices or the depth as numbers: --of 'h[4]', --depth 4",
                )
        case Block():
            raise NotDefined("the paths of several states are not written one by one", todo="print the product")
    return [m]
