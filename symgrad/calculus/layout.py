"""Layouts: how the numbers of a derivative are arranged.

numerator:    ∂y/∂x has a row for each entry of y; the gradient of a scalar by W has the shape of W.T.
denominator:  the transpose: a column for each entry of y; the gradient by W has the shape of W.

A map between vectors is a matrix, and a product of them one of matrices. A map of matrices is one only where it
multiplies from the left; the others, dM B, V ∘ dM, dMᵀ, are applied: to the cotangent of a number, or to a change.
"""

from __future__ import annotations

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Apply, Expression
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import index_number
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    IndexedSum,
    LinearMap,
    Matrix,
    Named,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Zero,
    inside,
)
from symgrad.algebra.span import Span
from symgrad.algebra.tree import walk
from symgrad.calculus.layout_name import check_layout
from symgrad.calculus.normal.term import written
from symgrad.calculus.normal.total import normal, summands, total
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import axes, rank
from symgrad.calculus.simplified import simplified
from symgrad.network.network import Network
from symgrad.ops.linear import TRANSPOSE


def arranged(m: LinearMap, layout: str) -> LinearMap:
    """Return the map as a layout writes it: as it is, or transposed."""
    return m if check_layout(layout) == "numerator" else M.transpose(m)


def is_matrix(network: Network, m: LinearMap) -> bool:
    """Tell whether m is built of matrices alone, so that its factors may stand side by side as they are.

    The maps of matrices dM B, V ∘ dM, dMᵀ and ⟨V, dM⟩ are not, nor is a name of a derivative by or of a matrix.
    """
    return all(2 not in axes(network, x) for x in walk(m, inside) if isinstance(x, Named) or not inside(x))


def side_by_side(network: Network, m: LinearMap) -> bool:
    """Tell whether the factors of m, named ones among them, may stand side by side, the last of them ∂⁺s_k/∂W."""
    return all(len(network.shape(n.of)) < 2 for n in map_tree.names(m)) and is_matrix(network, _without_names(m))


def _without_names(m: LinearMap) -> LinearMap:
    """Return a map with the identity in the place of each name that stands in no product over steps."""

    def put(x: LinearMap) -> LinearMap | None:
        match x:
            case Named() | Transpose(Named()):
                return M.IDENTITY
            case Product():
                return x
        return None

    return map_tree.replaced(m, put)


def array(network: Network, m: LinearMap, of: int, wrt: int, layout: str) -> LinearMap | None:
    """Write a derivative as an array in a layout; of, wrt: the numbers of axes of what is derived, and by what.

    None where it is no array of two axes or fewer, or where an indexed product of maps of matrices stands in it.
    """
    if is_matrix(network, m) and max(of, wrt) < 2:
        return arranged(m, layout)
    match m:
        case Sum(maps) if wrt < 2:
            terms = [array(network, x, of, wrt, layout) for x in maps]
            return None if None in terms else M.add(*[t for t in terms if t is not None])
        case Compose((Scale() as number, (IndexedSum() as summed))) if wrt < 2:
            whole = array(network, summed, of, wrt, layout)
            return None if whole is None else M.compose(number, whole)
        case IndexedSum(body=body) if wrt < 2:
            inner = array(network, body, of, wrt, layout)
            return None if inner is None else M.summed(m.range, inner)
    if not of and wrt == 2:
        return gradient_matrix(network, m, layout)
    from symgrad.calculus.cotangent import changed, pulled

    if not of:
        found = pulled(network, m)
        return None if found is None else leaf(network, normal(network, found), "row", layout)
    if not wrt:
        found = changed(network, m)
        return None if found is None else leaf(network, found, "column", layout)
    return _through_a_number(network, m, layout) if max(of, wrt) < 2 else None


def _through_a_number(network: Network, m: LinearMap, layout: str) -> LinearMap | None:
    """Write s ⟨V, db cᵀ⟩ as s (V c)ᵀ db: what is behind an inner product of matrices is pulled back to a row."""
    from symgrad.calculus.cotangent import pulled

    maps = m.maps if isinstance(m, Compose) else ()
    n = next((n for n, x in enumerate(maps) if not is_matrix(network, x)), len(maps))
    if n == len(maps) or axes(network, maps[n])[0] != 0:
        return None
    row = pulled(network, M.compose(*maps[n:]))
    if row is None:
        return None
    return arranged(M.compose(*maps[:n], M.transpose(Column(normal(network, row)))), layout)


def leaf(network: Network, e: Expression, kind: str, layout: str) -> LinearMap:
    """Return an array as the leaf that a layout writes: of a number a multiple, of a vector a row or a column."""
    match rank(network, e):
        case 0:
            return M.scale(e)
        case 1:
            return arranged(M.transpose(Column(e)) if kind == "row" else Column(e), layout)
    upright = (kind == "row") == (layout == "denominator")
    return Matrix(e if upright else _each_transposed(network, e))


def _each_transposed(network: Network, e: Expression) -> Expression:
    """Return a sum transposed: each of its terms, if that turns a product round, else as a whole."""
    terms = [transposed(network, written(network, t)) for t in summands(network, e)]
    whole = all((isinstance(t, Apply) and t.op == TRANSPOSE) or not rank(network, t) for t in terms)
    return transposed(network, e) if whole else total(network, *terms)


def gradient_matrix(network: Network, m: LinearMap, layout: str) -> LinearMap | None:
    """Write the derivative of a scalar by a matrix as a matrix.

    A path r M s, with a row r and a vector s, has the derivative s r (numerator layout) or rᵀ sᵀ (denominator
    layout); on any other the transposed maps are applied to the cotangent. None where neither is possible.
    """
    match m:
        case Sum(maps):
            terms = [gradient_matrix(network, x, layout) for x in maps]
            return None if None in terms else _added(network, [t for t in terms if t is not None])
        case Compose((Scale() as number, (IndexedSum() as summed))):
            whole = gradient_matrix(network, summed, layout)
            return None if whole is None else M.compose(number, whole)
        case IndexedSum(body=body):
            inner = gradient_matrix(network, body, layout)
            return None if inner is None else _repeated(m.range, inner)
        case Named(_, _, inner_map):
            return gradient_matrix(network, inner_map, layout)
        case Zero():
            return m
    found = _path(network, m.maps if isinstance(m, Compose) else (m,), layout)
    if found is not None:
        return found
    from symgrad.calculus.cotangent import pulled

    gradient = pulled(network, m)
    return None if gradient is None else leaf(network, simplified(network, normal(network, gradient)), "row", layout)


def _repeated(span: Span, m: LinearMap) -> LinearMap:
    """Return Σ m over a span: where each term is the same, their number times m, as in k (Aᵀ)^(k-1)."""
    moved = map_tree.at_index(m, {span.symbol: Index("·")})
    if moved != m or span.without or not isinstance(span.lower, int):
        return M.summed(span, m)
    return M.compose(M.scale(index_number(span.upper + (1 - span.lower))), m)


def _added(network: Network, terms: list[LinearMap]) -> LinearMap:
    """Add gradients: expressions become one, where the first of them stands."""
    arrays = [t.A for t in terms if isinstance(t, Matrix)]
    if len(arrays) < 2:
        return M.add(*terms)
    whole = Matrix(simplified(network, total(network, *arrays)))
    first = next(i for i, t in enumerate(terms) if isinstance(t, Matrix))
    return M.add(*[whole if i == first else t for i, t in enumerate(terms) if i == first or not isinstance(t, Matrix)])


def _path(network: Network, maps: tuple[LinearMap, ...], layout: str) -> LinearMap | None:
    *left, last = maps
    for k, m in enumerate(maps):
        if isinstance(m, IndexedSum) and not is_matrix(network, m):  # r (Σ_i A^i M B^i) s is Σ_i r A^i M B^i s
            whole = M.summed(m.range, M.compose(*maps[:k], m.body, *maps[k + 1 :]))
            return gradient_matrix(network, whole, layout)
    match last:
        case Named(_, _, inner):
            return gradient_matrix(network, M.compose(*left, inner), layout)
        case Sum(terms) if not _is_of_softmax_rows(last):
            return gradient_matrix(network, M.add(*(M.compose(*left, t) for t in terms)), layout)
        case Swap() if left:
            turned = gradient_matrix(network, M.compose(*left), layout)
            return None if turned is None else _turned(network, turned)
        case Block(rows) if all(len(r) == 1 for r in rows):
            return _column(network, left, [r[0] for r in rows], layout)
        case Right(s) if left:
            row = _row(network, left)
            if row is None:
                return None
            factor: LinearMap = Column(s) if rank(network, s) == 1 else Matrix(s)
            return M.compose(factor, row) if layout == "numerator" else M.compose(M.transpose(row), M.transpose(factor))
    row = _row(network, list(maps))
    return None if row is None else arranged(row, layout)


def _is_of_softmax_rows(m: Sum) -> bool:
    from symgrad.calculus.cotangent import is_of_softmax_rows

    return is_of_softmax_rows(m)


def _turned(network: Network, m: LinearMap) -> LinearMap:
    return Matrix(_each_transposed(network, m.A)) if isinstance(m, Matrix) else M.transpose(m)


def _row(network: Network, maps: list[LinearMap]) -> LinearMap | None:
    """Return a cotangent as a product of matrices, in numerator layout; None where it is none.

    The cotangent of a matrix, ⟨V, ·⟩, is the matrix Vᵀ in front of what multiplies from the left.
    """
    scalars = [x for x in maps if isinstance(x, Scale)]
    first, *rest = [x for x in maps if not isinstance(x, Scale)] or [M.IDENTITY]
    if not all(is_matrix(network, x) for x in rest):
        return None
    match first:
        case Transpose(Column(Partial() | Cotangent())):
            return M.compose(*scalars, first, *rest)
        case Transpose(Column(v)) if rank(network, v) == 2:
            if not any(isinstance(x, Product | Sum | IndexedSum) for x in rest):
                return None  # an expression in its normal form
            return M.compose(*scalars, Matrix(transposed(network, v)), *rest)
    return M.compose(*scalars, first, *rest) if is_matrix(network, first) else None


def _column(network: Network, left: list[LinearMap], entries: list[LinearMap], layout: str) -> LinearMap | None:
    """Write paths that meet in a block column, those that end alike together: r (A_1; A_2) M s + r (0; A_3) Mᵀ u."""
    ends: dict[LinearMap, list[LinearMap]] = {}
    for i, entry in enumerate(entries):
        inner = entry.map if isinstance(entry, Named) else entry
        for path in inner.maps if isinstance(inner, Sum) else (inner,):
            before, last = _last(path)
            if last is not None:
                column = ends.setdefault(last, [M.ZERO] * len(entries))
                column[i] = M.add(column[i], before)
    if not ends or not all(isinstance(last, Right | Swap) for last in ends):
        return None
    terms = [_path(network, (*left, Block(tuple((m,) for m in c)), last), layout) for last, c in ends.items()]
    return None if None in terms else _added(network, [t for t in terms if t is not None])


def _last(m: LinearMap) -> tuple[LinearMap, LinearMap | None]:
    """Split the factor that acts first from a map; of a zero there is none."""
    match m:
        case Zero():
            return m, None
        case Named(_, _, inner):
            return _last(inner)
        case Compose(maps):
            return M.compose(*maps[:-1]), maps[-1]
    return M.IDENTITY, m
