"""Expressions: what stands on the right of an equation and inside a linear map.

Few kinds of node: a number, a quantity, a constant array (I or ones), an index used as a number, an operation applied
to expressions, a sum or a product over an index, a partial derivative that has a name of its own (∂C/∂a_L); and two
that stand for what a map is applied to, a change dX and a cotangent ∂E/∂X. The operators + - * / ** are defined here,
so that rules read as mathematics: ``y * (1 - y)``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from symgrad.algebra.index import Bindings, Index, Place, Position, at, place, symbols
from symgrad.algebra.op import Op, Rule
from symgrad.algebra.shape import Dimension, Shape, broadcast, shape_at
from symgrad.algebra.span import Span
from symgrad.algebra.tree import fold, replace, walk


def remembered_hash(node: Any) -> int:
    """Return the hash of a node of a tree, computed once: that of a deep tree is asked for at each of its nodes."""
    try:
        known: int = node._hash
    except AttributeError:
        known = hash((type(node), *(getattr(node, name) for name in node.__slots__)))
        object.__setattr__(node, "_hash", known)
    return known


class Expression:
    """Base of the kinds of node; holds only the operators."""

    __slots__ = ("_hash",)

    def __add__(self, other: Operand) -> Expression:
        return Apply(ADD, (self, expression(other)))

    def __radd__(self, other: Operand) -> Expression:
        return Apply(ADD, (expression(other), self))

    def __sub__(self, other: Operand) -> Expression:
        return Apply(SUB, (self, expression(other)))

    def __rsub__(self, other: Operand) -> Expression:
        return Apply(SUB, (expression(other), self))

    def __mul__(self, other: Operand) -> Expression:
        return Apply(MUL, (self, expression(other)))

    def __rmul__(self, other: Operand) -> Expression:
        return Apply(MUL, (expression(other), self))

    def __truediv__(self, other: Operand) -> Expression:
        return Apply(DIV, (self, expression(other)))

    def __rtruediv__(self, other: Operand) -> Expression:
        return Apply(DIV, (expression(other), self))

    def __pow__(self, other: Operand) -> Expression:
        exponent = expression(other)
        if isinstance(exponent, Number):
            return Apply(power(exponent.value), (self,))
        return Apply(POW, (self, exponent))

    def __neg__(self) -> Expression:
        return Apply(NEG, (self,))


@dataclass(frozen=True, slots=True)
class Partial(Expression):
    """A partial derivative that is printed by its name, ∂of/∂wrt, and evaluated by its value."""

    of: Quantity
    wrt: Quantity
    value: Expression
    immediate: bool = False
    """Whether wrt also acts on another way, so that this is not the total derivative: ∂⁺of/∂wrt."""

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Change(Expression):
    """dx, a change of x: what a linear map is applied to."""

    of: Quantity


@dataclass(frozen=True, slots=True)
class Cotangent(Expression):
    """∂of/∂wrt of a number, an array of the shape of wrt, as backward equations define it: by its name alone."""

    of: Quantity
    wrt: Quantity


Operand = Expression | int | Fraction


@dataclass(frozen=True, slots=True)
class Number(Expression):
    """An exact rational number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Quantity(Expression):
    """A named quantity, perhaps with indices: W, a[j-1], w[2], x[l,i].

    index: that of the recurrence, where it has one. further: those of families, as i in x[l,i]; in a network with
    several recurrences all of them. ahead: how many of the further ones are written before the index, as in x[i,t].
    """

    name: str
    index: Position | None = None
    further: tuple[Position, ...] = ()
    ahead: int = 0

    @property
    def indices(self) -> tuple[Position, ...]:
        """All indices, as they are written from left to right."""
        if self.index is None:
            return self.further
        return (*self.further[: self.ahead], self.index, *self.further[self.ahead :])

    def at(self, index: Position | None) -> Quantity:
        """Return the same quantity at another index of the recurrence."""
        return Quantity(self.name, index, self.further, self.ahead)

    def place(self, numbers: Mapping[str, int]) -> Place:
        """Return where its value is kept, with numbers for the symbols: None, a number, or several."""
        return place(self.indices, numbers)

    def __str__(self) -> str:
        indices = self.indices
        return f"{self.name}[{','.join(map(str, indices))}]" if indices else self.name


@dataclass(frozen=True, slots=True)
class Bound(Quantity):
    """A quantity at all values of letters that sums above it bind: what Σ_t loss(s_t) reads of s.

    spans: what the letters run through, the outermost sum first. Each stands in an index, or in a later span.
    """

    spans: tuple[Span, ...] = ()

    @property
    def one(self) -> Quantity:
        """The quantity itself, at its letters."""
        return Quantity(self.name, self.index, self.further, self.ahead)


def written(name: str, place: Place) -> Quantity:
    """Return a quantity at a place, with its indices as they are written: they are not told apart.

    >>> print(written("x", (2, 1)), written("w", 3), written("W", None))
    x[2,1] w[3] W
    """
    if isinstance(place, tuple):
        return Quantity(name, place[0], place[1:])
    return Quantity(name, place)


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A constant: the identity matrix ("I") or an array of ones ("1"), of the given shape; the numbers π ("pi") and
    e ("e"), of shape (); or the number of entries of an array of the given shape ("size")."""

    kind: str
    shape: Shape

    @property
    def own_shape(self) -> Shape:
        """The shape of the constant itself: that of a size is ()."""
        return () if self.kind == "size" else self.shape


@dataclass(frozen=True, slots=True)
class IndexNumber(Expression):
    """An index, or the end of its range, used as a number: the j of 1/j, the L of 1/sqrt(L)."""

    position: Position


@dataclass(frozen=True, slots=True)
class IndexSum(Expression):
    """Σ body (kind "sum") or ∏ body, entry by entry ("prod"), for symbol = lower..upper, both included.

    without: values of the symbol that are left out, as i in Σ_{j ≠ i}. within: what is 0 or more where there is a term.
    """

    symbol: str
    lower: Position
    upper: Position
    body: Expression
    kind: str = "sum"
    without: tuple[Position, ...] = ()
    within: tuple[Position, ...] = ()

    __hash__ = remembered_hash

    @property
    def range(self) -> Span:
        """What its symbol runs through."""
        return Span(self.symbol, self.lower, self.upper, self.without, self.within)


@dataclass(frozen=True, slots=True)
class Apply(Expression):
    """An operation applied to expressions."""

    op: Op
    arguments: tuple[Expression, ...]

    __hash__ = remembered_hash


def expression(x: Operand) -> Expression:
    """Return x as an expression; ints and fractions are exact numbers."""
    return x if isinstance(x, Expression) else Number(Fraction(x))


def inside(e: Expression) -> tuple[Expression, ...]:
    """Return the expressions that stand immediately inside e, from left to right."""
    match e:
        case Apply(_, arguments):
            return arguments
        case Partial(_, _, value):
            return (value,)
        case IndexSum():
            return (e.body,)
    return ()


def rebuilt(e: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return e with ``change`` done to each of those that stand immediately inside it."""
    match e:
        case Apply(op, arguments):
            return Apply(op, tuple([change(a) for a in arguments]))
        case Partial(of, wrt, value, immediate):
            return Partial(of, wrt, change(value), immediate)
        case IndexSum():
            return index_sum(e.range, change(e.body), e.kind)
    return e


def nodes(e: Expression) -> Iterator[Expression]:
    """Yield e and all expressions inside it, from left to right."""
    return walk(e, inside)


def replaced(e: Expression, change: Callable[[Expression], Expression | None]) -> Expression:
    """Return e with change(x) in the place of each x, e itself or inside it, for which that is not None.

    >>> x, y = Quantity("x"), Quantity("y")
    >>> replaced(x * x + 1, lambda e: y if e == x else None) == y * y + 1
    True
    """
    return replace(e, inside, rebuilt, change)


def everywhere(e: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return e with ``change`` done to every expression in it, the innermost first, and to e itself last."""
    return fold(e, inside, lambda x, of: change(rebuilt(x, of)))


def quantities(e: Expression) -> Iterator[Quantity]:
    """Yield every quantity that e reads, from left to right."""
    return (x for x in nodes(e) if isinstance(x, Quantity))


def applications(e: Expression) -> Iterator[Apply]:
    """Yield every application of an operation in e, the outermost first."""
    return (x for x in nodes(e) if isinstance(x, Apply))


def reads(e: Expression, spans: tuple[Span, ...] = ()) -> Iterator[tuple[Quantity, tuple[Span, ...]]]:
    """Yield every quantity that e reads with the sums and products that it stands under, the outermost first."""
    if isinstance(e, Quantity):
        yield e, spans
    spans = (*spans, e.range) if isinstance(e, IndexSum) else spans
    for x in inside(e):
        yield from reads(x, spans)


def move(q: Quantity, bindings: Bindings) -> Quantity:
    """Replace the index symbols of a quantity: z[j] at {j: 3} is z[3]."""
    if not q.further:
        return q if q.index is None or isinstance(q.index, int) else Quantity(q.name, at(q.index, bindings))
    return Quantity(q.name, at(q.index, bindings), moved(q.further, bindings), q.ahead)


def moved(positions: tuple[Position, ...], bindings: Bindings) -> tuple[Position, ...]:
    """Replace the symbols of several indices."""
    return tuple([at(p, bindings) for p in positions])  # type: ignore[misc]  # None only from None


def free_symbols(e: Expression) -> frozenset[str]:
    """Return the index symbols of an expression that no sum in it binds."""
    return fold(e, inside, _free)


def _free(e: Expression, of: Callable[[Expression], frozenset[str]]) -> frozenset[str]:
    positions: tuple[Position, ...] = ()
    match e:
        case Quantity():
            positions = e.indices
        case IndexNumber(position):
            positions = (position,)
        case Constant(_, shape):
            positions = tuple(d.index for d in shape if isinstance(d, Dimension) and d.index is not None)
        case Partial(numerator, wrt) | Cotangent(numerator, wrt):
            positions = (*numerator.indices, *wrt.indices)
        case Change(changed):
            positions = changed.indices
        case IndexSum():
            return of(e.body) - {e.symbol} | e.range.free
    return symbols(positions).union(*map(of, inside(e)))


def substitute(e: Expression, bindings: Bindings) -> Expression:
    """Replace index symbols in an expression."""

    def at_bindings(x: Expression, of: Callable[[Expression], Expression]) -> Expression:
        match x:
            case Quantity():
                return move(x, bindings)
            case Constant(kind, shape):
                return Constant(kind, shape_at(shape, bindings))
            case Partial(numerator, wrt, value, immediate):
                return Partial(move(numerator, bindings), move(wrt, bindings), of(value), immediate)
            case Cotangent(numerator, wrt):
                return Cotangent(move(numerator, bindings), move(wrt, bindings))
            case Change(changed):
                return Change(move(changed, bindings))
            case IndexNumber(position):
                return index_number(at(position, bindings))  # type: ignore[arg-type]  # None only from None
            case IndexSum():
                span, own = x.range.at(bindings, lambda: free_symbols(x.body))
                return index_sum(span, substitute(x.body, own), x.kind)
        return rebuilt(x, of)

    return fold(e, lambda x: () if isinstance(x, IndexSum) else inside(x), at_bindings)


def plain_letters(e: Expression, nesting: int = 0) -> Expression:
    """Return e with the letters that its sums bind named by their order, so that equal sums are equal."""
    if isinstance(e, IndexSum):
        letter = f"#{nesting}"
        own = {e.symbol: Index(letter)}
        span = Span(letter, e.lower, e.upper, e.without, moved(e.within, own))
        return index_sum(span, plain_letters(substitute(e.body, own), nesting + 1), e.kind)
    return rebuilt(e, lambda x: plain_letters(x, nesting))


def index_number(position: Position) -> Expression:
    """Return an index as a number: exact where it is one."""
    return Number(Fraction(position)) if isinstance(position, int) else IndexNumber(position)


def index_sum(span: Span, body: Expression, kind: str = "sum") -> IndexSum:
    """Return the sum or the product of body over a span."""
    return IndexSum(span.symbol, span.lower, span.upper, body, kind, span.without, span.within)


class Argument(NamedTuple):
    """An argument of an operation with its shape: what the Jacobian rules need to know of it."""

    e: Expression
    shape: Shape


# --- the operators --------------------------------------------------------------------------------
#
# Each works elementwise; a scalar is broadcast. M.elementwise(c, x, out) is the map dx -> c * dx of an
# argument x that may be broadcast to the shape out: a multiple, a diagonal or a column, by the shapes.


ONE = Argument(Number(Fraction(1)), ())
MINUS_ONE = Argument(Number(Fraction(-1)), ())


def _of(e: Expression, *arguments: Argument) -> Argument:
    return Argument(e, broadcast(*(a.shape for a in arguments)))


ADD = Op(
    "+",
    shape=broadcast,
    value=Rule(lambda A: operator.add),
    jacobian=lambda M, x, out: (M.elementwise(ONE, x[0], out), M.elementwise(ONE, x[1], out)),
    pullback=lambda A, g, _, x, y: (g, g),
    linear=True,
)
SUB = Op(
    "-",
    shape=broadcast,
    value=Rule(lambda A: operator.sub),
    jacobian=lambda M, x, out: (M.elementwise(ONE, x[0], out), M.elementwise(MINUS_ONE, x[1], out)),
    pullback=lambda A, g, _, x, y: (g, -g),
    linear=True,
)
NEG = Op(
    "neg",
    shape=broadcast,
    value=Rule(lambda A: operator.neg),
    jacobian=lambda M, x, out: (M.elementwise(MINUS_ONE, x[0], out),),
    pullback=lambda A, g, _, x: (-g,),
    linear=True,
)
MUL = Op(
    "*",
    shape=broadcast,
    value=Rule(lambda A: operator.mul),
    jacobian=lambda M, x, out: (M.elementwise(x[1], x[0], out), M.elementwise(x[0], x[1], out)),
    pullback=lambda A, g, _, x, y: (g * y, g * x),
)
DIV = Op(
    "/",
    shape=broadcast,
    value=Rule(lambda A: operator.truediv),
    jacobian=lambda M, x, out: (
        M.elementwise(_of(1 / x[1].e, x[1]), x[0], out),
        M.elementwise(_of(-x[0].e / x[1].e ** 2, *x), x[1], out),
    ),
    pullback=lambda A, g, q, x, y: (g / y, -g * q / y),
    reads_output=True,
)
LOG = Op(
    "log",
    shape=broadcast,
    value=lambda A, x: A.log(x),
    jacobian=lambda M, x, out: (M.elementwise(_of(1 / x[0].e, x[0]), x[0], out),),
    pullback=lambda A, g, _, x: (g / x,),
    kind="function",
)
POW = Op(
    "**",
    shape=broadcast,
    value=lambda A, x, y: A.power(x, y),
    jacobian=lambda M, x, out: (
        M.elementwise(_of(x[1].e * x[0].e ** (x[1].e - 1), *x), x[0], out),
        M.elementwise(_of(Apply(LOG, (x[0].e,)) * x[0].e ** x[1].e, *x), x[1], out),
    ),
    pullback=lambda A, g, p, x, y: (g * p * y / x, g * p * A.log(x)),
    reads_output=True,
)


@cache
def power(n: Fraction) -> Op:
    """Return the operation x -> x**n for an exact exponent n."""

    def value(A: Any, x: Any, n: Fraction = n) -> Any:
        return A.power(x, int(n) if n.denominator == 1 else A.number(n))

    return Op(
        "power",
        shape=broadcast,
        value=value,
        jacobian=lambda M, x, out: (
            M.elementwise(_of(n * x[0].e if n == 2 else n * x[0].e ** (n - 1), x[0]), x[0], out),
        ),
        pullback=lambda A, g, _, x: (g * A.number(n) * value(A, x, n - 1),),
        record=n,
    )
