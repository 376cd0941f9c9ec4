"""Named functions in equations: elementwise ones (sigma, tanh) and scalar ones (cost, loss).

A function is opaque until it is bound to a record: it then prints the same (σ, σ') and can be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any

from symgrad.algebra.expression import LOG, Apply, Argument, Constant, Expression, Number, Quantity
from symgrad.algebra.op import Op, Rule
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import NotDefined, UnboundFunction
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.linear import LOG_SOFTMAX, MATMUL, OUTER, SOFTMAX, SUM, TRANSPOSE
from symgrad.ops.loss import Loss
from symgrad.ops.record import Elementwise
from symgrad.ops.witness import Witness

if TYPE_CHECKING:
    from symgrad.ops.composed import Composed

ScalarRecord = Loss | Witness


def _unbound(name: str, option: str) -> Callable[..., Any]:
    def value(*_: Any) -> Any:
        raise UnboundFunction(
            f"{name} is an opaque function: it has no value",
            todo=f"bind it: a line '{name}: ...' in the equations, model.bind({name}=...), or {option}",
        )

    return value


def _no_derivative(*_: Any) -> Any:
    raise NotDefined("a third derivative was asked for", todo="only first and second derivatives are formed")


@cache
def elementwise_function(name: str, record: Elementwise | None = None) -> Op:
    """Return the operation x -> f(x), entry by entry; ``name`` is how the equations call it."""
    prime = slope(name, record)

    def pullback_on(A: Any) -> Callable[..., tuple[Any]]:
        f_prime = record.slope_by_both_on(A)  # type: ignore[union-attr]
        return lambda g, y, x: (g * f_prime(x, y),)

    opaque = _unbound(name, f"--activation {name}=tanh")
    return Op(
        name,
        shape=lambda s: s,
        value=Rule(record.on) if record else opaque,
        jacobian=lambda M, x, out: (M.elementwise(Argument(Apply(prime, (x[0].e,)), out), x[0], out),),
        pullback=Rule(pullback_on) if record else opaque,
        reads_output=record is not None and record.slope_by_both is not None,
        arity=1,
        kind="function",
        record=record,
    )


@cache
def slope(name: str, record: Elementwise | None) -> Op:
    """Return the operation x -> f'(x), entry by entry."""
    second = second_slope(name, record)

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        if record is not None and record.kink:
            raise NotDefined(
                f"a second derivative was asked for, and {name} has a kink", todo="take a smooth function: softplus"
            )
        return (M.elementwise(Argument(Apply(second, (x[0].e,)), out), x[0], out),)

    opaque = _unbound(name, f"--activation {name}=tanh")
    return Op(
        name,
        shape=lambda s: s,
        value=Rule(record.slope_on) if record else opaque,
        jacobian=jacobian,
        pullback=(lambda A, g, _, x: (g * second.value(A, x),)) if record else opaque,
        arity=1,
        kind="slope",
        record=record,
    )


@cache
def second_slope(name: str, record: Elementwise | None) -> Op:
    """Return the operation x -> f''(x), entry by entry: the slope of the rule that the record has for f'."""

    def value(A: Any, x: Any) -> Any:
        rule: Callable[..., Any] = (record and record.curvature) or second_rule(record)
        return rule(A, x)

    return Op(
        name,
        shape=lambda s: s,
        value=value if record else _unbound(name, f"--activation {name}=tanh"),
        jacobian=lambda M, x, out: (M.undefined("a third derivative", "only first and second derivatives are formed"),),
        pullback=(lambda A, g, _, x: (g * third_rule(record)(A, x),)) if record else _no_derivative,
        arity=1,
        kind="second slope",
        record=record,
    )


@cache
def second_rule(record: Elementwise) -> Composed:
    """Return f'' as a rule of (A, x), by the Jacobian rules of what the rule of f' is written in."""
    from symgrad.ops.composed import Composed, derivative

    x = Quantity("x")
    return Composed(derivative(record.slope_at(Symbols(), x), x), x)


@cache
def third_rule(record: Elementwise) -> Composed:
    """Return f''' as a rule of (A, x): what backpropagation needs where an equation reads f''."""
    from symgrad.ops.composed import Composed, derivative

    second = second_rule(record)
    return Composed(derivative(second.expression, second.variable), second.variable)


@cache
def scalar_function(name: str, record: ScalarRecord | None = None) -> Op:
    """Return the operation (x_1, ..., x_n) -> F(x_1, ..., x_n), a number."""

    def shape(*shapes: Shape) -> Shape:
        if isinstance(record, Loss):
            if len(shapes) != 2:
                raise Mismatch(f"{record.name} takes an output and a target, not {len(shapes)} arguments")
            if shapes[0] != shapes[1]:
                raise Mismatch(f"{record.name} of shapes {show(shapes[0])} and {show(shapes[1])}")
        return ()

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        arguments = tuple(a.e for a in x)
        return tuple(M.row(Apply(partial(name, record, i), arguments), a.shape) for i, a in enumerate(x))

    def pullback(A: Any, g: Any, _: Any, *x: Any) -> tuple[Any, ...]:
        return tuple(g * record.partial(i)(A, *x) for i in range(len(x)))  # type: ignore[union-attr]

    opaque = _unbound(name, "--cost quadratic")
    return Op(
        name,
        shape=shape,
        value=record.value if record else opaque,
        jacobian=jacobian,
        pullback=pullback if record else opaque,
        kind="scalar",
        record=record,
    )


@cache
def of_numbers(name: str) -> Op:
    """Return the opaque function (x_1, ..., x_n) -> f(x_1, ..., x_n) of several numbers."""

    def shape(*shapes: Shape) -> Shape:
        if any(shapes):
            raise Mismatch(
                f"{name} of several arguments is a function of numbers, not of {' and '.join(map(show, shapes))}; "
                f"'{name}: vector' declares one of vectors"
            )
        return ()

    return replace(scalar_function(name), shape=shape)


@cache
def partial(name: str, record: ScalarRecord | None, i: int) -> Op:
    """Return the operation (x_1, ..., x_n) -> ∂F/∂x_i, of the shape of x_i."""

    def value(A: Any, *x: Any) -> Any:
        return record.partial(i)(A, *x)  # type: ignore[union-attr]

    def pullback(A: Any, g: Any, _: Any, *x: Any) -> tuple[Any, ...]:
        seconds = (second_partial(name, record, i, j).value(A, *x) for j in range(len(x)))
        return tuple(_pulled(A, g, s, A.rank(y)) for s, y in zip(seconds, x, strict=True))

    return Op(
        name,
        shape=lambda *shapes: shapes[i],
        value=value if record else _unbound(name, "--cost quadratic"),
        jacobian=lambda M, x, out: tuple(
            _of_partial(M, Apply(second_partial(name, record, i, j), _given(x)), x, i, j) for j in range(len(x))
        ),
        pullback=pullback,
        kind="partial",
        place=i,
        record=record,
    )


@cache
def second_partial(name: str, record: ScalarRecord | None, i: int, j: int) -> Op:
    """Return the operation (x_1, ..., x_n) -> ∂²F/∂x_i∂x_j of numbers and vectors: with the axes of x_i, then x_j."""

    def value(A: Any, *x: Any) -> Any:
        if not isinstance(record, Witness):
            raise NotDefined(f"the second derivatives of {name} are formed from its first ones, written out")
        return record.second(i, j)(A, *x)

    return Op(
        name,
        shape=lambda *shapes: (*shapes[i], *shapes[j]),
        value=value if record else _unbound(name, "--cost quadratic"),
        jacobian=_no_derivative,
        pullback=_no_derivative,
        kind="second partial",
        place=i,
        second=j,
        record=record,
    )


@cache
def partial_along(name: str, record: ScalarRecord | None, i: int) -> Op:
    """Return the operation (x_1, ..., x_n, ẋ_1, ..., ẋ_n) -> the derivative of ∂F/∂x_i along ẋ, of the shape of x_i."""

    def value(A: Any, *x: Any) -> Any:
        if not isinstance(record, Witness):
            raise NotDefined(f"the second derivatives of {name} are formed from its first ones, written out")
        return record.along(i)(A, *x)

    return Op(
        name,
        shape=lambda *shapes: shapes[i],
        value=value if record else _unbound(name, "--cost quadratic"),
        jacobian=_no_derivative,
        pullback=_no_derivative,
        kind="partial along",
        place=i,
        record=record,
    )


def _given(x: tuple[Argument, ...]) -> tuple[Expression, ...]:
    return tuple(a.e for a in x)


def _of_partial(M: Any, second: Expression, x: tuple[Argument, ...], i: int, j: int) -> Any:
    """Return the map of ∂F/∂x_i by x_j."""
    rows, columns = len(x[i].shape), len(x[j].shape)
    if max(rows, columns) > 1:
        return M.undefined("a second derivative by a matrix", "write the loss of a vector")
    if not columns:
        return M.column(second) if rows else M.scale(second)
    return M.matrix(second) if rows else M.row(second, x[j].shape)


def _pulled(A: Any, g: Any, second: Any, rank: int) -> Any:
    """Return the pull-back of g through ∂²F/∂x_i∂x_j to x_j."""
    if not A.rank(g):
        return g * second
    return A.matmul(A.transpose(second), g) if rank else A.total(g * second)


class Symbols:
    """The functions of an arithmetic, on expressions: a rule that runs on it writes itself out.

    shape: of an expression, where it is known; else a rule is written as one of vectors.

    >>> from symgrad.algebra.expression import Quantity
    >>> Symbols().exp(Quantity("z")).op.name
    'exp'
    """

    pi = Constant("pi", ())

    def __init__(self, shape: Callable[[Expression], Shape] | None = None) -> None:
        self.shape = shape

    def rank(self, x: Expression) -> int:
        """Return the number of axes."""
        return len(self.shape(x)) if self.shape else 1

    def rows(self, f: Callable[..., Any], *x: Expression) -> Expression:
        """Return what the function of that name is of each row."""
        found: Expression = getattr(_SymbolsOfRows(self.shape), f.__name__)(*x)
        return found

    @staticmethod
    def number(q: Fraction | int) -> Expression:
        """Return q as an expression."""
        return Number(Fraction(q))

    @staticmethod
    def power(x: Expression, y: Expression) -> Expression:
        """Return x**y."""
        return x**y

    def minimum(self, x: Expression, n: int) -> Expression:
        """Return min(x, n), as what is below n, and n."""
        return self.negative_part(x - n) + n

    @staticmethod
    def total(x: Expression) -> Expression:
        """Return the sum of the entries."""
        return Apply(SUM, (x,))

    @staticmethod
    def matmul(x: Expression, y: Expression) -> Expression:
        """Return x y."""
        return Apply(MATMUL, (x, y))

    @staticmethod
    def transpose(x: Expression) -> Expression:
        """Return the transposed matrix."""
        return Apply(TRANSPOSE, (x,))

    @staticmethod
    def softmax(x: Expression) -> Expression:
        """Return softmax(x)."""
        return Apply(SOFTMAX, (x,))

    @staticmethod
    def ones_like(x: Expression) -> Expression:
        """Return 1, which is broadcast."""
        return Number(Fraction(1))

    @staticmethod
    def zeros_like(x: Expression) -> Expression:
        """Return 0, which is broadcast."""
        return Number(Fraction(0))

    def neg_log_softmax(self, x: Expression) -> Expression:
        """Return ln sum exp(x) - x."""
        return self.logsumexp(x) - x

    def softmax_error(self, x: Expression, y: Expression) -> Expression:
        """Return softmax(x) sum(y) - y."""
        return self.total(y) * self.softmax(x) - y

    @staticmethod
    def choose(_: Expression, __: Callable[..., Any], otherwise: Callable[..., Any], *values: Expression) -> Any:
        """Return what holds in general; an expression is never known to be 0."""
        return otherwise(*values)

    def logsumexp(self, x: Expression) -> Expression:
        """Return ln sum exp(x)."""
        return Apply(LOG, (self.total(self.exp(x)),))

    def __getattr__(self, name: str) -> Callable[[Expression], Expression]:
        if name.startswith("_"):
            raise AttributeError(name)
        record = Elementwise(name, value=lambda A, x: getattr(A, name)(x), slope=_no_derivative)
        op = elementwise_function(name, ELEMENTWISE.get(name, record))
        return lambda x: Apply(op, (x,))


class _SymbolsOfRows(Symbols):
    """The same of each row of matrices; a number of each row is spread over it, Y 𝟏 𝟏ᵀ."""

    def total(self, x: Expression) -> Expression:  # type: ignore[override]  # needs the shape
        """Return the sum of each row, spread."""
        assert self.shape is not None
        ones = Constant("1", self.shape(x)[1:])
        return Apply(OUTER, (Apply(MATMUL, (x, ones)), ones))

    def neg_log_softmax(self, x: Expression) -> Expression:
        """Return -ln softmax(x)."""
        return -Apply(LOG_SOFTMAX, (x,))
