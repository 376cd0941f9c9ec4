"""Maps of vectors through a matrix made of one, diag(h) u or h hᵀ v, as maps of vectors: diag(u), (hᵀ v) I + h vᵀ.

dx ↦ dx cᵀ is a matrix, A dM, dM B, W ⊙ dM and dMᵀ are matrices again, and dM ↦ dM b is a vector: what all of them do
to dx is a multiple of it, a diagonal matrix, or c bᵀ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Expression
from symgrad.algebra.linear_map import Column, Compose, Diagonal, LinearMap, Matrix, Right, Scale, Sum, Swap, Transpose
from symgrad.calculus.normal.product import inner, matmul, times
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.network.network import Network


@dataclass(frozen=True)
class _Product:
    """dM ↦ left (W ⊙ dM) b, or of dMᵀ where it is turned; W is left out where there is none."""

    left: tuple[LinearMap, ...]
    b: Expression
    W: Expression | None = None
    turned: bool = False


def through_matrix(network: Network, m: LinearMap) -> LinearMap:
    """Return a product in which what goes from a vector through a matrix to a vector is a map of vectors.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("u: (n,)\\nv: (n,)\\nC = u@v", "vectors")
    >>> u, v = Quantity("u"), Quantity("v")
    >>> through_matrix(net, M.compose(Right(v), Swap(), M.transpose(Right(u)))) == M.compose(Column(u), M.row(v, (2,)))
    True
    """
    maps = m.maps if isinstance(m, Compose) else ()
    for i, first in enumerate(maps):
        if isinstance(first, Right) and rank(network, first.B) == 1:
            found = _applied(network, _Product((), first.B), maps[i + 1 :])
            if found is not None:
                met, rest = found
                return through_matrix(network, M.compose(*maps[:i], met, *rest))
    return m


def _applied(network: Network, p: _Product, maps: Sequence[LinearMap]) -> tuple[LinearMap, Sequence[LinearMap]] | None:
    """Return p after the maps that follow, as far as they go through a matrix, and the rest of them."""
    for i, m in enumerate(maps):
        rest = maps[i + 1 :]
        match m:
            case Scale():
                p = replace(p, left=(*p.left, m))
            case Swap():
                p = replace(p, turned=not p.turned)
            case Diagonal(W) if rank(network, W) == 2:
                own = transposed(network, W) if p.turned else W
                p = replace(p, W=own if p.W is None else times(network, p.W, own))
            case Matrix(A) if p.W is None:
                p = _multiplied(network, p, A, not p.turned)
            case Right(B) if p.W is None and rank(network, B) == 2:
                p = _multiplied(network, p, transposed(network, B), p.turned)
            case Transpose(Right(c)) if rank(network, c) == 1:
                return _of_vector(network, p, c), rest
            case Sum(terms):
                found = [_applied(network, p, x.maps if isinstance(x, Compose) else (x,)) for x in terms]
                if any(f is None or f[1] for f in found):
                    return None
                return M.add(*[f[0] for f in found if f is not None]), rest
            case _:
                return None
    return None


def _multiplied(network: Network, p: _Product, A: Expression, at_left: bool) -> _Product:
    """Return dM ↦ p(A dM): A stands at the left of what p does, or Aᵀ before b."""
    if at_left:
        return replace(p, left=(*p.left, M.matrix(A)))
    return replace(p, b=matmul(network, transposed(network, A), p.b))


def _of_vector(network: Network, p: _Product, c: Expression) -> LinearMap:
    """Return dx ↦ p(dx cᵀ)."""
    if p.turned:
        row = M.transpose(Column(p.b))
        if p.W is None:
            return M.compose(*p.left, Column(c), row)
        return M.compose(*p.left, Diagonal(c), M.matrix(p.W), Diagonal(p.b))
    if p.W is None:
        return M.compose(*p.left, M.scale(inner(network, c, p.b)))
    return M.compose(*p.left, M.diagonal(matmul(network, p.W, times(network, c, p.b))))
