"""Functions with cases: max, min and clip, a choice by a condition, and the condition itself as a number, 1{x > y}.

Where two cases meet, a slope is that of the case that holds there; the page says where that is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from symgrad.algebra.expression import MUL, Apply, Argument, Expression, Number
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Shape, broadcast

Side = TypeVar("Side")
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
        case "=":
            return (1 - A.step(y - x)) * (1 - A.step(x - y))
    return 1 - A.step(x - y)


Relations = tuple[str, ...] | tuple[tuple[str, ...], ...]
"""Of a chain, a < x <= b, its relations; of a condition with "or" those of each of its clauses, joined by "and"."""


def _indicator_value(relations: Relations) -> Callable[..., Any]:
    def value(A: Any, *x: Any) -> Any:
        return _any(A, [[_holds(A, *atom) for atom in clause] for clause in atoms(relations, x)])

    return value


def _any(A: Any, clauses: list[list[Any]]) -> Any:
    """Return 1 where all of one clause are 1, else 0."""
    none: Any = None
    for clause in clauses:
        found = clause[0]
        for holds in clause[1:]:
            found = found * holds
        if len(clauses) == 1:
            return found
        none = 1 - found if none is None else none * (1 - found)
    return 1 - none


def atoms(relations: Relations, sides: Sequence[Side]) -> list[list[tuple[str, Side, Side]]]:
    """Return the clauses of a condition, each as its relations with their two sides."""
    if isinstance(relations[0], str):
        return [list(zip(relations, sides[:-1], sides[1:], strict=True))]  # a chain
    left, found = iter(sides), []
    for clause in relations:
        found.append([(relation, next(left), next(left)) for relation in clause])
    return found


@cache
def indicator(*relations: Any) -> Op:
    """Return the operation (x_0, x_1, ...) -> 1{x_0 < x_1 <= ...}, entry by entry: 1 where that holds, else 0.

    Of clauses, ("<", ">"), ("<",), it is the operation (a, b, c, d, e, f) -> 1{a < b and c > d, or e < f}.

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


def is_condition(e: Expression) -> bool:
    """Tell whether an expression is a condition as a number."""
    return isinstance(e, Apply) and e.op.name == "indicator"


Clauses = list[list[tuple[str, Expression, Expression]]]
MOST_CLAUSES = 16


def clauses(c: Expression) -> Clauses | None:
    """Return the clauses of a condition; None of another expression."""
    return atoms(c.op.record, c.arguments) if isinstance(c, Apply) and is_condition(c) else None


def condition(found: Clauses) -> Expression:
    """Return the condition that one of the clauses holds."""
    if len(found) == len(found[0]) == 1:
        [[(relation, x, y)]] = found
        return Apply(indicator(relation), (x, y))
    sides = tuple(side for clause in found for _, *both in clause for side in both)
    return Apply(indicator(*(tuple(relation for relation, _, _ in clause) for clause in found)), sides)


def both(c: Expression, d: Expression) -> Expression:
    """Return the condition that c and d hold; of other numbers their product."""
    first, second = clauses(c), clauses(d)
    if first is None or second is None or len(first) * len(second) > MOST_CLAUSES:
        return c * d
    return condition([x + y for x in first for y in second])


def either(c: Expression, d: Expression) -> Expression:
    """Return the condition that c or d holds."""
    first, second = clauses(c), clauses(d)
    return contrary(contrary(c) * contrary(d)) if first is None or second is None else condition(first + second)


def contrary(c: Expression) -> Expression:
    """Return 1 - c of a condition: of one relation the contrary, 1{x <= y} of 1{x > y}."""
    found = clauses(c)
    if found is None:
        return 1 - c
    whole: Expression | None = None
    for clause in found:
        others = condition([[(RELATIONS[relation], x, y)] for relation, x, y in clause])
        whole = others if whole is None else both(whole, others)
    assert whole is not None
    return whole


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
    above = condition([[(">=", v, high)], [(">=", low, high)]])
    cases = (one_if(low, "<", v, "<", high), one_if(v, "<=", low, "<", high), above)
    return tuple(M.elementwise(_each(c, *x), a, out) for c, a in zip(cases, x, strict=True))


def _clip_pullback(A: Any, g: Any, _: Any, x: Any, low: Any, high: Any) -> tuple[Any, ...]:
    raised = A.maximum(x, low)
    below = A.step(high - raised)  # else the value is high
    free = A.select(below, g, g * 0)
    above = A.step(x - low)
    return A.select(above, free, g * 0), A.select(above, g * 0, free), A.select(below, g * 0, g)


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
"""min(max(x, low), high)."""


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


def lesser(op: Op, x: Expression, y: Expression) -> Apply:
    """Return min(x, y), or max, by the two arguments. min(u A, clip(u, a, b) A) is written by its cases, where a < b.

    That is so for numbers, and for a = c - e and b = c + e, where e is taken to be positive.

    It is u A where A > 0 and u < b, or A < 0 and u > a; else b A for a positive A, and a A for a negative one.
    """
    for one, other in ((x, y), (y, x)):
        u, clipped, shared = _apart(one, other)
        if isinstance(clipped, Apply) and clipped.op == CLIP and clipped.arguments[0] == u and shared is not None:
            _, low, high = clipped.arguments
            if half_width(low, high) is None:
                break
            zero = Number(Fraction(0))
            least, most = [("<", u, high)], [(">", u, low)]
            if op == MAXIMUM:
                least, most, low, high = most, least, high, low
            free = condition([[(">", shared, zero), *least], [("<", shared, zero), *most]])
            end = Apply(WHERE, (one_if(shared, ">", zero), high, low))
            return Apply(WHERE, (free, one, end * shared))
    return Apply(op, (x, y))


def half_width(low: Expression, high: Expression) -> Expression | None:
    """Return e of the interval from c - e to c + e, or half the width of one between numbers; None of any other."""
    match low, high:
        case Number(a), Number(b) if a < b:
            return Number((b - a) / 2)
        case Apply(Op(name="-"), (c, e)), Apply(Op(name="+"), (d, f)) if (c, e) == (d, f):
            return e
    return None


def free_interval(e: Expression) -> tuple[Expression, Expression] | None:
    """Return a and b of what ``lesser`` writes for min(u A, clip(u, a, b) A), or max; None of any other expression."""
    if not isinstance(e, Apply) or e.op != WHERE:
        return None
    match clauses(e.arguments[0]):
        case [[(">", A, Number()), ("<" | ">", u, first)], [("<", B, Number()), ("<" | ">", v, second)]]:
            if A == B and u == v:
                return (first, second) if half_width(first, second) is not None else (second, first)
    return None


def _apart(x: Expression, y: Expression) -> tuple[Expression | None, Expression | None, Expression | None]:
    """Return u, v and A, where x = u A and y = v A; None for what is no single factor."""
    first, second = Counter(_factors(x)), Counter(_factors(y))
    shared = first & second
    rests = [list((f - shared).elements()) for f in (first, second)]
    product: Expression | None = None
    for a in shared.elements():
        product = a if product is None else product * a
    u, v = (r[0] if len(r) == 1 else None for r in rests)
    return u, v, product


def _factors(e: Expression) -> tuple[Expression, ...]:
    return _factors(e.arguments[0]) + _factors(e.arguments[1]) if isinstance(e, Apply) and e.op == MUL else (e,)


PIECEWISE: dict[str, Op] = {"maximum": MAXIMUM, "minimum": MINIMUM, "clip": CLIP, "where": WHERE}
"""The functions with cases by the name that equations call; max and min of two arguments are the first two."""
