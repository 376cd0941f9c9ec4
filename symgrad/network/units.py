"""Units: functions of vectors with a name that every file may call, or that a line defines, LN(x) = x - mean(x).

Of a matrix, a unit is that of each row (of each column where items are columns); batch_norm goes along the other axis.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, quantities
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension, Shape
from symgrad.network.syntax.line import Line
from symgrad.ops.axis import SUMMED, Along, along
from symgrad.ops.elementwise import ELEMENTWISE
from symgrad.ops.function import elementwise_function
from symgrad.ops.unit import Unit, unit

X, EPSILON = Quantity("x"), Quantity("epsilon")
BATCH = "batch_norm"


def defined(name: str, letters: tuple[Quantity, ...], body: Expression) -> Op:
    """Return the function that a line defines; what else its definition reads are further letters."""
    more = dict.fromkeys(q for q in quantities(body) if q not in letters)
    return unit(Unit(name, (*letters, *more), body, len(letters)))


def unit_call(line: Line, op: Op, column: int, arguments: tuple[Expression, ...]) -> Apply:
    """Build the call of a unit; what its definition reads besides is read where it is called."""
    record: Unit = op.record
    shown, name = record.shown, record.name
    if name in UNITS and len(arguments) == 2 and shown == 1 and op == UNITS[name]:  # layer_norm(x, epsilon)
        return Apply(WITH_EPSILON[name], arguments) if name in WITH_EPSILON else _wrong(line, record, column, arguments)
    if len(arguments) != shown:
        _wrong(line, record, column, arguments)
    return Apply(op, (*arguments, *record.letters[shown:]))


def _wrong(line: Line, record: Unit, column: int, arguments: tuple[Expression, ...]) -> Apply:
    letters = ", ".join(map(str, record.letters[: record.shown]))
    count = f"{record.shown} argument{'s' * (record.shown > 1)}"
    line.fail(f"{record.name} takes {count}, not {len(arguments)}", f"write {record.name}({letters})", column)


def of_items(record: Unit, columns: bool) -> Expression:
    """Return the definition of a unit of a matrix, by operations along the axis of one item."""
    axis = (0 if columns else 1) if record.name != BATCH else (1 if columns else 0)

    def one(e: Expression) -> Expression:
        if not isinstance(e, Apply) or not isinstance(e.op.record, Along):
            return e
        of_all = e.op.record.axis is None and e.op.record.name in SUMMED
        return Apply(along(e.op.record.name, axis, True), e.arguments) if of_all else e

    return everywhere(record.body, one)


def own_shapes(shapes: Sequence[Shape]) -> tuple[Shape, ...]:
    """Return shapes with a dimension of its own for each dimension in them, as a definition has them; 1 is broadcast.

    >>> from symgrad.algebra.shape import show
    >>> [show(s) for s in own_shapes([(3, Dimension("n")), (), (Dimension("n"),), (3, 1)])]
    ['(#0, #1)', 'scalar', '(#1,)', '(#0, 1)']
    """
    found: dict[int | Dimension, int | Dimension] = {1: 1}
    for s in shapes:
        for d in s:
            found.setdefault(d, Dimension(f"#{len(found) - 1}"))
    return tuple(tuple(found[d] for d in s) for s in shapes)


def _call(name: str, x: Expression) -> Expression:
    return Apply(along(name), (x,))


def _root(x: Expression) -> Expression:
    return Apply(elementwise_function("sqrt", ELEMENTWISE["sqrt"]), (x,))


_CENTRED = X - _call("mean", X)
_SQUARE = _call("mean", X**2)

UNITS: dict[str, Op] = {
    name: unit(Unit(name, (X,), body))
    for name, body in {
        "layer_norm": _CENTRED / _call("std", X),
        BATCH: _CENTRED / _call("std", X),
        "rms_norm": X / _root(_SQUARE),
        "normalize": X / _call("norm", X),
    }.items()
}
"""The units that every file may call."""

WITH_EPSILON: dict[str, Op] = {
    name: unit(Unit(name, (X, EPSILON), body, 2))
    for name, body in {
        "layer_norm": _CENTRED / _root(_call("var", X) + EPSILON),
        BATCH: _CENTRED / _root(_call("var", X) + EPSILON),
        "rms_norm": X / _root(_SQUARE + EPSILON),
    }.items()
}
"""The same with a number added to the variance, or to the mean of the squares: layer_norm(x, epsilon)."""
