"""Linear maps as trees: what stands in them, and what they are with parts of them, or their indices, changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symgrad.algebra import substitution
from symgrad.algebra.expression import Expression
from symgrad.algebra.index import Bindings, Position, at, difference, symbols
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    Leaf,
    LinearMap,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
    Zero,
    inside,
    inside_unopened,
)
from symgrad.algebra.map_algebra import IDENTITY, ZERO, add, block, compose, diagonal, summed, transpose
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move, substitute
from symgrad.algebra.tree import fold, replace, walk


def product(symbol: str, lower: Position, upper: Position, body: LinearMap, descending: bool = True) -> LinearMap:
    """Return ∏ body(symbol) for symbol = lower..upper; an empty product is the identity."""
    if isinstance(body, Identity):
        return IDENTITY
    length = difference(upper, lower)
    if length is not None and length < 0:
        return IDENTITY
    if isinstance(body, Zero) and length is not None:
        return ZERO
    if length == 0:
        return at_index(body, {symbol: lower})
    return Product(symbol, lower, upper, body, descending)


def rebuilt(m: LinearMap, change: Callable[[LinearMap], LinearMap]) -> LinearMap:
    """Return m, in normal form, with ``change`` done to each of the maps that stand immediately inside it."""
    match m:
        case Compose(maps):
            return compose(*[change(x) for x in maps])
        case Sum(maps):
            return add(*[change(x) for x in maps])
        case Product(symbol, lower, upper, body, descending):
            return product(symbol, lower, upper, change(body), descending)
        case IndexedSum():
            return summed(m.range, change(m.body))
        case Transpose(of):
            return transpose(change(of))
        case Named(of, wrt, named, scope):
            return Named(of, wrt, change(named), scope)
        case Block(rows):
            return block([[change(x) for x in r] for r in rows])
    return m


def replaced(m: LinearMap, change: Callable[[LinearMap], LinearMap | None]) -> LinearMap:
    """Return m with change(x) in the place of each map x, m itself or inside it, for which that is not None."""
    return replace(m, inside, rebuilt, change)


def expressions(m: LinearMap) -> Iterator[Expression]:
    """Yield every expression that stands in a map."""
    for x in walk(m, inside):
        if isinstance(x, Leaf):
            yield x.expression


def rewrite(m: LinearMap, change: Callable[[Expression], Expression]) -> LinearMap:
    """Return m with ``change`` done to every expression in it."""
    return replaced(m, lambda x: _leaf(x, change))


def _leaf(m: LinearMap, change: Callable[[Expression], Expression]) -> LinearMap | None:
    """Return a leaf with its expression changed; None for a map that has none of its own."""
    if not isinstance(m, Leaf):
        return None
    kind: Callable[[Expression], LinearMap] = diagonal if isinstance(m, Diagonal) else type(m)
    return kind(change(m.expression))


def parts(m: LinearMap) -> Iterator[LinearMap]:
    """Yield a map and all maps inside it; a name is not opened."""
    return walk(m, inside_unopened)


def names(m: LinearMap) -> Iterator[Named]:
    """Yield every named derivative that stands in a map; a name is not opened."""
    return (x for x in parts(m) if isinstance(x, Named))


def opened(m: LinearMap) -> LinearMap:
    """Return m with the maps of its names in their places, one level deep."""
    return replaced(m, lambda x: x.map if isinstance(x, Named) else None)


def unnamed(m: LinearMap, stays: Callable[[Named], bool] = lambda name: False) -> LinearMap:
    """Return a map with its names, and those inside them, replaced by what they stand for, but those that stay."""

    def written(x: LinearMap, of: Callable[[LinearMap], LinearMap]) -> LinearMap:
        return of(x.map) if isinstance(x, Named) and not stays(x) else rebuilt(x, of)

    return fold(m, inside, written)


def at_index(m: LinearMap, bindings: Bindings) -> LinearMap:
    """Replace index symbols in a map: ∏_{j=k+1}^{t} at {t: 5, k: 2} runs from 3 to 5.

    A symbol that a product or a sum binds itself is left alone, or gets another letter where it would catch one.
    """
    put = symbols(bindings.values())

    def moved(x: LinearMap, of: Callable[[LinearMap], LinearMap]) -> LinearMap:
        match x:
            case Product() if touched(x):
                span, own = Span(x.symbol, x.lower, x.upper).at(bindings, lambda: free_symbols(x.body))
                return product(span.symbol, span.lower, span.upper, at_index(x.body, own), x.descending)
            case IndexedSum() if touched(x):
                span, own = x.range.at(bindings, lambda: free_symbols(x.body))
                return summed(span, at_index(x.body, own))
            case Product(symbol, lower, upper, body, descending):
                return product(symbol, _bound(lower, bindings), _bound(upper, bindings), of(body), descending)
            case IndexedSum():
                return summed(x.range.at(bindings, frozenset)[0], of(x.body))
            case Named(numerator, wrt, named, scope):
                return Named(move(numerator, bindings), move(wrt, bindings), of(named), scope)
        leaf = _leaf(x, lambda e: substitute(e, bindings))
        return rebuilt(x, of) if leaf is None else leaf

    def touched(x: Product | IndexedSum) -> bool:
        return x.symbol in bindings or x.symbol in put

    return fold(m, lambda x: () if isinstance(x, Product | IndexedSum) and touched(x) else inside(x), moved)


def free_symbols(m: LinearMap) -> frozenset[str]:
    """Return the index symbols of a map that no product or sum in it binds."""
    return fold(m, inside, _free)


def _free(m: LinearMap, of: Callable[[LinearMap], frozenset[str]]) -> frozenset[str]:
    match m:
        case Product(symbol, lower, upper, body):
            return of(body) - {symbol} | symbols((lower, upper))
        case IndexedSum():
            return of(m.body) - {m.symbol} | m.range.free
        case Leaf():
            return substitution.free_symbols(m.expression)
        case Named(numerator, wrt, named):
            return of(named) | symbols((*numerator.indices, *wrt.indices))
    return frozenset[str]().union(*map(of, inside(m)))


def _bound(position: Position, bindings: Bindings) -> Position:
    moved = at(position, bindings)
    return position if moved is None else moved


MULTIPLES = Scale | Identity | Compose | Sum | Product | IndexedSum
"""The kinds of map that multiples alone can be built of."""


def is_scalar_product(m: LinearMap) -> bool:
    """Tell whether m is built of multiples alone, so that its factors commute."""
    return all(isinstance(x, MULTIPLES) for x in parts(m))


def extent(m: LinearMap, known: dict[int, tuple[LinearMap, int]]) -> int:
    """Return how many leaves a map has, written out; ``known`` has those of maps that were counted before.

    >>> from symgrad.algebra.expression import Quantity
    >>> extent(compose(Scale(Quantity("w")), add(IDENTITY, Scale(Quantity("u")))), {})
    3
    """

    def counted(x: LinearMap, of: Callable[[LinearMap], int]) -> int:
        return sum(map(of, _unfolded(x))) or 1

    return fold(m, _unfolded, counted, known)


def _unfolded(m: LinearMap) -> tuple[LinearMap, ...]:
    return inside(m) if isinstance(m, Compose | Sum | Named) else ()
