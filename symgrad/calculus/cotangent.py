"""A linear map applied to an array, symbolically: to a change dX, or transposed to a cotangent G.

The maps of matrices are no matrices themselves, so that their product cannot be written as one; applied, they can:

    dM ↦ A dM,  dM B,  V ∘ dM,  dMᵀ;   transposed  G ↦ Aᵀ G,  G Bᵀ,  V ∘ G,  Gᵀ.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import NEG, Apply, Constant, Expression, Number
from symgrad.algebra.expression_tree import applications
from symgrad.algebra.index_sum import index_sum
from symgrad.algebra.linear_map import (
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Undefined,
    Zero,
)
from symgrad.calculus.normal.product import inner, matmul, outer, times
from symgrad.calculus.normal.term import ONE, ZERO, is_ones
from symgrad.calculus.normal.total import normal, total
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.errors import NotDefined
from symgrad.network.network import Network
from symgrad.ops.power import MATRIX_POWER


def applied(network: Network, m: LinearMap, x: Expression) -> Expression | None:
    """Return m x as an expression; None where an indexed product, a sum or several states stand in the way.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("W: (m, n)\\nX: (n, B)\\nE = sum(W@X)", "layer")
    >>> W, X = Quantity("W"), Quantity("X")
    >>> applied(net, Right(X), W).op.name
    '@'
    """
    if x == ZERO:
        return ZERO
    match m:
        case Identity():
            return x
        case Zero():
            return ZERO
        case Scale(c) | Diagonal(c) | Column(c):
            return times(network, c, x)
        case Matrix(A):
            return matmul(network, A, x)
        case Right(B):
            return matmul(network, x, B)
        case Swap():
            return transposed(network, x)
        case Named(_, _, named):
            return applied(network, named, x)
        case Transpose(of):
            return _transposed(network, of, x)
        case Undefined(why, todo):
            raise NotDefined(why, todo=todo)
        case IndexedSum(body=body) if any(
            a.op == MATRIX_POWER for e in map_tree.expressions(body) for a in applications(e)
        ):
            term = applied(network, body, x)
            return None if term is None else index_sum(m.range, term)
        case Sum((Diagonal(p), *_)) if is_of_softmax_rows(m):
            return _of_softmax_rows(network, p, x)
        case Sum(maps):
            parts = [applied(network, y, x) for y in maps]
            return None if None in parts else total(network, *[p for p in parts if p is not None])
        case Compose(maps):
            for y in reversed(maps):
                changed = applied(network, y, x)
                if changed is None:
                    return None
                x = changed
            return x
    return None


def is_of_softmax_rows(m: LinearMap) -> bool:
    """Tell whether m is dX -> P ⊙ dX - P ⊙ ((P ⊙ dX) 𝟏 𝟏ᵀ), or its transpose."""
    match m:
        case Sum((Diagonal(p), Compose((*maps,)))):
            others = [x for x in maps if x != Scale(Number(Fraction(-1)))]
            match others:
                case [Diagonal(first), Transpose(Right(ones)), Right(again), Diagonal(last)]:
                    return first == last == p and ones == again and len(maps) == 5 and is_ones(ones)
    return False


def _of_softmax_rows(network: Network, p: Expression, x: Expression) -> Expression:
    """Return P ⊙ (G - (P ⊙ G) 𝟏 𝟏ᵀ), with the row sums as books write them."""
    [columns] = network.shape_of(p)[1:]
    ones = Constant("1", (columns,))
    sums = outer(network, matmul(network, times(network, p, x), ones), ones)
    return times(network, p, total(network, x, Apply(NEG, (sums,))))


def _transposed(network: Network, of: LinearMap, g: Expression) -> Expression | None:
    match of:
        case Column(v):
            return inner(network, v, g)
        case Matrix(A):
            return matmul(network, transposed(network, A), g)
        case Right(B) if rank(network, B) == 1:
            return outer(network, g, B)
        case Right(B):
            return matmul(network, g, transposed(network, B))
    return applied(network, M.transpose(of if not isinstance(of, Named) else of.map), g)


def pulled(network: Network, m: LinearMap, g: Expression = ONE) -> Expression | None:
    """Return mᵀ g, the cotangent of what m acts on where g is that of what it gives; None as for ``applied``."""
    return applied(network, M.transpose(m), g)


def changed(network: Network, m: LinearMap, x: Expression = ONE) -> Expression | None:
    """Return m x in its normal form."""
    found = applied(network, m, x)
    return None if found is None else normal(network, found)
