"""Linear maps: the derivative of one quantity by another, kept in product form.

A map takes a change dx to a change dy. Leaves come from single operations; composition, sum, indexed
product and sum put them together. The functions below (compose, add, transpose, ...) are the only way
maps are built, and they keep a normal form: nested products and sums are flat, identities are dropped,
a zero takes its product with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from symgrad.algebra import expression as E
from symgrad.algebra.expression import (
    DIV,
    MUL,
    NEG,
    Apply,
    Argument,
    Constant,
    Expression,
    Number,
    Quantity,
    move,
    remembered_hash,
    substitute,
)
from symgrad.algebra.index import Bindings, Position, at, difference, symbols
from symgrad.algebra.shape import Shape
from symgrad.algebra.span import Span
from symgrad.algebra.tree import fold, replace, walk

K = TypeVar("K")


class LinearMap:
    """Base of the kinds of map; those with maps inside know their hash, once it was asked for."""

    __slots__ = ("_hash",)


@dataclass(frozen=True, slots=True)
class Identity(LinearMap):
    """dx -> dx."""


@dataclass(frozen=True, slots=True)
class Zero(LinearMap):
    """dx -> 0."""


@dataclass(frozen=True, slots=True)
class Undefined(LinearMap):
    """A derivative that is none of these maps, nor made of them: what needs it fails and says why."""

    why: str
    todo: str


@dataclass(frozen=True, slots=True)
class Scale(LinearMap):
    """dx -> c dx with a scalar c."""

    c: Expression


@dataclass(frozen=True, slots=True)
class Diagonal(LinearMap):
    """dx -> v * dx, elementwise; diag(v) dx for vectors."""

    v: Expression


@dataclass(frozen=True, slots=True)
class Column(LinearMap):
    """dc -> dc v: a scalar's change to an array's; transposed it is the row dx -> <v, dx>."""

    v: Expression


@dataclass(frozen=True, slots=True)
class Matrix(LinearMap):
    """dx -> A @ dx."""

    A: Expression


@dataclass(frozen=True, slots=True)
class Right(LinearMap):
    """dM -> dM @ B, the map of a matrix parameter; for a vector B its transpose is the outer product."""

    B: Expression


@dataclass(frozen=True, slots=True)
class Swap(LinearMap):
    """dM -> dM.T."""


@dataclass(frozen=True, slots=True)
class Transpose(LinearMap):
    """The transpose of a leaf that is not symmetric (Column, Matrix, Right) or of a Named."""

    of: LinearMap

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Named(LinearMap):
    """A map with a name: the derivative of one quantity by another.

    scope: "total", ∂s_t/∂s_k; or an immediate derivative, ∂⁺s_k/∂W: "step", with the step before held
    fixed; "equation", with all else held fixed that the equation of ``of`` reads.
    """

    of: Quantity
    wrt: Quantity
    map: LinearMap
    scope: str = "step"

    @property
    def immediate(self) -> bool:
        """Whether the name is ∂⁺of/∂wrt."""
        return self.scope != "total"

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Compose(LinearMap):
    """The product of maps; the rightmost acts first."""

    maps: tuple[LinearMap, ...]

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Sum(LinearMap):
    """dx -> A dx + B dx + ..."""

    maps: tuple[LinearMap, ...]

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Product(LinearMap):
    """∏ body(j) for j = lower..upper, in order: the highest j leftmost if descending, else rightmost."""

    symbol: str
    lower: Position
    upper: Position
    body: LinearMap
    descending: bool = True

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class IndexedSum(LinearMap):
    """Σ body(k) for k = lower..upper; without: values of k that are left out; within: what is 0 or more."""

    symbol: str
    lower: Position
    upper: Position
    body: LinearMap
    without: tuple[Position, ...] = ()
    within: tuple[Position, ...] = ()

    @property
    def range(self) -> Span:
        """What its symbol runs through."""
        return Span(self.symbol, self.lower, self.upper, self.without, self.within)

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Block(LinearMap):
    """A block matrix of maps, for several state variables: row i, column k maps part k to part i."""

    rows: tuple[tuple[LinearMap, ...], ...]

    __hash__ = remembered_hash


IDENTITY, ZERO = Identity(), Zero()


# --- building maps --------------------------------------------------------------------------------


def scale(c: Expression) -> LinearMap:
    """Return dx -> c dx."""
    match c:
        case Apply(op, (Number(p), Number(q))) if op.name == "/" and q:
            c = Number(p / q)
    if isinstance(c, Number) and c.value in (0, 1):
        return IDENTITY if c.value == 1 else ZERO
    return Scale(c)


def undefined(why: str, todo: str) -> LinearMap:
    """Return the map of a derivative that cannot be written; it may stand on paths that nobody asks for."""
    return Undefined(why, todo)


def diagonal(v: Expression) -> LinearMap:
    """Return dx -> v * dx; a number v in the place of an array is a multiple."""
    return scale(v) if isinstance(v, Number) else Diagonal(v)


def matrix(A: Expression) -> LinearMap:
    """Return dx -> A @ dx, where a multiple c I of the identity becomes the scalar c."""
    match A:
        case Constant("I"):
            return IDENTITY
        case Apply(op, (c, Constant("I"))) | Apply(op, (Constant("I"), c)) if op == MUL:
            return scale(c)
        case Apply(op, (Constant("I"), c)) if op == DIV:
            return scale(1 / c)
        case Apply(op, (inner,)) if op == NEG and matrix(inner) != Matrix(inner):
            return compose(Scale(Number(Fraction(-1))), matrix(inner))
    return Matrix(A)


def elementwise(c: Argument, x: Argument, out: Shape) -> LinearMap:
    """Return dx -> c * dx, where a scalar x may have been broadcast to the shape out."""
    if x.shape == out:
        return scale(c.e) if c.shape == () else Diagonal(c.e)
    return Column(c.e if c.shape == out else c.e * Constant("1", out))


def row(v: Expression, shape: Shape) -> LinearMap:
    """Return dx -> <v, dx>: the derivative of a scalar by an argument of the given shape."""
    return scale(v) if shape == () else Transpose(Column(v))


def compose(*maps: LinearMap) -> LinearMap:
    """Return the product of maps; the last acts first.

    >>> from symgrad.algebra.expression import Quantity
    >>> compose(IDENTITY, Scale(Quantity("w"))) == Scale(Quantity("w"))
    True
    """
    flat: list[LinearMap] = []
    number = Fraction(1)
    for m in maps:
        if isinstance(m, Compose) and not any(isinstance(x, Scale) for x in (m.maps[0], m.maps[-1])):
            flat += m.maps  # it was composed before: a number would stand in front, or at the end when transposed
            continue
        for x in m.maps if isinstance(m, Compose) else (m,):
            match x:
                case Scale(Number(value)):
                    number *= value
                case Zero():
                    return ZERO
                case Identity():
                    pass
                case _:
                    flat.append(x)
    if number != 1:
        flat.insert(0, Scale(Number(number)))
    return IDENTITY if not flat else flat[0] if len(flat) == 1 else Compose(tuple(flat))


def dot(row: dict[K, LinearMap], column: dict[K, LinearMap]) -> LinearMap:
    """Return the product of a block row and a block column, given by their entries that are not zero."""
    return add(*(compose(m, column[k]) for k, m in row.items() if k in column))


def add(*maps: LinearMap) -> LinearMap:
    """Return the sum of maps; multiples of the same map are one term, where the first of them stands.

    >>> add(IDENTITY, Scale(Number(Fraction(1, 2)))) == Scale(Number(Fraction(3, 2)))
    True
    """
    if len(maps) == 1:
        return maps[0]
    total: dict[LinearMap, Fraction] = {}
    for m in maps:
        for x in m.maps if isinstance(m, Sum) else () if isinstance(m, Zero) else (m,):
            number, rest = number_apart(x)
            total[rest] = total.get(rest, Fraction(0)) + number
    terms = [compose(scale(Number(n)), rest) for rest, n in total.items() if n]
    return ZERO if not terms else terms[0] if len(terms) == 1 else Sum(tuple(terms))


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


def factored(m: LinearMap) -> LinearMap:
    """Return a sum with the factors taken out that its terms share on the left: c a + c b is c (a + b).

    >>> from symgrad.algebra.expression import Quantity
    >>> a, b, c = (Scale(Quantity(name)) for name in "abc")
    >>> factored(add(compose(c, a), compose(c, b))) == compose(c, add(a, b))
    True
    """
    if not isinstance(m, Sum):
        return m
    groups: dict[LinearMap, list[tuple[LinearMap, ...]]] = {}
    for term in m.maps:
        factors = term.maps if isinstance(term, Compose) else (term,)
        groups.setdefault(factors[0], []).append(factors)
    terms = []
    for group in groups.values():
        shared = 0
        while len(group) > 1 and len({f[shared : shared + 1] for f in group}) == 1 and group[0][shared:]:
            shared += 1
        rests = add(*[compose(*f[shared:]) for f in group])
        terms.append(compose(*group[0][:shared], rests))
    return add(*terms)


def number_apart(m: LinearMap) -> tuple[Fraction, LinearMap]:
    """Return q and B, where m is q B and B has no number in front."""
    match m:
        case Scale(Number(value)):
            return value, IDENTITY
        case Compose((Scale(Number(value)), *rest)):
            return value, compose(*rest)
    return Fraction(1), m


def block(rows: list[list[LinearMap]]) -> LinearMap:
    """Return a block matrix of maps; a 1 x 1 block is its entry."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    if all(isinstance(m, Zero) for r in rows for m in r):
        return ZERO
    return Block(tuple(tuple(r) for r in rows))


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


def indexed_sum(
    symbol: str,
    lower: Position,
    upper: Position,
    body: LinearMap,
    without: tuple[Position, ...] = (),
    within: tuple[Position, ...] = (),
) -> LinearMap:
    """Return Σ body(symbol) for symbol = lower..upper; an empty sum is zero."""
    if isinstance(body, Zero) or (isinstance(lower, int) and isinstance(upper, int) and upper < lower):
        return ZERO
    return IndexedSum(symbol, lower, upper, body, without, within)


def inside(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the maps that stand immediately inside m, from left to right; in a name, what it stands for."""
    match m:
        case Compose(maps) | Sum(maps):
            return maps
        case Product(_, _, _, body) | IndexedSum(_, _, _, body) | Transpose(body) | Named(_, _, body):
            return (body,)
        case Block(rows):
            return tuple([x for r in rows for x in r])
    return ()


def inside_unopened(m: LinearMap) -> tuple[LinearMap, ...]:
    """Return the maps that stand immediately inside m, none in a name."""
    return () if isinstance(m, Named) else inside(m)


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
        match x:
            case Scale(e) | Diagonal(e) | Column(e) | Matrix(e) | Right(e):
                yield e


def rewrite(m: LinearMap, change: Callable[[Expression], Expression]) -> LinearMap:
    """Return m with ``change`` done to every expression in it."""
    return replaced(m, lambda x: _leaf(x, change))


def _leaf(m: LinearMap, change: Callable[[Expression], Expression]) -> LinearMap | None:
    """Return a leaf with its expression changed; None for a map that has none of its own."""
    match m:
        case Scale(c):
            return Scale(change(c))
        case Diagonal(v):
            return diagonal(change(v))
        case Column(v):
            return Column(change(v))
        case Matrix(A):
            return Matrix(change(A))
        case Right(B):
            return Right(change(B))
    return None


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


def transpose(m: LinearMap) -> LinearMap:
    """Return the transposed map: products turn round, leaves are transposed one by one."""
    return fold(m, inside_unopened, _turned)


def _turned(m: LinearMap, of: Callable[[LinearMap], LinearMap]) -> LinearMap:
    match m:
        case Identity() | Zero() | Scale() | Diagonal() | Swap() | Undefined():
            return m  # symmetric
        case Transpose(inner):
            return inner
        case Compose(maps):
            return Compose(tuple([of(x) for x in reversed(maps)]))
        case Sum(maps):
            turned = tuple([of(x) for x in maps])
            return m if set(turned) == set(maps) else Sum(turned)  # A + A.T is symmetric
        case Product(symbol, lower, upper, body, descending):
            return Product(symbol, lower, upper, of(body), not descending)
        case IndexedSum(symbol, lower, upper, body, without, within):
            return IndexedSum(symbol, lower, upper, of(body), without, within)
        case Block(rows):
            return Block(tuple(tuple(of(x) for x in column) for column in zip(*rows, strict=True)))
    return Transpose(m)


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
        case Scale(e) | Diagonal(e) | Column(e) | Matrix(e) | Right(e):
            return E.free_symbols(e)
        case Named(numerator, wrt, named):
            return of(named) | symbols((*numerator.indices, *wrt.indices))
    return frozenset[str]().union(*map(of, inside(m)))


def summed(span: Span, body: LinearMap) -> LinearMap:
    """Return Σ body over a span; an empty sum is zero."""
    number, rest = number_apart(body)
    if number == -1:
        return compose(Scale(Number(number)), indexed_sum(*span[:3], rest, *span[3:]))
    return indexed_sum(*span[:3], body, *span[3:])


def _bound(position: Position, bindings: Bindings) -> Position:
    moved = at(position, bindings)
    return position if moved is None else moved


SCALAR = Scale | Identity | Compose | Sum | Product | IndexedSum
"""The kinds of map that multiples alone can be built of."""


def is_scalar_product(m: LinearMap) -> bool:
    """Tell whether m is built of multiples alone, so that its factors commute."""
    return all(isinstance(x, SCALAR) for x in parts(m))
