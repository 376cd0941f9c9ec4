"""Entries of expressions: (u ⊙ σ(z))_i is u_i σ(z_i), (u vᵀ)_{ij} is u_i v_j, (e_k)_i is 1 where i = k, else 0.

A place is a number, a dimension, or a letter, which is written as a dimension is: an entry is printed, and checked
where letters have numbers.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra.dimension import Size, plus
from symgrad.algebra.expression import MUL, Apply, Constant, Expression, Number
from symgrad.algebra.op import Op
from symgrad.algebra.shape import broadcast
from symgrad.calculus.rank import rank
from symgrad.network.functions import LINEAR
from symgrad.network.network import Network
from symgrad.ops.linear import OUTER, TRANSPOSE
from symgrad.ops.matrix import DIAG
from symgrad.ops.part import COLUMN, COLUMNS, ENTRY, ROW, ROWS, place, placed, slice_of
from symgrad.ops.piecewise import indicator
from symgrad.ops.record import Elementwise

ONE, ZERO = Number(Fraction(1)), Number(Fraction(0))


def entry(network: Network, e: Expression, *at: Size) -> Expression:
    """Return the entry of a vector at one place, of a matrix at two; of a number the number itself.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("z: (n,)\\nW: (m, n)\\nC = sum(exp(z))", "entries")
    >>> z = Quantity("z")
    >>> entry(net, z * z, 2) == Apply(MUL, (entry(net, z, 2),) * 2)
    True
    """
    if not rank(network, e):
        return e
    if len(at) == 1:
        return _of_vector(network, e, at[0])
    return _of_matrix(network, e, *at)


def delta(i: Size, j: Size) -> Expression:
    """Return 1 where i = j, else 0."""
    if i == j:
        return ONE
    apart = plus(i, j, -1)
    if isinstance(apart, int):
        return ZERO
    return Apply(indicator("="), (Constant("size", (i,)), Constant("size", (j,))))


def _of_vector(network: Network, e: Expression, i: Size) -> Expression:
    match e:
        case Constant("1"):
            return ONE
        case Apply() if _is_entrywise(e.op):
            return Apply(e.op, tuple([entry(network, a, i) for a in e.arguments]))
        case Apply(op, (x, at)) if op == COLUMN:
            return entry(network, x, i, placed(at))
        case Apply(op, (x, at)) if op == ROW:
            return entry(network, x, placed(at), i)
        case Apply(op, (x, first, _)) if op == slice_of(ROWS):
            return entry(network, x, plus(plus(i, placed(first)), 1, -1))
        case Apply(op, (x,)) if op == TRANSPOSE:
            return entry(network, x, i)
    return Apply(ENTRY, (e, place(i)))


def _of_matrix(network: Network, e: Expression, i: Size, j: Size) -> Expression:
    match e:
        case Constant("1"):
            return ONE
        case Constant("I"):
            return delta(i, j)
        case Apply() if _is_entrywise(e.op):
            return Apply(e.op, tuple([entry(network, a, i, j) for a in e.arguments]))
        case Apply(op, (x,)) if op == TRANSPOSE:
            return entry(network, x, j, i)
        case Apply(op, (u, v)) if op == OUTER:
            return Apply(MUL, (entry(network, u, i), entry(network, v, j)))
        case Apply(op, (v,)) if op == DIAG and rank(network, v) == 1:
            return Apply(MUL, (entry(network, v, i), delta(i, j)))
        case Apply(op, (x, first, _)) if op == slice_of(ROWS):
            return entry(network, x, plus(plus(i, placed(first)), 1, -1), j)
        case Apply(op, (x, first, _)) if op == slice_of(COLUMNS):
            return entry(network, x, i, plus(plus(j, placed(first)), 1, -1))
    return Apply(ENTRY, (Apply(ROW, (e, place(i))), place(j)))


def _is_entrywise(op: Op) -> bool:
    """Tell whether an operation acts on each entry."""
    if op.kind in ("slope", "second slope") or op.shape is broadcast:
        return True
    return op.kind == "function" and (op.record is None or isinstance(op.record, Elementwise)) and op not in _OF_ARRAYS


_OF_ARRAYS = frozenset(LINEAR.values())
