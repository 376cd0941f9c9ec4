"""What the entries of a vector add up to, where that is known: those of softmax(z), or of a declared simplex."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.algebra.expression import ADD, DIV, MUL, NEG, SUB, Apply, Constant, Expression, Number, Quantity
from symgrad.calculus.output import definition
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import SOFTMAX, SUM

Normal = Callable[[Network, Expression], Expression]
ZERO = Number(Fraction(0))
DEEPEST = 10
"""Definitions inside each other that are looked into."""


def entries_total(network: Network, e: Expression, normal: Normal, deepest: int = DEEPEST) -> Expression | None:
    """Return sum(e) of a vector; None where it is not known. normal: what writes a sum in its normal form.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("y: (K,)\\ny: simplex\\nz: (K,)\\nC = softmax(z)@y", "mean")
    >>> entries_total(net, 2 * Quantity("y"), lambda _, x: x)
    Number(value=Fraction(2, 1))
    """
    if rank(network, e) != 1:
        return None
    match e:
        case Quantity():
            return _of_quantity(network, e, normal, deepest)
        case Constant("1", shape):
            return _size(shape)
        case Apply(op) if op == SOFTMAX:
            return Number(Fraction(1))
        case Apply(op, (x,)) if op == NEG:
            inner = entries_total(network, x, normal, deepest)
            return None if inner is None else -inner
        case Apply(op, (x, y)) if op in (MUL, DIV) and not rank(network, y):
            inner = entries_total(network, x, normal, deepest)
            return inner if inner in (None, ZERO) else Apply(op, (inner, y))
        case Apply(op, (x, y)) if op == MUL and not rank(network, x):
            inner = entries_total(network, y, normal, deepest)
            return None if inner is None else _times(x, inner)
        case Apply(op, (x, y)) if op in (ADD, SUB):
            parts = [_spread(network, a, network.shape_of(e), normal, deepest) for a in (x, y)]
            return None if None in parts else normal(network, Apply(op, tuple(p for p in parts if p is not None)))
    return None


def _of_quantity(network: Network, q: Quantity, normal: Normal, deepest: int) -> Expression | None:
    known = next((d.total for d in network.domains(q) if d.total is not None), None)
    if known is not None:
        return Number(known)
    value = definition(network, q)
    if value is None or not deepest:
        return Apply(SUM, (q,)) if deepest < DEEPEST else None
    return entries_total(network, value, normal, deepest - 1)


def _spread(
    network: Network, e: Expression, shape: tuple[object, ...], normal: Normal, deepest: int
) -> Expression | None:
    """Return the total of a term of a sum; a number stands in every entry."""
    if rank(network, e):
        return entries_total(network, e, normal, deepest)
    value = definition(network, e) if isinstance(e, Quantity) else e
    match value:  # a mean
        case Apply(op, (Apply(inner), _)) if op == DIV and inner == SUM:
            e = value
        case Apply(op, (x,)) if op.name == "mean" and (size := _size(network.shape_of(x))) is not None:
            e = Apply(SUM, (x,)) / size
    size = _size(shape)
    return None if size is None else _times(e, size)


def _times(x: Expression, y: Expression) -> Expression:
    return x if y == Number(Fraction(1)) else x * y


def _size(shape: tuple[object, ...]) -> Expression | None:
    [n] = shape
    if isinstance(n, int):
        return Number(Fraction(n)) if n else None  # the shape of ones whose place on the page gives it is not known
    return Constant("size", (n,))  # type: ignore[arg-type]  # a dimension


def rows_add_to_one(network: Network, e: Expression, deepest: int = DEEPEST) -> bool:
    """Tell whether each row of a matrix is known to add up to 1: of a softmax by rows, or of a declared simplex.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("Y: (m, n)\\nY: simplex\\nX: (m, n)\\nC = sum(X*Y)", "rows")
    >>> rows_add_to_one(net, Quantity("Y")), rows_add_to_one(net, Quantity("X"))
    (True, False)
    """
    if rank(network, e) != 2:
        return False
    match e:
        case Quantity():
            if any(d.of_rows and d.total == 1 for d in network.domains(e)):
                return True
            value = definition(network, e)
            return value is not None and deepest > 0 and rows_add_to_one(network, value, deepest - 1)
        case Apply(op):
            return op == SOFTMAX
    return False
