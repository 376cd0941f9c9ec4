"""What a rule leaves, made short: the arithmetic of numbers, and sg(x) as its value x."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.algebra.expression import SUB, Apply, Expression, Number
from symgrad.algebra.expression_tree import inside, nodes, rebuilt
from symgrad.algebra.tree import fold
from symgrad.calculus.normal.term import ONE, ZERO
from symgrad.ops.linear import STOP_GRADIENT


def numbers_folded(e: Expression) -> Expression:
    """Do the arithmetic of numbers that a rule leaves: (1 - 1) x + 1 y is y."""
    if not isinstance(e, Apply):
        return e
    x = tuple(map(numbers_folded, e.arguments))
    values = [a.value if isinstance(a, Number) else None for a in x]
    match e.op.name, values:
        case "+" | "-" | "*" as sign, [Fraction() as a, Fraction() as b]:
            return Number(a + b if sign == "+" else a - b if sign == "-" else a * b)
        case "neg", [Fraction() as a]:
            return Number(-a)
        case "+", [0, _]:
            return x[1]
        case ("+" | "-", [_, 0]) | ("*" | "/", [_, 1]):
            return x[0]
        case "*", [1, _]:
            return x[1]
        case "*", [0, _] | [_, 0]:
            return Number(Fraction(0))
        case "exp", [0] if e.op.kind == "function":
            return ONE
    return Apply(e.op, x)


def unstopped(e: Expression) -> Expression:
    """Return the value of a derived expression, in which nothing is differentiated any more: of sg(x) it is x."""
    if not any(isinstance(x, Apply) and x.op == STOP_GRADIENT for x in nodes(e)):
        return e

    def valued(x: Expression, of: Callable[[Expression], Expression]) -> Expression:
        match x:
            case Apply(op, (y,)) if op == STOP_GRADIENT:
                return of(y)
            case Apply(op, (y, z)) if op == SUB and of(y) == of(z):
                return ZERO
        return rebuilt(x, of)

    return numbers_folded(fold(e, inside, valued))
