"""Two neighbours of a product as one map, where that is shorter, and what of them cancels."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Apply, Expression, Number
from symgrad.algebra.linear_map import Column, Compose, Diagonal, Identity, LinearMap, Matrix, Scale, Sum, Transpose
from symgrad.algebra.op import Op
from symgrad.calculus.collected.row import row_of
from symgrad.calculus.normal.product import inner, times
from symgrad.calculus.normal.term import Term, is_ones, size, written
from symgrad.calculus.normal.total import term, total
from symgrad.calculus.normal.units import pushed
from symgrad.calculus.output import output_of
from symgrad.calculus.parts import is_unit, selected
from symgrad.calculus.rank import rank
from symgrad.calculus.simplified import extent, product, simplified
from symgrad.network.network import Network
from symgrad.ops.linear import SOFTMAX, SUM
from symgrad.ops.matrix import INV


def product_of_two(network: Network, left: LinearMap, right: LinearMap) -> LinearMap | None:
    """Return the product of two neighbours as one row, where it is shorter than they are."""
    match left, right:
        case Diagonal(Apply(Op(name="indicator")) as c), Column(v):
            return Column(times(network, c, v))
        case Matrix(A), Matrix(B) if _inverts(A, B) or _inverts(B, A):
            return M.IDENTITY
        case Transpose(Column(u)), Column(v) if (part := selected(u, v, (1, 1))) is not None:
            return M.scale(pushed(network, part))
        case Transpose(Column(v)), Column(w) if is_ones(w) and rank(network, v) == 1:
            entries = term(network, Apply(SUM, (v,)))
            return M.scale(Number(entries.number)) if not entries.factors else None
        case Transpose(Column(v)), Sum(maps) if any(_vanishes(network, v, x) for x in maps):
            return M.compose(left, M.add(*[x for x in maps if not _vanishes(network, v, x)]))
        case Transpose(Column(v)), Diagonal(d) if is_unit(v):
            return row_of(network, times(network, v, d))
        case Transpose(Column(v)), Sum(maps) if is_unit(v):
            rows = [_row_vector(network, left, x) for x in maps]
            if None in rows:
                return None
            return row_of(network, simplified(network, total(network, *[r for r in rows if r is not None])))
        case Transpose(Column(v)), Diagonal(d):
            both = product(network, v, d)
            return row_of(network, both) if is_ones(v) or size(both) < max(size(v), size(d)) else None
        case Transpose(Column(v)), Sum(maps) if None not in (parts := [multiplier(network, x) for x in maps]):
            whole = simplified(network, total(network, *[e for e in parts if e is not None]))
            both = whole if is_ones(v) and rank(network, whole) else product(network, v, whole)
            return row_of(network, both) if extent(both) <= extent(v + whole) else None
        case Transpose(Column(v)), Sum() if (p := _of_softmax(network, right)) is not None:
            both = times(network, v, p)
            if size(both) < size(v):  # v divides by p, as it does where C = -Σ y ln p
                rest = times(network, inner(network, v, p), p)
                return row_of(network, total(network, both, written(network, Term(Fraction(-1)) * term(network, rest))))
        case Matrix(A), Matrix(B) if (part := selected(A, B, (2, 2))) is not None:
            return M.matrix(part)
        case Transpose(Column(v)), Matrix(B) if (part := selected(v, B, (1, 2))) is not None:
            return M.transpose(Column(pushed(network, part)))
        case Matrix(A), Column(v) if (part := selected(A, v, (2, 1))) is not None:
            return Column(pushed(network, part))
        case Compose((Transpose(Column(v)), Diagonal(d))), Sum() if _of_softmax(network, right) is not None:
            return product_of_two(network, Transpose(Column(times(network, v, d))), right)
    return None


def _row_vector(network: Network, row: LinearMap, m: LinearMap) -> Expression | None:
    """Return v where e_kᵀ m is the row vᵀ; None where it is none."""
    scalars = [x for x in maps_of(m) if isinstance(x, Scale)]
    found = row
    for x in maps_of(m):
        if not isinstance(x, Scale | Identity):
            met = x if found == M.IDENTITY else product_of_two(network, found, x)
            if met is None:
                return None
            scalars += [s for s in maps_of(met) if isinstance(s, Scale)]
            rest = [s for s in maps_of(met) if not isinstance(s, Scale)]
            if len(rest) > 1:
                return None
            found = rest[0] if rest else M.IDENTITY
    if not isinstance(found, Transpose) or not isinstance(found.of, Column):
        return None
    v = found.of.v
    for s in scalars:
        v = times(network, s.c, v)
    return v


def _inverts(A: Expression, B: Expression) -> bool:
    return isinstance(A, Apply) and A.op == INV and A.arguments == (B,)


def _vanishes(network: Network, v: Expression, m: LinearMap) -> bool:
    """Tell whether vᵀ m is 0, since m begins with 𝟏 and the entries of v add up to 0."""
    first = next((x for x in maps_of(m) if not isinstance(x, Scale)), None)
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


def multiplier(network: Network, m: LinearMap) -> Expression | None:
    """Return what a map multiplies each entry by; None where it does more than that."""
    match m:
        case Identity():
            return Number(Fraction(1))
        case Scale(e) | Diagonal(e):
            return e
        case Compose(maps):
            parts = [multiplier(network, x) for x in maps]
            return None if None in parts else product(network, *[e for e in parts if e is not None])
    return None


def maps_of(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the factors of a product; any other map is the one factor of itself."""
    return m.maps if isinstance(m, Compose) else (m,)
