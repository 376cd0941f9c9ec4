"""The sizes of opaque functions of vectors: f(x) has the shape of what the equation defines, or of what it is added to.

An expression that holds such a call carries its size as a last argument, an array of ones.
"""

from __future__ import annotations

from collections.abc import Callable

from symgrad.algebra.expression import Apply, Constant, Expression
from symgrad.algebra.shape import Shape, broadcast
from symgrad.network.syntax.line import Line

ShapeOf = Callable[[Expression], Shape]


def with_sizes(e: Expression, expected: Shape | None, line: Line, shape: ShapeOf) -> Expression:
    """Return e with the size of each call of an opaque vector function; ``expected``: the shape of e, if known.

    Raises ReadError where a size is not known.
    """
    if not isinstance(e, Apply) or not has_vector_call(e):
        return e
    if e.op.kind == "vector":
        inner = tuple(with_sizes(a, None, line, shape) for a in e.arguments)
        return line.keep(e, Apply(e.op, (*inner, Constant("1", _size(e, inner, expected, line, shape)))))
    same = expected
    if e.op.shape is broadcast:
        known = [shape(a) for a in e.arguments if not has_vector_call(a)]
        same = expected or next((s for s in known if s), None)
    else:
        same = None
    return line.keep(e, Apply(e.op, tuple(with_sizes(a, same, line, shape) for a in e.arguments)))


def has_vector_call(e: Expression) -> bool:
    """Tell whether a call of an opaque vector function stands in e."""
    return isinstance(e, Apply) and (e.op.kind == "vector" or any(map(has_vector_call, e.arguments)))


def _size(e: Apply, arguments: tuple[Expression, ...], expected: Shape | None, line: Line, shape: ShapeOf) -> Shape:
    if expected:
        return expected
    found = {s for a in arguments if (s := shape(a))}
    if len(found) != 1:
        name = e.op.name
        line.fail(
            f"the size of {name}(...) is not known",
            f"write 'u = {name}(...)' in a line of its own, and declare 'u: (n,)'",
            line.span(e)[0],
        )
    return found.pop()
