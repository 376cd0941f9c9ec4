"""Functions along an axis, as an author writes them: ``mean(X, axis=0)``, ``max(X, axis=-1, keepdims=True)``.

They are written by operations of vectors and of rows as soon as the shapes are known: a sum over an axis is a product
with ones, what acts on columns acts on the rows of the transposed matrix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from symgrad.algebra.expression import Apply, Constant, Expression
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import NotDefined
from symgrad.ops.linear import LOG_SOFTMAX, MATMUL, OUTER, SOFTMAX, SUM, TRANSPOSE
from symgrad.ops.loss import Loss
from symgrad.ops.reduction import MEAN, REDUCTIONS, of_rows, size_of, whole

BY_ROWS: dict[str, Op] = {"softmax": SOFTMAX, "log_softmax": LOG_SOFTMAX}
"""Functions that keep the shape, of a vector or of each row."""
SUMMED = ("sum", *REDUCTIONS)
"""Functions that leave an axis out."""

Options = Mapping[str, int | bool]
"""What is given by name: axis, keepdims."""


@dataclass(frozen=True)
class Along:
    """A function along an axis; None: along all of them, or of each row for those that keep the shape."""

    name: str
    axis: int | None
    keepdims: bool

    def place(self, shape: Shape) -> int | None:
        """Return the axis of an array of this shape, counted from 0; raises Mismatch where it has none."""
        if self.axis is None:
            return None
        if not -len(shape) <= self.axis < len(shape):
            raise Mismatch(f"axis={self.axis} of a {show(shape)}")
        return self.axis % len(shape)


@cache
def along(name: str, axis: int | None = None, keepdims: bool = False) -> Op:
    """Return the operation of a function along an axis: it has a shape, and is lowered before it is evaluated."""
    record = Along(name, axis, keepdims)

    def shape(s: Shape) -> Shape:
        place = record.place(s)
        if name in BY_ROWS:
            return s
        if len(s) < 2 or place is None:
            return ()
        left = s[1 - place : 2 - place]
        return left if not keepdims else (*left, 1) if place else (1, *left)

    return Op(name, shape, _not_lowered, _not_lowered, _not_lowered, arity=1, kind="axis", record=record)


def _not_lowered(*_: Any) -> Any:
    raise NotDefined("an axis is that of a vector or a matrix", todo="write functions along an axis in equations")


def lowered(
    record: Along, x: Expression, shape: Shape, inner: Sequence[Shape] = (), columns: bool = False
) -> Expression:
    """Return the function of x by operations that know no axis.

    inner: the shapes of what x is computed from, where it is a loss. columns: whether items are columns.
    """
    place = record.place(shape)
    if record.name in BY_ROWS:
        return _by_rows(record.name, x, shape, (0 if columns else 1) if place is None else place)
    if not shape:
        return _of_items(record, x, inner, columns)
    if len(shape) == 1 or place is None:
        return _of_all(record.name, x, shape)
    found = _of_axis(record.name, x, shape, place)
    if not record.keepdims:
        return found
    one = Constant("1", (1,))
    return Apply(OUTER, (found, one) if place else (one, found))


def _by_rows(name: str, x: Expression, shape: Shape, place: int) -> Expression:
    if len(shape) == 2 and place == 0:
        return Apply(TRANSPOSE, (Apply(BY_ROWS[name], (Apply(TRANSPOSE, (x,)),)),))
    return Apply(BY_ROWS[name], (x,))


def _of_all(name: str, x: Expression, shape: Shape) -> Expression:
    """Return the function of all entries."""
    if name == "sum":
        return Apply(SUM, (x,))
    record = REDUCTIONS[name]
    if name in ("max", "min") and len(shape) == 2:
        x = Apply(of_rows(record), (x,))
    return Apply(whole(record), (x,))


def _of_axis(name: str, x: Expression, shape: Shape, place: int) -> Expression:
    """Return the function of each row (axis 1) or of each column (axis 0) of a matrix."""
    ones = Constant("1", (shape[place],))
    if name in ("sum", MEAN.name):
        total = Apply(MATMUL, (x, ones) if place else (ones, x))
        return total if name == "sum" else total / size_of(ones.shape)
    return Apply(of_rows(REDUCTIONS[name]), (x if place else Apply(TRANSPOSE, (x,)),))


def _of_items(record: Along, x: Expression, inner: Sequence[Shape], columns: bool) -> Expression:
    """Return the sum of a loss over its items, which is the loss itself, or the mean.

    The items of matrices are their rows, or columns; of vectors their entries, where the loss is one of numbers.
    """
    loss = x.op.record if isinstance(x, Apply) and isinstance(x.op.record, Loss) else None
    if record.name == "sum":
        return x
    if record.name == MEAN.name and loss is not None and (len(inner[0]) == 2 or (inner[0] and loss.entrywise)):
        axis = 1 if columns and loss.entrywise and len(inner[0]) == 2 else 0  # one of vectors was turned to rows
        return x / size_of(inner[0][axis : axis + 1])
    of = f"{loss.name} of these, which is" if loss is not None else ""
    raise Mismatch(f"{record.name} of {of} a number".replace("  ", " "))
