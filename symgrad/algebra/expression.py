"""Expressions: what stands on the right of an equation and inside a linear map.

Few kinds of node: a number, a quantity, a constant array (I or ones), an operation applied to expressions; beside them,
sums over an index (``index_sum``) and the names of derivatives (``differential``). The operators + - * / ** are defined
here, so that rules read as mathematics: ``y * (1 - y)``.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from symgrad.algebra.index import Place, Position, place
from symgrad.algebra.op import Op, Rule
from symgrad.algebra.shape import Shape, broadcast
from symgrad.algebra.tree import remembered_hash


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
class Apply(Expression):
    """An operation applied to expressions."""

    op: Op
    arguments: tuple[Expression, ...]

    __hash__ = remembered_hash


def expression(x: Operand) -> Expression:
    """Return x as an expression; ints and fractions are exact numbers."""
    return x if isinstance(x, Expression) else Number(Fraction(x))


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
