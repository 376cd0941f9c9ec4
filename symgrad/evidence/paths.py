"""The sum over paths, written out: an algebraic witness of closed forms.

Every path of the unrolled graph from wrt to of is walked, and the local Jacobians along it are
multiplied. The closed form, expanded, must have the same terms, each as often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression, Number, Quantity
from symgrad.algebra.expression_tree import replaced
from symgrad.algebra.index import Index, Position
from symgrad.algebra.index_sum import Bound
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
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move, plain_letters
from symgrad.calculus.jacobian import local_jacobian
from symgrad.errors import TooLarge
from symgrad.network.equation import Equation
from symgrad.network.network import Network

LARGEST = 5_000
"""Paths, or terms, beyond which the sum is not written out."""
LONGEST = 2_000_000
"""Factors, over all beginnings of paths, beyond which they are not written out: the square of a path's length."""

MOST_QUANTITIES = 20_000
"""Quantities of an unrolled graph that are walked."""

Terms = Counter[tuple[tuple[Expression, ...], tuple[LinearMap, ...]]]
"""Term -> how often: the scalar factors, sorted by their hashes, and the other factors, in order.

Counts may be negative, which Counter's own + would drop; ``_merge`` keeps them."""


Graph = Sequence[tuple[Quantity, Sequence[tuple[Quantity, LinearMap]]]]
"""Each quantity with what its equation reads and the local Jacobians, before those that it reads."""

Reads = Callable[[Quantity], Sequence[tuple[Quantity, LinearMap]] | None]
"""What the equation of a quantity reads, with the local Jacobians; None where the paths end."""


def graph(of: Quantity, reads: Reads) -> Graph:
    """Return what ``of`` is computed from, each quantity before those that it reads; TooLarge beyond 20,000 of them."""
    rows: dict[Quantity, Sequence[tuple[Quantity, LinearMap]]] = {}
    done: dict[Quantity, None] = {}
    pending = [(of, False)]
    while pending:
        q, leaving = pending.pop()
        if leaving:
            done[q] = None
        elif q not in rows:
            row = reads(q)
            rows[q] = row or ()
            if len(rows) > MOST_QUANTITIES:
                raise TooLarge("the graph has too many quantities to walk")
            pending.append((q, True))
            pending += [(r, False) for r, _ in rows[q] if r not in rows]
    return [(q, rows[q]) for q in reversed(done)]


def unrolled(network: Network, wrt: Quantity, depth: int, ends: Mapping[str, int] = MappingProxyType({})) -> Reads:
    """Return what each quantity reads at a concrete depth; the paths end at ``wrt``. ends: those of families."""
    whole = {**ends, network.depth_symbol: depth, **dict.fromkeys(network.depths, depth)}

    def reads(q: Quantity) -> Sequence[tuple[Quantity, LinearMap]] | None:
        if q == wrt or q.name not in network.by_name:
            return None
        for equation in network.by_name[q.name]:
            at = _placed(equation.target, q)
            if at is not None and network.grid and not _in_range(network, equation, q, {**whole, **at}):
                continue
            if at is not None and (equation not in network.steps or at[network.symbol] >= 1):  # type: ignore[operator]
                return list(_read(network, equation, {**whole, **at}))
        return None

    return reads


def _in_range(network: Network, e: Equation, q: Quantity, at: Mapping[str, Position]) -> bool:
    """Tell whether an equation of a grid gives q: within its ranges, and where no other gives this one."""
    numbers = {s: n for s, n in at.items() if isinstance(n, int)}
    alone = any(x.target != e.target and move(x.target, numbers) == q for x in network.grid if not network.free(x))
    return not alone and all(numbers[s.symbol] in s.numbers(numbers) for s in network.free(e))


def inside_step(network: Network, ends: Mapping[str, int] = MappingProxyType({})) -> Reads:
    """Return what each quantity of step j reads; the paths end at what the step reads from outside."""

    def reads(q: Quantity) -> Sequence[tuple[Quantity, LinearMap]] | None:
        for equation in network.steps:
            if equation.target.name == q.name and equation.target.index == q.index:
                at = _placed(equation.target, q)
                return None if at is None else list(_read(network, equation, {**ends, **at}))
        return None

    return reads


def _placed(target: Quantity, q: Quantity) -> dict[str, Position] | None:
    """Return what the letters of a left side are for it to be q; None where it never is."""
    found: dict[str, Position] = {}
    for p, r in zip(target.indices, q.indices, strict=True):
        if p == r:
            continue
        if not isinstance(p, Index):
            return None
        found[p.symbol] = r - p.offset
    return found


def _read(network: Network, equation: Equation, at: Mapping[str, Position]) -> Iterator[tuple[Quantity, LinearMap]]:
    """Yield what an equation reads, each term of a sum for itself; two reads may be of one quantity: a[j-1], a[0]."""
    numbers = {s: n for s, n in at.items() if isinstance(n, int)}
    for q, m in local_jacobian(network, equation).items():
        for inner in _under(q.spans, numbers) if isinstance(q, Bound) else [{}]:
            here = {**at, **inner}
            yield move(q.one if isinstance(q, Bound) else q, here), map_tree.at_index(m, here)


def _under(spans: tuple[Span, ...], at: Mapping[str, int]) -> Iterator[dict[str, int]]:
    if not spans:
        yield {}
        return
    for n in spans[0].numbers(at):
        yield from ({spans[0].symbol: n, **more} for more in _under(spans[1:], {**at, spans[0].symbol: n}))


def count(walked: Graph, of: Quantity) -> dict[Quantity, int]:
    """Return the number of paths from ``of`` to each quantity, without walking them."""
    found = {of: 1}
    for q, row in walked:
        for r, _ in row:
            found[r] = found.get(r, 0) + found[q]
    return found


def longest(walked: Graph, of: Quantity) -> int:
    """Return the number of steps of the longest path from ``of``."""
    found = {of: 0}
    for q, row in walked:
        for r, _ in row:
            found[r] = max(found.get(r, 0), found[q] + 1)
    return max(found.values())


def products(walked: Graph, of: Quantity) -> Iterator[tuple[Quantity, LinearMap]]:
    """Yield the product of the local Jacobians along each path from ``of`` to where it ends."""
    rows = dict(walked)
    pending: list[tuple[Quantity, tuple[LinearMap, ...]]] = [(of, ())]
    while pending:
        q, maps = pending.pop()
        if not rows[q]:
            yield q, M.compose(*maps)
        pending += [(r, (*maps, m)) for r, m in rows[q]]


def path_terms(walked: Graph, of: Quantity) -> dict[Quantity, Terms]:
    """Return the terms of the sum over all paths from ``of`` to each quantity where they end; TooLarge beyond 5,000."""
    number = count(walked, of)
    paths = sum(number.get(q, 0) for q, row in walked if not row)
    if paths > LARGEST or paths * longest(walked, of) ** 2 > LONGEST:
        raise TooLarge("the graph has too many paths, or too long ones, to write out")
    found: dict[Quantity, Terms] = {}
    for q, path in products(walked, of):
        _merge(found.setdefault(q, Counter()), terms(path))
    return found


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
            return [[Counter({((_plain(c),), ()): 1})]]
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
            return _multiply_out(M.compose(*(map_tree.at_index(body, {symbol: j}) for j in order)))
        case IndexedSum() if not m.range.free:
            return _multiply_out(M.add(*(map_tree.at_index(m.body, {m.symbol: k}) for k in m.range.numbers({}))))
    return [[Counter({((), (with_plain_letters(m),)): 1})]]


def _plain(e: Expression) -> Expression:
    """Return e without what it is called: a derivative by its value, the letters of sums by their order."""
    return plain_letters(replaced(e, lambda x: _plain(x.value) if isinstance(x, Partial) else None))


def with_plain_letters(m: LinearMap) -> LinearMap:
    """Return a leaf with the letters that its sums bind named by their order, so that equal sums are equal."""
    return m if isinstance(m, IndexedSum | Product) else map_tree.rewrite(m, _plain)


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
            total[tuple(sorted(s + t, key=hash)), f + g] += n * k
    return total


def _merge(total: Terms, more: Terms) -> None:
    for term, n in more.items():
        total[term] += n
