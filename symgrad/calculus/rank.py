"""The number of axes of an expression: 0 for a number, 1 for a vector, 2 for a matrix; and those of a map."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from symgrad.algebra.differential import Change, Cotangent, Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Sum,
    Swap,
    Transpose,
)
from symgrad.algebra.shape import Shape
from symgrad.network.network import Network

SOME: Shape = (2, 2)
"""Axes of one size: whether n[L] and n[4] are the same dimension does not matter for their number."""


def rank(network: Network, e: Expression) -> int:
    """Return the number of axes of e, which the shape rules of its operations give.

    >>> from symgrad.network.read import read_builtin
    >>> rank(read_builtin("mlp"), Quantity("W", 2))
    2
    """
    match e:
        case Quantity():
            return len(network.shape(e))
        case Change(q) | Cotangent(_, q):
            return len(network.shape(q))
        case Constant():
            return len(e.own_shape)
        case Apply():
            return _of_operation(network, e)
        case IndexSum(body=body):
            return rank(network, body)
        case Partial(of, wrt) if of.name in network.derivatives:
            return len(network.shape(of)) + len(network.shape(wrt))
        case Partial(_, _, Apply(op) as value) if op.kind == "jacobian":
            return rank(network, value)
        case Partial(_, wrt):
            return rank(network, wrt)
    return 0


@lru_cache(maxsize=65_536)
def _of_operation(network: Network, e: Apply) -> int:
    return len(e.op.shape(*[SOME[: rank(network, a)] for a in e.arguments]))


Axes = tuple[int | None, int | None]
"""Of what a map gives and of what it takes; None where the map does not say: a multiple takes anything."""


def axes(network: Network, m: LinearMap) -> Axes:
    """Return the numbers of axes of what m gives and of what it takes, as far as m says.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_builtin
    >>> axes(read_builtin("mlp"), Column(Quantity("b", 1)))
    (1, 0)
    """
    match m:
        case Column(v):
            return rank(network, v), 0
        case Diagonal(v):
            return rank(network, v), rank(network, v)
        case Matrix():
            return 1, 1  # or of a matrix, column by column
        case Right(B):
            return rank(network, B), 2
        case Swap():
            return 2, 2
        case Named(of, wrt):
            return len(network.shape(of)), len(network.shape(wrt))
        case Transpose(inner):
            out, into = axes(network, inner)
            return into, out
        case Compose(maps):
            outs = (out for out, _ in (axes(network, x) for x in maps) if out is not None)
            intos = (into for _, into in (axes(network, x) for x in reversed(maps)) if into is not None)
            return next(outs, None), next(intos, None)
        case Sum(maps):
            each = [axes(network, x) for x in maps]
            return _known(out for out, _ in each), _known(into for _, into in each)
        case Product(_, _, _, body) | IndexedSum(_, _, _, body):
            return axes(network, body)
        case Block():
            return 1, 1
    return None, None


def _known(found: Iterable[int | None]) -> int | None:
    return next((n for n in found if n is not None), None)
