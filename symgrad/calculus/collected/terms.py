"""The terms of a sum of maps: those of one kind as one, and what all of them share in front."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Expression, Number
from symgrad.algebra.linear_map import Column, Compose, Diagonal, LinearMap, Matrix, Named, Scale, Sum, Transpose
from symgrad.calculus.collected.neighbours import maps_of
from symgrad.calculus.collected.row import number_first, row_of, signed_scale
from symgrad.calculus.normal.term import Term, written
from symgrad.calculus.normal.total import term, total
from symgrad.calculus.simplified import extent, simplified
from symgrad.network.network import Network


def each_kind_as_one(network: Network, m: LinearMap) -> LinearMap:
    """Return a sum with its rows, its columns and its diagonals each as one, where that is shorter."""
    if not isinstance(m, Sum):
        return m
    kinds: dict[str, list[tuple[LinearMap, Expression]]] = {}
    for x in m.maps:
        found = _as_array(x)
        if found is not None:
            kinds.setdefault(found[0], []).append((x, found[1]))
    placed = dict.fromkeys(m.maps)
    merged: dict[LinearMap, LinearMap] = {}
    for kind, members in kinds.items():
        before = [e for _, e in members]
        whole = simplified(network, total(network, *before))
        if len(members) > 1 and (kind == "diagonal" or extent(whole)[0] < sum(extent(e)[0] for e in before)):
            first, *others = (x for x, _ in members)
            merged[first] = _of_kind(network, kind, whole)
            for x in others:
                del placed[x]
    return M.add(*[merged.get(x, x) for x in placed])


def _as_array(m: LinearMap) -> tuple[str, Expression] | None:
    """Return the kind of a row, a column or a diagonal with multiples in front, and its array."""
    *front, last = m.maps if isinstance(m, Compose) else (m,)
    if not all(isinstance(x, Scale) for x in front):
        return None
    match last:
        case Transpose(Column(v)) if not isinstance(v, Partial | Cotangent):
            kind = "row"
        case Column(v) if not isinstance(v, Partial | Cotangent):
            kind = "column"
        case Diagonal(v):
            kind = "diagonal"
        case _:
            return None
    whole = v
    for x in reversed(front):
        whole = x.c * whole  # type: ignore[attr-defined]  # a Scale
    return kind, whole


def _of_kind(network: Network, kind: str, e: Expression) -> LinearMap:
    match kind:
        case "row":
            return row_of(network, e)
        case "column":
            return number_first(network, Column(e))
    return M.diagonal(e)


def shared_in_front(network: Network, m: LinearMap) -> LinearMap:
    """Return a sum with the scalar factors in front that all of its terms share: A/s - B/s is (1/s) (A - B)."""
    if not isinstance(m, Sum):
        return m
    terms = [_multiple_apart(network, x) for x in m.maps]
    first = terms[0][0]
    shared = {
        b: n
        for b, n in first.factors.items()
        if all(t.factors.get(b, Fraction(0)) * n > 0 for t, _ in terms)
        for n in [min((t.factors[b] for t, _ in terms), key=abs)]
    }
    if map_tree.is_scalar_product(m):
        return m
    if any(True for _ in map_tree.names(m)):
        shared = {}  # each path of a recursion keeps its factors
    front = Term(Fraction(1), shared)
    inverse = front.power(Fraction(-1))
    left, rests = _left(network, [maps_of(rest) for _, rest in terms])
    numbers = [signed_scale(written(network, t * inverse)) for t, _ in terms]
    inner = M.add(*[M.compose(n, *rest) for n, rest in zip(numbers, rests, strict=True)])
    return M.compose(M.scale(written(network, front)), *left, each_kind_as_one(network, inner)) if shared or left else m


def _left(
    network: Network, products: list[tuple[LinearMap, ...]]
) -> tuple[list[LinearMap], list[tuple[LinearMap, ...]]]:
    """Return the name or the diagonal matrix that all products have in front, and their rests: g ⊙ x is diag(g) x."""
    first = products[0][0] if products[0] else M.IDENTITY
    is_name = isinstance(first, Named) or (isinstance(first, Transpose) and _is_gradient(first.of))
    if is_name and all(maps[:1] == (first,) for maps in products):
        return [first], [maps[1:] for maps in products]
    if not isinstance(first, Diagonal):
        return [], products
    rests = []
    for maps in products:
        match maps:
            case (Diagonal() as d, *rest) if d == first:
                rests.append(tuple(rest))
            case (Column(v), *rest) if first.v in (t := term(network, v)).factors and len(t.factors) > 1:
                rests.append((Column(written(network, t * term(network, first.v).power(Fraction(-1)))), *rest))
            case _:
                return [], products
    return [first], rests


def _is_gradient(m: LinearMap) -> bool:
    return isinstance(m, Column) and isinstance(m.v, Partial | Cotangent)


def _multiple_apart(network: Network, m: LinearMap) -> tuple[Term, LinearMap]:
    """Return the multiples of a product as a term, and its other factors."""
    numbers = Term(Fraction(1))
    others = []
    for x in maps_of(m):
        if isinstance(x, Scale):
            numbers = numbers * term(network, x.c)
        else:
            others.append(x)
    return numbers, M.compose(*others)


def common_row(m: LinearMap) -> LinearMap:
    """Take a common row out of terms that are matrices after it: xᵀ Aᵀ + xᵀ A is xᵀ (A + Aᵀ)."""
    if not isinstance(m, Sum):
        return m
    groups: dict[object, list[LinearMap]] = {}
    for x in m.maps:
        number, rest = M.number_apart(x)
        match rest:
            case Compose((Transpose(Column()) as row, *after)) if all(map(_is_constant_matrix, after)):
                groups.setdefault((number, row), []).append(M.compose(*after))
            case _:
                groups.setdefault(x, []).append(M.IDENTITY)
    terms: list[LinearMap] = []
    for key, parts in groups.items():
        if isinstance(key, tuple):
            number, row = key
            plain_first = sorted(parts, key=lambda p: isinstance(p, Transpose))
            terms.append(M.compose(M.scale(Number(number)), row, M.add(*plain_first)))
        elif isinstance(key, LinearMap):
            terms.append(key)
    return M.add(*terms)


def _is_constant_matrix(m: LinearMap) -> bool:
    return isinstance(m, Matrix) or (isinstance(m, Transpose) and isinstance(m.of, Matrix))
