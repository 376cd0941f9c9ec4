"""The number of axes of an expression: 0 for a number, 1 for a vector, 2 for a matrix."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Constant, Expression, Partial, Quantity
from symgrad.network.network import Network


def rank(network: Network, e: Expression) -> int:
    """Return the number of axes of e.

    At a concrete depth dimensions such as n[L] and n[4] need not be compared.

    >>> from symgrad.network.read import read_builtin
    >>> rank(read_builtin("mlp"), Quantity("W", 2))
    2
    """
    match e:
        case Quantity():
            return len(network.shape(e))
        case Constant():
            return len(e.own_shape)
        case Apply(op, (x, y)) if op.name == "@":
            return rank(network, x) + rank(network, y) - 2
        case Apply(op) if op.kind == "scalar" or op.name == "sum":
            return 0
        case Apply(op, arguments) if op.kind.startswith("partial"):
            return rank(network, arguments[int(op.kind.split()[1])])
        case Apply(_, arguments):
            return max(rank(network, a) for a in arguments)
        case Partial(_, wrt):
            return rank(network, wrt)
    return 0
