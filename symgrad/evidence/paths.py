"""The sum over paths, written out: an algebraic witness of closed forms.

Every path of the unrolled graph from wrt to of is walked, and the local Jacobians along it are
multiplied. The closed form, expanded, must have the same terms, each as often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Number, Quantity, move
from symgrad.algebra.index import Position
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    Identity,
    IndexedSum,
    LinearMap,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
    Zero,
)
from symgrad.calculus.jacobian import local_jacobian
from symgrad.errors import TooLarge
from symgrad.network.network import Network

LARGEST = 5_000
"""Paths, or terms, beyond which the sum is not written out."""
LONGEST = 2_000_000
"""Factors, over all beginnings of paths, beyond which paths are not walked: the square of a path's length."""

Terms = Counter[tuple[tuple[str, ...], tuple[str, ...]]]
"""Term -> how often: the scalar factors, sorted, and the other factors, in order.

Counts may be negative, which Counter's own + would drop; ``_merge`` keeps them."""


def paths(network: Network, of: Quantity, wrt: Quantity, depth: int) -> Iterator[LinearMap]:
    """Yield the product of local Jacobians along each path from wrt to of, at a concrete depth."""
    others = {e.target: e for e in (*network.openings, *network.closings)}
    steps = {e.target.name: e for e in network.steps}
    pending: list[tuple[Quantity, tuple[LinearMap, ...]]] = [(of, ())]
    seen = length = 0
    while pending:
        q, walked = pending.pop()
        length += len(walked)
        if length > LONGEST:
            raise TooLarge("the paths of the graph are too long to write out")
        if q == wrt:
            yield M.compose(*walked)
            continue
        seen += 1
        if seen > 40 * LARGEST:
            raise TooLarge("the graph has too many paths to walk")
        here: dict[str, Position] = {network.depth_symbol: depth}
        equation = others.get(q)
        if equation is None and isinstance(q.index, int) and q.index >= 1:
            here, equation = {network.symbol: q.index}, steps.get(q.name)
        if equation is not None:  # two reads may be of one quantity: a[j-1] and a[0] at j = 1
            row = local_jacobian(network, equation)
            pending += [(move(r, here), (*walked, M.at_index(m, here))) for r, m in row.items()]


def sum_over_paths(network: Network, of: Quantity, wrt: Quantity, depth: int) -> Terms:
    """Return the terms of the sum over all paths; TooLarge beyond 5,000 paths."""
    total: Terms = Counter()
    for n, path in enumerate(paths(network, of, wrt, depth)):
        if n >= LARGEST:
            raise TooLarge("the graph has too many paths to write out")
        _merge(total, terms(path))
    return total


def terms(m: LinearMap) -> Terms:
    """Multiply a map out into terms; two maps with the same terms are equal."""
    [[found]] = _multiply_out(m)
    return Counter({term: n for term, n in found.items() if n})


def _multiply_out(m: LinearMap) -> list[list[Terms]]:
    """Return a map as a matrix of sums of terms, which is 1 x 1 but for blocks."""
    match m:
        case Zero():
            return [[Counter()]]
        case Identity():
            return [[Counter({((), ()): 1})]]
        case Scale(Number(value)):
            scaled: Terms = Counter()
            scaled[((), ())] = value  # type: ignore[assignment]  # counts may be fractions
            return [[scaled]]
        case Scale(c):
            return [[Counter({((repr(c),), ()): 1})]]
        case Named(_, _, named):
            return _multiply_out(named)
        case Compose(maps):
            result = _multiply_out(maps[0])
            for x in maps[1:]:
                result = _product(result, _multiply_out(x))
            return result
        case Sum(maps):
            total: Terms = Counter()
            for x in maps:
                [[more]] = _multiply_out(x)
                _merge(total, more)
            return [[total]]
        case Block(rows):
            return [[_multiply_out(x)[0][0] for x in r] for r in rows]
        case Transpose(Named(_, _, named)):
            return _multiply_out(M.transpose(named))
        case Product(symbol, int(lower), int(upper), body, descending):
            order = range(upper, lower - 1, -1) if descending else range(lower, upper + 1)
            return _multiply_out(M.compose(*(M.at_index(body, {symbol: j}) for j in order)))
        case IndexedSum(symbol, int(lower), int(upper), body):
            return _multiply_out(M.add(*(M.at_index(body, {symbol: k}) for k in range(lower, upper + 1))))
    return [[Counter({((), (repr(m),)): 1})]]


def _product(a: list[list[Terms]], b: list[list[Terms]]) -> list[list[Terms]]:
    columns = list(zip(*b, strict=True))
    out = []
    for r in a:
        line = []
        for column in columns:
            total: Terms = Counter()
            for x, y in zip(r, column, strict=True):
                _merge(total, _times(x, y))
            line.append(total)
        out.append(line)
    return out


def _times(a: Terms, b: Terms) -> Terms:
    total: Terms = Counter()
    if len(a) * len(b) > LARGEST:
        raise TooLarge("the closed form has too many terms to multiply out")
    for (s, f), n in a.items():
        for (t, g), k in b.items():
            total[tuple(sorted(s + t)), f + g] += n * k
    return total


def _merge(total: Terms, more: Terms) -> None:
    for term, n in more.items():
        total[term] += n
