"""The normal form of a map between numbers and vectors: (1/2) (2 r)ᵀ is rᵀ, xᵀ Aᵀ + (Aᵀ x)ᵀ is xᵀ (A + Aᵀ).

A row is taken apart into its number and the matrices in it, so that equal terms meet; what cancels is cancelled, as
where the slope of a loss divides by the slope of the output. What does not get shorter by it stays as it is.
"""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import MUL, SUB, Apply, Constant, Expression, Number
from symgrad.algebra.linear_map import (
    Column,
    Compose,
    Diagonal,
    LinearMap,
    Matrix,
    Scale,
    Sum,
    Transpose,
)
from symgrad.calculus.normal import (
    Term,
    inner,
    scalars_apart,
    shorter,
    size,
    term,
    times,
    total,
    written,
)
from symgrad.calculus.rank import rank
from symgrad.calculus.unfold import output_of
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, SOFTMAX

MANY = 50
"""Multiples in one product beyond which they stay apart: those of a deep network are its layers."""


def collected(network: Network, m: LinearMap) -> LinearMap:
    """Return a map with its numbers, its equal terms and its common factors collected.

    >>> from fractions import Fraction
    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("r: (n,)\\nC = r @ r / 2", "square")
    >>> collected(net, M.compose(M.scale(Number(Fraction(1, 2))), M.row(2 * Quantity("r"), net.shape(Quantity("r")))))
    Transpose(of=Column(v=Quantity(name='r', index=None)))
    """
    match m:
        case Scale(c):
            return M.scale(shorter(network, c))
        case Diagonal(v):
            return M.diagonal(shorter(network, v))
        case Column(v):
            return Column(shorter(network, v))
        case Transpose(Column(v)):
            return _row(network, v)
        case Compose(maps):
            return _product(network, M.compose(*[collected(network, x) for x in maps]))
        case Sum():
            return _common(M.rebuilt(m, lambda x: collected(network, x)))
        case Transpose():
            return m
    return M.rebuilt(m, lambda x: collected(network, x))


def _row(network: Network, v: Expression) -> LinearMap:
    """Return the row vᵀ as a number, a row and the matrices after it: (2 A x)ᵀ is 2 xᵀ Aᵀ."""
    axes = rank(network, v)
    front, rest = scalars_apart(network, term(network, shorter(network, v)))
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
    """Return -(y - x)ᵀ as (x - y)ᵀ."""
    match m:
        case Compose((Scale(Number(minus)), Transpose(Column(Apply(op, _) as v)), *after)) if minus == -1 and op == SUB:
            return M.compose(Transpose(Column(total(network, -v))), *after)
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
        case Transpose(Column(v)), Diagonal(d):
            product = times(network, v, d)
            ones = isinstance(v, Constant) and v.kind == "1"
            return _row(network, product) if ones or size(product) < max(size(v), size(d)) else None
        case Transpose(Column(v)), Sum() if (p := _of_softmax(network, right)) is not None:
            product = times(network, v, p)
            if size(product) < size(v):  # v divides by p, as it does where C = -Σ y ln p
                rest = times(network, inner(network, v, p), p)
                return _row(
                    network, total(network, product, written(network, Term(Fraction(-1)) * term(network, rest)))
                )
        case Compose((Transpose(Column(v)), Diagonal(d))), Sum() if _of_softmax(network, right) is not None:
            return _met(network, Transpose(Column(times(network, v, d))), right)
    return None


def _of_softmax(network: Network, m: Sum) -> Expression | None:
    """Return p where m is diag(p) - p pᵀ: a quantity, where the network has one that is softmax(z)."""
    match m:
        case Sum((Diagonal(p), Compose((Scale(Number(minus)), Column(q), Transpose(Column(r)))))):
            if p == q == r and minus == -1:
                is_softmax = isinstance(p, Apply) and p.op == SOFTMAX
                return output_of(network, SOFTMAX, p.arguments[0]) if isinstance(p, Apply) and is_softmax else p
    return None


def _multiples(network: Network, m: LinearMap) -> LinearMap:
    """Return a product whose multiples are one, in the place of the first, where that is shorter: (1/B) 2 is 2/B."""
    if not isinstance(m, Compose):
        return m
    scalars = [x.c for x in m.maps if isinstance(x, Scale)]
    if not 2 <= len(scalars) <= MANY:
        return m
    whole = scalars[0]
    for c in scalars[1:]:
        whole = Apply(MUL, (whole, c))
    one = written(network, term(network, whole))
    if size(one) >= sum(map(size, scalars)):
        return m
    first = next(i for i, x in enumerate(m.maps) if isinstance(x, Scale))
    others = [M.scale(one) if i == first else x for i, x in enumerate(m.maps) if i == first or not isinstance(x, Scale)]
    return M.compose(*others)


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
