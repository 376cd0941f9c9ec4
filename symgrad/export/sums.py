"""Sums over rows and columns by the names that books give them: rowsum(A) is A 𝟏 𝟏ᵀ, colsum(A) is 𝟏 𝟏ᵀ A.

Both have the shape of A: every entry is the sum of its row, or of its column.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from symgrad.algebra.expression import DIV, Apply, Constant, Expression
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.shape import Shape
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.export.math import Part, Text
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER, SOFTMAX, TRANSPOSE
from symgrad.ops.reduction import ARGMAX, ARGMIN, Reduction, size_of


class Summed(NamedTuple):
    """rowsum, colsum, rowmean or colmean, and what it is of."""

    name: str
    of: Expression


def summed(network: Network, e: Expression) -> Summed | None:
    """Return what e is by such a name; None where it is none.

    >>> from symgrad.network.read import read_network
    >>> net = read_network("X: (n, q)\\nC = sum((X - mean(X, axis=1, keepdims=True))**2)", "centred")
    >>> [summed(net, e).name for e in nodes(net.equations[0].value) if summed(net, e)]
    ['rowmean']
    """
    match e:
        case Apply(op, (Apply(by, (sums, size)), Constant("1") as ones)) if (op, by) == (OUTER, DIV):
            return summed(network, Apply(DIV, (Apply(OUTER, (sums, ones)), size)))
        case Apply(op, (Constant("1") as ones, Apply(by, (sums, size)))) if (op, by) == (OUTER, DIV):
            return summed(network, Apply(DIV, (Apply(OUTER, (ones, sums)), size)))
        case Apply(op, (inner, size)) if op == DIV and (found := _sum(network, inner)) is not None:
            [name, of], along = found
            return Summed(name.replace("sum", "mean"), of) if size == size_of(along) else None
    found = _sum(network, e)
    return None if found is None else found[0]


def _sum(network: Network, e: Expression) -> tuple[Summed, Shape] | None:
    """Return the sum that e is, in every place of what is summed, and the axis that is summed over."""
    match e:
        case Apply(op, (Apply(by, (A, Constant("1", along))), Constant("1", across))) if (op, by) == (OUTER, MATMUL):
            return _known(Summed("rowsum", A), along, across)
        case Apply(op, (Constant("1", across), Apply(by, (A, Constant("1", along))))) if (op, by) == (OUTER, MATMUL):
            return _known(Summed("colsum", transposed(network, A)), along, across)
        case Apply(op, (Constant("1", across), Apply(by, (Constant("1", along), A)))) if (op, by) == (OUTER, MATMUL):
            return _known(Summed("colsum", A), along, across)
    return None


def _known(found: Summed, along: Shape, across: Shape) -> tuple[Summed, Shape] | None:
    """Return a sum whose entries stand in the places of what is summed: as many as there are."""
    return (found, along) if along == across and along != (0,) and len(along) == 1 else None


def turned_argument(e: Apply) -> Expression | None:
    """Return X where e is a function of each row of Xᵀ, that is of each column of X; None for any other."""
    match e:
        case Apply(op, (Apply(turn, (x,)),)) if turn == TRANSPOSE and isinstance(op.record, Reduction):
            return x if op.name == op.record.of_row else None
    return None


def sentences(expressions: Iterable[Expression], network: Network) -> list[Part]:
    """Say what the functions of arrays are that stand in expressions: what acts on rows, where max has no slope."""
    found: dict[str, None] = {}
    for x in expressions:
        for e in nodes(x):
            if (known := summed(network, e)) is not None:
                found.setdefault(WORDS[known.name])
            if isinstance(e, Apply) and isinstance(e.op.record, Reduction) and e.op.name == e.op.record.of_row:
                record, by_columns = e.op.record, turned_argument(e) is not None
                name, of = (record.of_column, "column") if by_columns else (record.of_row, "row")
                found.setdefault(f"{name}: the {record.words} of each {of}.")
            if isinstance(e, Apply) and e.op == SOFTMAX and rank(network, e) == 2:
                found.setdefault("softmax is that of each row.")
            if isinstance(e, Apply) and e.op in (ARGMAX, ARGMIN):
                name, largest = ("argmax", "largest") if e.op == ARGMAX else ("argmin", "smallest")
                found.setdefault(
                    f"{name} is 1 at the {largest} entry, by convention the first of several, and 0 at the others."
                )
    return [Text(words, once=True) for words in found]


WORDS = {
    "rowsum": "rowsum: each entry is the sum of its row.",
    "colsum": "colsum: each entry is the sum of its column.",
    "rowmean": "rowmean: each entry is the mean of its row.",
    "colmean": "colmean: each entry is the mean of its column.",
}
"""What each name is, in words."""
