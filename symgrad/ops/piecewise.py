"""Functions with cases: max, min and clip, a choice by a condition, and the condition itself as a number, 1{x > y}.

Where two cases meet, a slope is that of the case that holds there; the page says where that is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from symgrad.algebra.expression import Apply, Argument, Expression
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape, broadcast

RELATIONS = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""The relations of a condition, each with its contrary."""


def _holds(A: Any, relation: str, x: Any, y: Any) -> Any:
    match relation:
        case ">":
            return A.step(x - y)
        case "<":
            return A.step(y - x)
        case ">=":
            return 1 - A.step(y - x)
    return 1 - A.step(x - y)


def _indicator_value(relations: tuple[str, ...]) -> Callable[..., Any]:
    def value(A: Any, *x: Any) -> Any:
        found = _holds(A, relations[0], x[0], x[1])
        for relation, left, right in zip(relations[1:], x[1:-1], x[2:], strict=True):
            found = found * _holds(A, relation, left, right)
        return found

    return value


@cache
def indicator(*relations: str) -> Op:
    """Return the operation (x_0, x_1, ...) -> 1{x_0 < x_1 <= ...}, entry by entry: 1 where that holds, else 0.

    >>> indicator(">").record, indicator("<", "<=").record
    (('>',), ('<', '<='))
    """
    return Op(
        "indicator",
        shape=broadcast,
        value=_indicator_value(relations),
        jacobian=lambda M, x, out: tuple(M.ZERO for _ in x),
        pullback=lambda A, g, _, *x: tuple(g * 0 for _ in x),
        record=relations,
    )


def one_if(x: Expression, *rest: str | Expression) -> Expression:
    """Return 1{x < y}, of sides and the relations between them: one_if(x, "<", y)."""
    relations = [r for r in rest if isinstance(r, str)]
    return Apply(indicator(*relations), (x, *(r for r in rest if isinstance(r, Expression))))


def contrary(c: Expression) -> Expression:
    """Return 1 - c of a condition: of one relation the contrary, 1{x <= y} of 1{x > y}."""
    match c:
        case Apply(Op(name="indicator", record=(relation,)), sides):
            return Apply(indicator(RELATIONS[relation]), sides)
    return 1 - c


def _each(c: Expression, *x: Argument) -> Argument:
    return Argument(c, broadcast(*(a.shape for a in x)))


def _greater(name: str, relation: str, strict: str, value: Callable[..., Any], first: Callable[..., Any]) -> Op:
    """Return max or min of two; ``first``: the value of 1{x relation y} in an arithmetic."""
    return Op(
        name,
        shape=broadcast,
        value=value,
        jacobian=lambda M, x, out: (
            M.elementwise(_each(one_if(x[0].e, relation, x[1].e), *x), x[0], out),
            M.elementwise(_each(one_if(x[1].e, strict, x[0].e), *x), x[1], out),
        ),
        pullback=lambda A, g, _, x, y: (A.select(first(A, x, y), g, g * 0), A.select(first(A, x, y), g * 0, g)),
        arity=2,
        kind="function",
        text=name[:3],
        latex=rf"\{name[:3]}",
    )


MAXIMUM = _greater("maximum", ">=", ">", lambda A, x, y: A.maximum(x, y), lambda A, x, y: 1 - A.step(y - x))
MINIMUM = _greater("minimum", "<=", "<", lambda A, x, y: A.minimum(x, y), lambda A, x, y: 1 - A.step(x - y))


def _clip_jacobian(M: Any, x: tuple[Argument, Argument, Argument], out: Shape) -> tuple[Any, ...]:
    (v, _), (low, _), (high, _) = x
    cases = (one_if(low, "<", v, "<", high), one_if(v, "<=", low), one_if(v, ">=", high))
    return tuple(M.elementwise(_each(c, *x), a, out) for c, a in zip(cases, x, strict=True))


def _clip_pullback(A: Any, g: Any, _: Any, x: Any, low: Any, high: Any) -> tuple[Any, ...]:
    above, below = A.step(x - low), A.step(high - x)
    return (
        A.select(above, A.select(below, g, g * 0), g * 0),
        A.select(above, g * 0, g),
        A.select(below, g * 0, g),
    )


CLIP = Op(
    "clip",
    shape=broadcast,
    value=lambda A, x, low, high: A.minimum(A.maximum(x, low), high),
    jacobian=_clip_jacobian,
    pullback=_clip_pullback,
    arity=3,
    kind="function",
    latex=r"\operatorname{clip}",
)
"""min(max(x, low), high), for low < high."""


def _where_jacobian(M: Any, x: tuple[Argument, Argument, Argument], out: Shape) -> tuple[Any, ...]:
    c, a, b = x
    return M.ZERO, M.elementwise(_each(c.e, c), a, out), M.elementwise(_each(contrary(c.e), c), b, out)


WHERE = Op(
    "where",
    shape=broadcast,
    value=lambda A, c, x, y: A.select(c, x, y),
    jacobian=_where_jacobian,
    pullback=lambda A, g, _, c, x, y: (g * 0, A.select(c, g, g * 0), A.select(c, g * 0, g)),
    arity=3,
)
"""x where a condition holds, else y."""

PIECEWISE: dict[str, Op] = {"maximum": MAXIMUM, "minimum": MINIMUM, "clip": CLIP, "where": WHERE}
"""The functions with cases by the name that equations call; max and min of two arguments are the first two."""
