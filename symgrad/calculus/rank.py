"""The number of axes of an expression: 0 for a number, 1 for a vector, 2 for a matrix."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Change, Constant, Cotangent, Expression, Partial, Quantity
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
        case Apply(op, arguments):
            return len(op.shape(*[SOME[: rank(network, a)] for a in arguments]))
        case Partial(_, wrt):
            return rank(network, wrt)
    return 0
