"""Products of numbers, vectors and matrices in normal form: entry by entry, x @ y, x yᵀ, ⟨x, y⟩."""

from __future__ import annotations

from symgrad.algebra.expression import MUL, Apply, Constant, Expression
from symgrad.calculus.normal.term import ZERO, atom, is_ones, scalars_apart, size, written
from symgrad.calculus.normal.total import _apart, _cancelled, term
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.normal.units import picked, pushed
from symgrad.calculus.parts import is_unit, of_identity, selected
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.kronecker import columns_met
from symgrad.ops.linear import MATMUL, OUTER, SUM
from symgrad.ops.matrix import DIAG, TRACE


def times(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x y entry by entry, where a number multiplies every entry."""
    return written(network, picked(network, term(network, x) * term(network, y)))


def matmul(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x @ y, with what is a number in front; A (u vᵀ) is (A u) vᵀ, and a matrix of ones is 𝟏 𝟏ᵀ."""
    (left, u), (right, v) = (_apart(network, z) for z in (x, y))
    if not left.number or not right.number:
        return ZERO
    u, v = _rank_one(u), _rank_one(v)
    match u, v:
        case Constant("I"), _:
            inner = v
        case _, Constant("I"):
            inner = u
        case _, Apply(op, (a, b)) if op == OUTER and rank(network, u) == 2:
            inner = outer(network, matmul(network, u, a), b)
        case Apply(op, (Constant("I"), X)), Constant("1", (_,)) if op == MUL:
            inner = Apply(DIAG, (X,))
        case Apply(op, (a, b)), _ if op == OUTER and is_unit(b) and rank(network, v) == 1:
            picked_entry = matmul(network, b, v)
            return written(network, left * right * term(network, times(network, picked_entry, a)))
        case _ if (met := columns_met(u, v)) is not None:
            return written(network, left * right * term(network, met))
        case _ if (met := selected(u, v, (rank(network, u), rank(network, v)))) is not None:
            inner = pushed(network, met)
        case _ if (met := _cancelled(network, u, v)) is not None:
            inner = met
        case Apply(op, (a, b)), _ if op == OUTER and rank(network, v) == 2:
            inner = outer(network, a, matmul(network, transposed(network, v), b))
        case _:
            inner = Apply(MATMUL, (u, v))
    return written(network, left * right * term(network, inner))


def _rank_one(e: Expression) -> Expression:
    """Write a matrix of ones as 𝟏 𝟏ᵀ."""
    match e:
        case Constant("1", (m, n)) if 1 not in (m, n):
            return Apply(OUTER, (Constant("1", (m,)), Constant("1", (n,))))
    return e


def outer(network: Network, x: Expression, y: Expression) -> Expression:
    """Return x yᵀ of two vectors, with what is a number in front."""
    match x, y:
        case Constant("1", (m,)), Constant("1", (n,)):
            return Constant("1", (m, n))
    return written(network, term(network, Apply(OUTER, (x, y))))


def inner(network: Network, x: Expression, y: Expression) -> Expression:
    """Return ⟨x, y⟩: x y of numbers, xᵀ y of vectors, the sum over all entries of x ∘ y of matrices."""
    axes = max(rank(network, x), rank(network, y))
    if not axes:
        return times(network, x, y)
    if axes == 1 and (of_identity(x) or of_identity(y)):
        return matmul(network, x, y)
    for one, other in ((x, y), (y, x)) if axes == 2 else ():
        front, matrix = scalars_apart(network, term(network, other))
        if isinstance(one, Constant) and one.kind == "I":
            return written(network, front * atom(network, Apply(TRACE, (matrix,))))
        if isinstance(matrix, Apply) and matrix.op == OUTER and not _is_spread(matrix):  # ⟨A, u vᵀ⟩ is uᵀ A v
            column, row = matrix.arguments
            return written(network, front * term(network, inner(network, column, matmul(network, one, row))))
    scalars, both = scalars_apart(network, term(network, x) * term(network, y))
    ((left, u), (right, v)) = (scalars_apart(network, term(network, z)) for z in (x, y))
    if axes == 1 and not is_ones(u) and not is_ones(v) and size(both) >= size(u) + size(v):
        return written(network, left * right * atom(network, Apply(MATMUL, (u, v))))
    return written(network, scalars * atom(network, Apply(SUM, (both,))))


def _is_spread(e: Apply) -> bool:
    """Tell whether u vᵀ has a vector of ones in it: a broadcast, whose place is in sums entry by entry."""
    return any(map(is_ones, e.arguments))
