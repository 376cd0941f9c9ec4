"""The normal form of a map between numbers and vectors: (1/2) (2 r)ᵀ is rᵀ, xᵀ Aᵀ + (Aᵀ x)ᵀ is xᵀ (A + Aᵀ).

A row is taken apart into its number and the matrices in it, so that equal terms meet; what cancels is cancelled, as
where the slope of a loss divides by the slope of the output. What does not get shorter by it stays as it is.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import NEG, SUB, Apply, Expression, Number, Quantity
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
    Product,
    Scale,
    Sum,
    Transpose,
)
from symgrad.algebra.op import Op
from symgrad.calculus.exponential import exponential_of_sum
from symgrad.calculus.layout import is_matrix
from symgrad.calculus.normal import (
    Term,
    inner,
    is_ones,
    scalars_apart,
    size,
    term,
    times,
    total,
    written,
)
from symgrad.calculus.output import output_of
from symgrad.calculus.rank import rank
from symgrad.calculus.simplified import extent, product, simplified
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, SOFTMAX, SUM
from symgrad.ops.matrix import INV

MANY = 50
"""Multiples in one product beyond which they stay apart: those of a deep network are its layers."""


def collected(network: Network, m: LinearMap) -> LinearMap:
    """Return a map with its numbers, its equal terms and its common factors collected.

    >>> from fractions import Fraction
    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("r: (n,)\\nC = r @ r / 2", "square")
    >>> collected(net, M.compose(M.scale(Number(Fraction(1, 2))), M.row(2 * Quantity("r"), net.shape(Quantity("r")))))
    Transpose(of=Column(v=Quantity(name='r', index=None, further=(), ahead=0)))
    """
    match m:
        case Scale(c):
            return _signed(simplified(network, c))
        case Diagonal(v):
            return M.diagonal(simplified(network, v))
        case Column(v):
            return Column(simplified(network, v))
        case Transpose(Column(v)):
            return _row(network, v)
        case Compose(maps):
            return _product(network, M.compose(*[collected(network, x) for x in maps]))
        case Sum():
            return _shared(network, _common(_alike(network, map_tree.rebuilt(m, lambda x: collected(network, x)))))
        case Transpose():
            return m
        case IndexedSum():
            return _before_sum(network, map_tree.rebuilt(m, lambda x: collected(network, x)))
        case Product(symbol, lower, upper, body):
            body = collected(network, body)
            exponential = exponential_of_sum(network, symbol, lower, upper, body)
            return map_tree.product(symbol, lower, upper, body, m.descending) if exponential is None else exponential
    return map_tree.rebuilt(m, lambda x: collected(network, x))


def _before_sum(network: Network, m: LinearMap) -> LinearMap:
    """Return Σ_k q A_k, with a number q, as q Σ_k A_k; a sum of maps of matrices is written by its terms."""
    if not isinstance(m, IndexedSum) or not is_matrix(network, m.body):
        return m
    number, rest = M.number_apart(m.body)
    return M.compose(M.scale(Number(number)), replace(m, body=rest)) if number != 1 else m


def _row(network: Network, v: Expression) -> LinearMap:
    """Return the row vᵀ as a number, a row and the matrices after it: (2 A x)ᵀ is 2 xᵀ Aᵀ."""
    axes = rank(network, v)
    front, rest = scalars_apart(network, term(network, simplified(network, v)))
    number = M.scale(written(network, front))
    match rest:
        case Apply(op, (x, y)) if op == MATMUL and axes == 1:
            if rank(network, x) == 2:
                return M.compose(number, _row(network, y), M.transpose(M.matrix(x)))
            return M.compose(number, _row(network, x), M.matrix(y))
    return M.compose(number, Transpose(Column(rest)))


def _product(network: Network, m: LinearMap) -> LinearMap:
    """Return a product with its neighbours that cancel made one, and its multiples as one where that is shorter."""
    if not isinstance(m, Compose):
        return m
    kept: list[LinearMap] = []
    whole = M.compose(*[_number_first(network, x) for x in m.maps])
    for x in whole.maps if isinstance(whole, Compose) else (whole,):
        pending: LinearMap | None = x
        while pending is not None and kept:
            two = M.compose(*kept[-2:])
            for left in ([two] if len(kept) > 1 else []) + [kept[-1]]:
                met = _met(network, left, pending)
                if met is not None:
                    break
            if met is None:
                break
            del kept[-(2 if left is two else 1) :]
            pending = met
        if pending is not None:
            kept += pending.maps if isinstance(pending, Compose) else [pending]
    return _without_sign(network, _multiples(network, M.compose(*kept)))


def _without_sign(network: Network, m: LinearMap) -> LinearMap:
    """Return -(y - x)ᵀ as (x - y)ᵀ, and -2 c (y - x)ᵀ as 2 c (x - y)ᵀ where these are quantities."""
    match m:
        case Compose((Scale(Number(q)), *others)) if q < 0:
            number = Scale(Number(-q))
            for i, x in enumerate(others):
                match x:
                    case Transpose(Column(Apply(op, (a, b)) as v)) if op == SUB:
                        if (q != -1 or i) and not (isinstance(a, Quantity) and isinstance(b, Quantity)):
                            break
                        turned = Transpose(Column(total(network, -v)))
                        return M.compose(M.scale(number.c), *others[:i], turned, *others[i + 1 :])
                    case Scale():
                        continue
                break
    return m


def _number_first(network: Network, m: LinearMap) -> LinearMap:
    """Return a column with its number and its scalar factors in front."""
    match m:
        case Column(v):
            front, rest = scalars_apart(network, term(network, v))
            return M.compose(M.scale(written(network, front)), Column(rest)) if front != Term(Fraction(1)) else m
    return m


def _met(network: Network, left: LinearMap, right: LinearMap) -> LinearMap | None:
    """Return the product of two neighbours as one row, where it is shorter than they are."""
    match left, right:
        case Diagonal(Apply(Op(name="indicator")) as c), Column(v):
            return Column(times(network, c, v))
        case Matrix(A), Matrix(B) if _inverts(A, B) or _inverts(B, A):
            return M.IDENTITY
        case Transpose(Column(v)), Column(w) if is_ones(w) and rank(network, v) == 1:
            entries = term(network, Apply(SUM, (v,)))
            return M.scale(Number(entries.number)) if not entries.factors else None
        case Transpose(Column(v)), Sum(maps) if any(_vanishes(network, v, x) for x in maps):
            return M.compose(left, M.add(*[x for x in maps if not _vanishes(network, v, x)]))
        case Transpose(Column(v)), Diagonal(d):
            both = product(network, v, d)
            return _row(network, both) if is_ones(v) or size(both) < max(size(v), size(d)) else None
        case Transpose(Column(v)), Sum(maps) if None not in (parts := [_entrywise(network, x) for x in maps]):
            whole = simplified(network, total(network, *[e for e in parts if e is not None]))
            both = whole if is_ones(v) and rank(network, whole) else product(network, v, whole)
            return _row(network, both) if extent(both) <= extent(v + whole) else None
        case Transpose(Column(v)), Sum() if (p := _of_softmax(network, right)) is not None:
            both = times(network, v, p)
            if size(both) < size(v):  # v divides by p, as it does where C = -Σ y ln p
                rest = times(network, inner(network, v, p), p)
                return _row(network, total(network, both, written(network, Term(Fraction(-1)) * term(network, rest))))
        case Compose((Transpose(Column(v)), Diagonal(d))), Sum() if _of_softmax(network, right) is not None:
            return _met(network, Transpose(Column(times(network, v, d))), right)
    return None


def _inverts(A: Expression, B: Expression) -> bool:
    return isinstance(A, Apply) and A.op == INV and A.arguments == (B,)


def _vanishes(network: Network, v: Expression, m: LinearMap) -> bool:
    """Tell whether vᵀ m is 0, since m begins with 𝟏 and the entries of v add up to 0."""
    first = next((x for x in _maps(m) if not isinstance(x, Scale)), None)
    is_spread = isinstance(first, Column) and is_ones(first.v) and rank(network, v) == 1
    return is_spread and not term(network, Apply(SUM, (v,))).number


def _of_softmax(network: Network, m: Sum) -> Expression | None:
    """Return p where m is diag(p) - p pᵀ: a quantity, where the network has one that is softmax(z)."""
    p = covariance_of(m)
    return output_of(network, SOFTMAX, p.arguments[0]) if isinstance(p, Apply) and p.op == SOFTMAX else p


def covariance_of(m: LinearMap) -> Expression | None:
    """Return p where m is diag(p) - p pᵀ, the derivative of a softmax; else None."""
    match m:
        case Sum((Diagonal(p), Compose((Scale(Number(minus)), Column(q), Transpose(Column(r)))))):
            return p if p == q == r and minus == -1 else None
    return None


def _multiples(network: Network, m: LinearMap) -> LinearMap:
    """Return a product whose multiples are one, in the place of the first, where that is shorter: (1/B) 2 is 2/B."""
    if not isinstance(m, Compose):
        return m
    sums = any(isinstance(x, Sum) and _is_number(x) for x in m.maps)
    for kinds in ((Scale, Sum), (Scale,)) if sums else ((Scale,),):
        places = [i for i, x in enumerate(m.maps) if isinstance(x, kinds) and _is_number(x)]
        if 2 <= len(places) <= MANY:
            numbers = [_number(m.maps[i]) for i in places]
            one = product(network, *numbers)
            letters, nodes = (sum(n) for n in zip(*map(extent, numbers), strict=True))
            fewer, smaller = extent(one)
            if fewer < letters or (Sum not in kinds and smaller < nodes):
                return M.compose(
                    *[_signed(one) if i == places[0] else x for i, x in enumerate(m.maps) if i not in places[1:]]
                )
    return m


def _is_number(m: LinearMap) -> bool:
    """Tell whether a map is one of multiples alone, with no product over an index."""
    match m:
        case Compose(maps) | Sum(maps):
            return all(map(_is_number, maps))
        case IndexedSum(body=body):
            return _is_number(body)
    return isinstance(m, Scale | Identity)


def _number(m: LinearMap) -> Expression:
    """Return a map of multiples alone as the number that it multiplies by."""
    match m:
        case Scale(c):
            return c
        case Compose((first, *others)):
            whole = _number(first)
            for x in others:
                whole = whole * _number(x)
            return whole
        case Sum((first, *others)):
            whole = _number(first)
            for x in others:
                whole = whole + _number(x)
            return whole
        case IndexedSum(body=body):
            return index_sum(m.range, _number(body))
    return Number(Fraction(1))


def _alike(network: Network, m: LinearMap) -> LinearMap:
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
            return _row(network, e)
        case "column":
            return _number_first(network, Column(e))
    return M.diagonal(e)


def _entrywise(network: Network, m: LinearMap) -> Expression | None:
    """Return what a map multiplies each entry by; None where it does more than that."""
    match m:
        case Identity():
            return Number(Fraction(1))
        case Scale(e) | Diagonal(e):
            return e
        case Compose(maps):
            parts = [_entrywise(network, x) for x in maps]
            return None if None in parts else product(network, *[e for e in parts if e is not None])
    return None


def _shared(network: Network, m: LinearMap) -> LinearMap:
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
    left, rests = _left(network, [_maps(rest) for _, rest in terms])
    numbers = [_signed(written(network, t * inverse)) for t, _ in terms]
    inner = M.add(*[M.compose(n, *rest) for n, rest in zip(numbers, rests, strict=True)])
    return M.compose(M.scale(written(network, front)), *left, _alike(network, inner)) if shared or left else m


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
    for x in _maps(m):
        if isinstance(x, Scale):
            numbers = numbers * term(network, x.c)
        else:
            others.append(x)
    return numbers, M.compose(*others)


def _maps(m: LinearMap) -> tuple[LinearMap, ...]:
    return m.maps if isinstance(m, Compose) else (m,)


def _signed(c: Expression) -> LinearMap:
    """Return dx -> c dx with the sign as a number in front."""
    match c:
        case Apply(op, (x,)) if op == NEG:
            return M.compose(M.scale(Number(Fraction(-1))), M.scale(x))
    return M.scale(c)


def _common(m: LinearMap) -> LinearMap:
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
