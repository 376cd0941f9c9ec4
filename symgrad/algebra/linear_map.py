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
from symgrad.algebra.index import Bindings, Position, at, difference
from symgrad.algebra.shape import Shape

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
    """Σ body(k) for k = lower..upper."""

    symbol: str
    lower: Position
    upper: Position
    body: LinearMap

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
    pending = [m]
    while pending:
        x = pending[-1]
        inner = x.maps if isinstance(x, Compose | Sum) else ()
        unknown = [y for y in inner if id(y) not in known]
        if unknown:
            pending += unknown
        else:
            known[id(x)] = (x, sum(known[id(y)][1] for y in inner) or 1)  # x is kept, and so is its id
            pending.pop()
    return known[id(m)][1]


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


def indexed_sum(symbol: str, lower: Position, upper: Position, body: LinearMap) -> LinearMap:
    """Return Σ body(symbol) for symbol = lower..upper; an empty sum is zero."""
    if isinstance(body, Zero) or (isinstance(lower, int) and isinstance(upper, int) and upper < lower):
        return ZERO
    return IndexedSum(symbol, lower, upper, body)


def transpose(m: LinearMap) -> LinearMap:
    """Return the transposed map: products turn round, leaves are transposed one by one."""
    match m:
        case Column() | Matrix() | Right() | Named():
            return Transpose(m)
        case Transpose(of):
            return of
        case Compose(maps):
            return Compose(tuple([transpose(x) for x in reversed(maps)]))
        case Sum(maps):
            turned = tuple([transpose(x) for x in maps])
            return m if set(turned) == set(maps) else Sum(turned)  # A + A.T is symmetric
        case Product(symbol, lower, upper, body, descending):
            return Product(symbol, lower, upper, transpose(body), not descending)
        case IndexedSum(symbol, lower, upper, body):
            return IndexedSum(symbol, lower, upper, transpose(body))
        case Block(rows):
            return Block(tuple(tuple(transpose(x) for x in column) for column in zip(*rows, strict=True)))
    return m  # Identity, Zero, Scale, Diagonal, Swap are symmetric


def at_index(m: LinearMap, bindings: Bindings) -> LinearMap:
    """Replace index symbols in a map: ∏_{j=k+1}^{t} at {t: 5, k: 2} runs from 3 to 5.

    A symbol that a product or a sum binds itself is left alone.
    """
    match m:
        case Product(symbol, lower, upper, body, descending):
            inner = {s: p for s, p in bindings.items() if s != symbol}
            low, high = _bound(lower, bindings), _bound(upper, bindings)
            return product(symbol, low, high, at_index(body, inner), descending)
        case IndexedSum(symbol, lower, upper, body):
            inner = {s: p for s, p in bindings.items() if s != symbol}
            return indexed_sum(symbol, _bound(lower, bindings), _bound(upper, bindings), at_index(body, inner))
        case Named(of, wrt, named, scope):
            return Named(move(of, bindings), move(wrt, bindings), at_index(named, bindings), scope)
    return _rebuild(m, lambda e: substitute(e, bindings), lambda x: at_index(x, bindings))


def _bound(position: Position, bindings: Bindings) -> Position:
    moved = at(position, bindings)
    return position if moved is None else moved


def rewrite(m: LinearMap, change: Callable[[Expression], Expression]) -> LinearMap:
    """Return m with ``change`` done to every expression in it."""
    match m:
        case Product(symbol, lower, upper, body, descending):
            return product(symbol, lower, upper, rewrite(body, change), descending)
        case IndexedSum(symbol, lower, upper, body):
            return indexed_sum(symbol, lower, upper, rewrite(body, change))
        case Named(of, wrt, named, scope):
            return Named(of, wrt, rewrite(named, change), scope)
    return _rebuild(m, change, lambda x: rewrite(x, change))


def _rebuild(
    m: LinearMap, change: Callable[[Expression], Expression], descend: Callable[[LinearMap], LinearMap]
) -> LinearMap:
    """Rebuild a map that binds no index: its expressions by ``change``, its parts by ``descend``."""
    match m:
        case Scale(c):
            return Scale(change(c))
        case Compose(maps):
            return compose(*[descend(x) for x in maps])
        case Diagonal(v):
            return diagonal(change(v))
        case Matrix(A):
            return Matrix(change(A))
        case Column(v):
            return Column(change(v))
        case Right(B):
            return Right(change(B))
        case Transpose(of):
            return Transpose(descend(of))
        case Sum(maps):
            return add(*[descend(x) for x in maps])
        case Block(rows):
            return block([[descend(x) for x in r] for r in rows])
    return m


def expressions(m: LinearMap) -> Iterator[Expression]:
    """Yield every expression that stands in a map."""
    match m:
        case Scale(e) | Diagonal(e) | Column(e) | Matrix(e) | Right(e):
            yield e
        case Compose(maps) | Sum(maps):
            for x in maps:
                yield from expressions(x)
        case Product(_, _, _, body) | IndexedSum(_, _, _, body):
            yield from expressions(body)
        case Transpose(inner) | Named(_, _, inner):
            yield from expressions(inner)
        case Block(rows):
            for r in rows:
                for x in r:
                    yield from expressions(x)


def parts(m: LinearMap) -> Iterator[LinearMap]:
    """Yield a map and all maps inside it; a name is not opened."""
    yield m
    match m:
        case Compose(maps) | Sum(maps):
            for x in maps:
                yield from parts(x)
        case Product(_, _, _, body) | IndexedSum(_, _, _, body) | Transpose(body):
            yield from parts(body)
        case Block(rows):
            for r in rows:
                for x in r:
                    yield from parts(x)


def names(m: LinearMap) -> Iterator[Named]:
    """Yield every named derivative that stands in a map; a name is not opened."""
    return (x for x in parts(m) if isinstance(x, Named))


def opened(m: LinearMap) -> LinearMap:
    """Return m with the maps of its names in their places, one level deep."""
    match m:
        case Named(_, _, inner):
            return inner
        case Product(symbol, lower, upper, body, descending):
            return product(symbol, lower, upper, opened(body), descending)
        case IndexedSum(symbol, lower, upper, body):
            return indexed_sum(symbol, lower, upper, opened(body))
    return _rebuild(m, lambda e: e, opened)


def is_scalar_product(m: LinearMap) -> bool:
    """Tell whether m is built of multiples alone, so that its factors commute."""
    match m:
        case Scale() | Identity():
            return True
        case Compose(maps) | Sum(maps):
            return all(map(is_scalar_product, maps))
        case Product(_, _, _, body) | IndexedSum(_, _, _, body):
            return is_scalar_product(body)
    return False
