"""The algebra M of linear maps: the functions that build them, and the only way they are built.

They keep a normal form: nested products and sums are flat, identities are dropped, a zero takes its product with it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from symgrad.algebra.expression import DIV, MUL, NEG, Apply, Argument, Constant, Expression, Number
from symgrad.algebra.index import Position
from symgrad.algebra.linear_map import (
    Block,
    Column,
    Compose,
    Diagonal,
    Identity,
    IndexedSum,
    LinearMap,
    Matrix,
    Product,
    Right,
    Scale,
    Sum,
    Swap,
    Transpose,
    Undefined,
    Zero,
    inside_unopened,
)
from symgrad.algebra.shape import Shape
from symgrad.algebra.span import Span
from symgrad.algebra.tree import fold

K = TypeVar("K")

IDENTITY, ZERO = Identity(), Zero()


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


def column(v: Expression) -> LinearMap:
    """Return dc -> dc v."""
    return Column(v)


def right(B: Expression) -> LinearMap:
    """Return dM -> dM @ B."""
    return Right(B)


def swap() -> LinearMap:
    """Return dM -> dM.T."""
    return Swap()


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


def transpose(m: LinearMap) -> LinearMap:
    """Return the transposed map: products turn round, leaves are transposed one by one."""
    return fold(m, inside_unopened, _turned)


def _turned(m: LinearMap, of: Callable[[LinearMap], LinearMap]) -> LinearMap:
    if m.symmetric:
        return m
    match m:
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


def summed(span: Span, body: LinearMap) -> LinearMap:
    """Return Σ body over a span; an empty sum is zero."""
    number, rest = number_apart(body)
    if number == -1:
        return compose(Scale(Number(number)), indexed_sum(*span[:3], rest, *span[3:]))
    return indexed_sum(*span[:3], body, *span[3:])
