"""An elementwise function given by a formula: z tanh(softplus(z)). Its slope follows by the chain rule."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgrad.algebra.expression import Apply, Argument, Constant, Expression, Number, Quantity
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape
from symgrad.errors import ModelError, NotDefined
from symgrad.ops.record import Elementwise

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


@dataclass(frozen=True)
class Composed:
    """The value of an expression in x, as the rule of a record; equal expressions are equal rules."""

    expression: Expression
    variable: Quantity

    def __call__(self, A: Any, x: Any) -> Any:
        """Return the value at x in the arithmetic A, in the shape of x."""
        found = self._value(self.expression, A, x)
        return A.zeros_like(x) + found if _is_constant(self.expression) else found

    def _value(self, e: Expression, A: Any, x: Any) -> Any:
        match e:
            case Number(q):
                return A.number(q)
            case Quantity():
                return x
            case Constant("pi"):
                return A.pi
            case Apply(op, arguments):
                return op.value(A, *(self._value(a, A, x) for a in arguments))
        raise NotDefined(f"{type(e).__name__} has no value in a function of one number")


def composed(text: str, e: Expression, variable: Quantity) -> Elementwise:
    """Return the function of which an expression in one variable is the value, named by its text.

    Where it is defined, the record says by its text: no number system is asked here.

    >>> from symgrad.algebra.expression import Quantity
    >>> from symgrad.arithmetic import arithmetic
    >>> z = Quantity("z")
    >>> f = composed("z^3/3", z**3 / 3, z)
    >>> A = arithmetic("exact")
    >>> print(f(A, A.number(2)), f.slope_at(A, A.number(2)))
    8/3 4
    """
    value = Composed(e, variable)
    slope = Composed(derivative(e, variable), variable)
    where = f"{text} is defined"
    return Elementwise(text, value, slope, domain=where, source="a formula", printed=(), formula=(e, variable))


class _Coefficients:
    """What the Jacobian rules of operations between numbers ask of an algebra: of dx -> c dx they get c."""

    @staticmethod
    def elementwise(c: Argument, x: Argument, out: Shape) -> Expression:
        return c.e


OPERATORS = frozenset({"+", "-", "*", "/", "neg", "power", "**"})


def _check(op: Op) -> None:
    """Raise ModelError for an operation that does not act on each entry alone, or that has no value."""
    if op.name not in OPERATORS and not isinstance(op.record, Elementwise):
        opaque = op.record is None and op.kind == "function" and op.name not in ("sum", "softmax")
        raise ModelError(
            f"{op.name} {'is an opaque function' if opaque else 'is no function of one number'}",
            todo="write the formula of an activation with known functions of a number, as z*tanh(softplus(z))",
        )


def derivative(e: Expression, x: Quantity) -> Expression:
    """Return de/dx of an expression between numbers, by the Jacobian rules of its operations.

    Raises ModelError for another operation than one between numbers, NotDefined for the slope of a slope.
    """
    if e == x:
        return ONE
    if not isinstance(e, Apply):
        return ZERO
    _check(e.op)
    coefficients = e.op.jacobian(_Coefficients(), tuple(Argument(a, ()) for a in e.arguments), ())
    total: Expression = ZERO
    for c, a in zip(coefficients, e.arguments, strict=True):
        inner = derivative(a, x)
        if inner != ZERO:
            term = c if inner == ONE else inner if c == ONE else inner * c if isinstance(inner, Number) else c * inner
            total = term if total == ZERO else total + term
    return total


def _is_constant(e: Expression) -> bool:
    return all(map(_is_constant, e.arguments)) if isinstance(e, Apply) else not isinstance(e, Quantity)
