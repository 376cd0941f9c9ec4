"""Expressions: what stands on the right of an equation and inside a linear map.

Few kinds of node: a number, a quantity, a constant array (I or ones), an operation applied to expressions, a
partial derivative that has a name of its own (∂C/∂a_L); and two that stand for what a map is applied to, a change
dX and a cotangent ∂E/∂X. The operators + - * / ** are defined here, so that rules read as mathematics: ``y * (1 - y)``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from symgrad.algebra.index import Bindings, Position, at
from symgrad.algebra.op import Op, Rule
from symgrad.algebra.shape import Shape, broadcast, shape_at
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
    """A named quantity, perhaps with an index: W, a[j-1], w[2]."""

    name: str
    index: Position | None = None

    def __str__(self) -> str:
        return self.name if self.index is None else f"{self.name}[{self.index}]"


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
    return ()


def rebuilt(e: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """Return e with ``change`` done to each of those that stand immediately inside it."""
    match e:
        case Apply(op, arguments):
            return Apply(op, tuple([change(a) for a in arguments]))
        case Partial(of, wrt, value, immediate):
            return Partial(of, wrt, change(value), immediate)
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


def move(q: Quantity, bindings: Bindings) -> Quantity:
    """Replace the index symbol of a quantity: z[j] at {j: 3} is z[3]."""
    return q if q.index is None or isinstance(q.index, int) else Quantity(q.name, at(q.index, bindings))


def substitute(e: Expression, bindings: Bindings) -> Expression:
    """Replace index symbols in an expression."""

    def moved(x: Expression) -> Expression:
        match x:
            case Quantity():
                return move(x, bindings)
            case Constant(kind, shape):
                return Constant(kind, shape_at(shape, bindings))
            case Partial(of, wrt, value, immediate):
                return Partial(move(of, bindings), move(wrt, bindings), value, immediate)
            case Cotangent(of, wrt):
                return Cotangent(move(of, bindings), move(wrt, bindings))
            case Change(of):
                return Change(move(of, bindings))
        return x

    return everywhere(e, moved)


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
