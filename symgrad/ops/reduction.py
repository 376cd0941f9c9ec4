"""Numbers that sum an array up: mean, var, std, norm, norm1, logsumexp, max, min; of a vector, or of each row.

A record has the rules of f of a vector. ``whole`` makes the operation x -> f(x), ``of_rows`` that of each row of a
matrix. An axis is a matter of how an author writes it (``ops.axis``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from math import prod
from operator import mul
from typing import Any, NamedTuple

from symgrad.algebra.expression import Apply, Argument, Constant, Expression, Number
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import NotDefined
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function
from symgrad.ops.linear import MATMUL, OUTER, SOFTMAX


class Reduced(NamedTuple):
    """An array and what it is summed up to; value and mean are spread over the array where it is one of each row."""

    x: Expression
    value: Expression
    mean: Expression
    size: Expression
    ones: Expression


@dataclass(frozen=True)
class Reduction:
    """c = f(x), a number of a vector, with all that is known of it side by side.

    value(A, x): c in the arithmetic A.
    gradient(r): dc/dx as an expression of the shape of x.
    pull(A, c, x): dc/dx as numbers, written without ``gradient``.
    words: what it is. of_row, of_column: the names of f of each row, and of each column.
    matrices: whether f of all entries of a matrix is meant where no axis is given.
    kink: where it has no slope, and which is taken.
    """

    name: str
    value: Callable[[Any, Any], Any]
    gradient: Callable[[Reduced], Expression]
    pull: Callable[[Any, Any, Any], Any]
    words: str
    matrices: bool = True
    kink: str = ""

    @property
    def of_row(self) -> str:
        """The name of f of each row: rowmax."""
        return f"row{self.name}"

    @property
    def of_column(self) -> str:
        """The name of f of each column: colmax."""
        return f"col{self.name}"


def size_of(shape: Shape) -> Expression:
    """Return the number of entries of an array of a shape."""
    number = Number(Fraction(prod(d for d in shape if isinstance(d, int))))
    sizes: list[Expression] = [Constant("size", (d,)) for d in shape if not isinstance(d, int)]
    return reduce(mul, sizes if number.value == 1 and sizes else [number, *sizes])


@cache
def whole(record: Reduction) -> Op:
    """Return the operation x -> f(x) of all entries of a vector, or of a matrix where f is one of it."""

    def shape(s: Shape) -> Shape:
        if not s or (len(s) == 2 and not record.matrices):
            raise Mismatch(f"{record.name} needs a vector, not a {show(s)}")
        return ()

    def jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
        [(e, s)] = x
        mean = Apply(whole(MEAN), (e,))
        return (M.row(record.gradient(Reduced(e, Apply(op, (e,)), mean, size_of(s), Constant("1", s))), s),)

    op = Op(
        record.name,
        shape=shape,
        value=record.value,
        jacobian=jacobian,
        pullback=lambda A, g, y, x: (g * record.pull(A, y, x),),
        reads_output=True,
        arity=1,
        kind="reduction",
        record=record,
    )
    return op


@cache
def of_rows(record: Reduction) -> Op:
    """Return the operation X -> (f(x_1), ..., f(x_m)) of the rows of a matrix."""

    def shape(s: Shape) -> Shape:
        if len(s) != 2:
            raise Mismatch(f"{record.of_row} needs a matrix, not a {show(s)}")
        return s[:1]

    def jacobian(M: Any, x: tuple[Argument], out: Shape) -> tuple[Any, ...]:
        [(e, s)] = x
        ones, size = Constant("1", s[1:]), size_of(s[1:])
        mean = Apply(OUTER, (Apply(MATMUL, (e, ones)), ones)) / size
        value = Apply(OUTER, (Apply(op, (e,)), ones))
        return (M.compose(M.right(ones), M.diagonal(record.gradient(Reduced(e, value, mean, size, Constant("1", s))))),)

    op = Op(
        record.of_row,
        shape=shape,
        value=lambda A, x: A.rows(lambda r: record.value(A, r), x),
        jacobian=jacobian,
        pullback=lambda A, g, y, x: (A.rows(lambda d, c, r: d * record.pull(A, c, r), g, y, x),),
        reads_output=True,
        arity=1,
        kind="reduction",
        record=record,
    )
    return op


def _mean(A: Any, x: Any) -> Any:
    return A.total(x) / A.size(x)


def _var(A: Any, x: Any) -> Any:
    return _mean(A, (x - _mean(A, x)) ** 2)


def _no_derivative(*_: Any) -> Any:
    raise NotDefined("a second derivative was asked for", todo="only first derivatives are formed")


def _where(name: str, sign: int) -> Op:
    """Return the operation x -> e_k, where x_k is the first of the largest entries of x, or of -x; of each row."""

    def value(A: Any, x: Any) -> Any:
        return A.rows(lambda r: A.at_largest(sign * r), x) if A.rank(x) == 2 else A.at_largest(sign * x)

    return Op(name, lambda s: s, value, _no_derivative, _no_derivative, arity=1, kind="reduction")


ARGMAX, ARGMIN = _where("argmax", 1), _where("argmin", -1)
"""1 at the largest (smallest) entry of a vector, or of each row, 0 elsewhere."""


def _sign(x: Expression) -> Expression:
    return Apply(elementwise_function("sign", ELEMENTWISE["sign"]), (x,))


MEAN = Reduction(
    "mean",
    _mean,
    gradient=lambda r: r.ones / r.size,
    pull=lambda A, c, x: A.ones_like(x) / A.size(x),
    words="mean",
)
VAR = Reduction(
    "var",
    _var,
    gradient=lambda r: 2 / r.size * (r.x - r.mean),
    pull=lambda A, c, x: (x - _mean(A, x)) * 2 / A.size(x),
    words="variance",
)
STD = Reduction(
    "std",
    value=lambda A, x: A.sqrt(_var(A, x)),
    gradient=lambda r: (r.x - r.mean) / (r.size * r.value),
    pull=lambda A, c, x: (A.size(x) * x - A.total(x)) / (c * A.size(x) ** 2),
    words="standard deviation",
)
NORM = Reduction(
    "norm",
    value=lambda A, x: A.sqrt(A.total(x**2)),
    gradient=lambda r: r.x / r.value,
    pull=lambda A, c, x: x / c,
    words="norm",
)
NORM1 = Reduction(
    "norm1",
    value=lambda A, x: A.total(A.abs(x)),
    gradient=lambda r: _sign(r.x),
    pull=lambda A, c, x: A.sign(x),
    words="sum of the absolute values",
    kink="|x_i| has, by convention, the slope 0 at 0",
)
LOGSUMEXP = Reduction(
    "logsumexp",
    value=lambda A, x: A.logsumexp(x),
    gradient=lambda r: Apply(SOFTMAX, (r.x,)),
    pull=lambda A, c, x: A.exp(x - c),
    words="logarithm of the sum of the exponentials",
    matrices=False,
)
MAX = Reduction(
    "max",
    value=lambda A, x: A.largest(x),
    gradient=lambda r: Apply(ARGMAX, (r.x,)),
    pull=lambda A, c, x: A.at_largest(x),
    words="largest entry",
    matrices=False,
    kink="where several entries are the largest, max takes, by convention, the slope by the first of them",
)
MIN = Reduction(
    "min",
    value=lambda A, x: -A.largest(-x),
    gradient=lambda r: Apply(ARGMIN, (r.x,)),
    pull=lambda A, c, x: A.at_largest(-x),
    words="smallest entry",
    matrices=False,
    kink="where several entries are the smallest, min takes, by convention, the slope by the first of them",
)

REDUCTIONS = {r.name: r for r in (MEAN, VAR, STD, NORM, NORM1, LOGSUMEXP, MAX, MIN)}
"""All records by name."""

OPS = {op.name: op for op in (*map(whole, REDUCTIONS.values()), ARGMAX, ARGMIN)} | {
    r.of_row: of_rows(r) for r in REDUCTIONS.values() if r != MEAN
}
"""Their operations by name; the mean of each row is a product with ones."""
