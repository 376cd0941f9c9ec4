"""A cotangent taken out of a sum with rank-one terms: δ - β δ k kᵀ is δ (I - β k kᵀ), as fast weights have it."""

from __future__ import annotations

from symgrad.algebra.differential import Cotangent
from symgrad.algebra.expression import MUL, Apply, Constant, Expression
from symgrad.calculus.normal.term import ONE, Term, scalars_apart, written
from symgrad.calculus.normal.total import summands, total
from symgrad.calculus.normal.transposition import transposed
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.linear import MATMUL, OUTER

Split = tuple[Expression, Expression | None]
"""The matrix that stands at the left, and what it is multiplied by, None for nothing."""


def with_cotangent_apart(network: Network, e: Expression) -> Expression:
    """Return G (I + ...) or (I + ...) G, where e is a sum of a cotangent G and of its products with rank-one matrices.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.network.read import read_network
    >>> net = read_network("S: (n, d)\\nk: (d,)\\nC = loss(S)\\nx = S@k", "delta")
    >>> G, k = Cotangent(Quantity("C"), Quantity("S")), Quantity("k")
    >>> e = G - Apply(OUTER, (Apply(MATMUL, (G, k)), k))
    >>> with_cotangent_apart(net, e).arguments[0] == G
    True
    """
    if rank(network, e) != 2:
        return e
    if (found := _apart(network, e)) is not None:
        left, parts = found
        return Apply(MATMUL, (left, total(network, *parts)))
    if (found := _apart(network, transposed(network, e))) is not None:
        right, parts = found
        return Apply(MATMUL, (total(network, *[transposed(network, p) for p in parts]), transposed(network, right)))
    return e


def _apart(network: Network, e: Expression) -> tuple[Expression, list[Expression]] | None:
    """Return the cotangent that all terms begin with, and what is left of each of them."""
    terms = [scalars_apart(network, t) for t in summands(network, e)]
    splits = [_split(array) for _, array in terms]
    if len(terms) < 2 or len({left for left, _ in splits}) > 1 or not any(rest is None for _, rest in splits):
        return None
    left, rests = splits[0][0], [rest for _, rest in splits]
    if not _is_cotangent(left) or not any(rests) or any(r is not None and not _is_rank_one(r) for r in rests):
        return None
    size = network.shape_of(left)[-1]
    parts = [
        _scaled(network, front, Constant("I", (size, size)) if rest is None else rest)
        for (front, _), rest in zip(terms, rests, strict=True)
    ]
    return left, parts


def _scaled(network: Network, front: Term, e: Expression) -> Expression:
    number = written(network, front)
    return e if number == ONE else Apply(MUL, (number, e))


def _split(e: Expression) -> Split:
    match e:
        case Apply(op, (x, y)) if op == MATMUL:
            left, rest = _split(x)
            return left, y if rest is None else Apply(MATMUL, (rest, y))
        case Apply(op, (x, y)) if op == OUTER and isinstance(x, Apply) and x.op == MATMUL:
            left, rest = _split(x)
            return left, None if rest is None else Apply(OUTER, (rest, y))
    return e, None


def _is_cotangent(e: Expression) -> bool:
    return isinstance(e, Cotangent) or (
        isinstance(e, Apply) and len(e.arguments) == 1 and _is_cotangent(e.arguments[0])
    )


def _is_rank_one(e: Expression) -> bool:
    return isinstance(e, Apply) and e.op == OUTER
