"""Broadcasts and axes, written out: ``X@W + b`` is X W + 𝟏 bᵀ, ``mean(X, axis=0)`` is (1/m) Xᵀ 𝟏.

What an author writes as in NumPy becomes products with vectors of ones, as books print it. So no rule of calculus
knows a broadcast, and the gradient of b comes out as a sum over the axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.expression_tree import rebuilt
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.shape import Mismatch, Shape, as_matrix, broadcast, spread
from symgrad.network.syntax.line import Line
from symgrad.network.units import of_items, own_shapes
from symgrad.ops.axis import Along, lowered
from symgrad.ops.linear import MATMUL, OUTER, SOFTMAX, SUM, TRANSPOSE
from symgrad.ops.loss import Loss
from symgrad.ops.power import EXPM, exponential
from symgrad.ops.record import Elementwise
from symgrad.ops.unit import Unit, unit

Unfit = Callable[[Apply, str, list[Shape]], None]
"""Raises the error of an expression whose arguments have shapes that do not fit."""


class Broadcasts:
    """Writes the broadcasts of one line out. shape: of what is no operation. columns: whether items are columns."""

    def __init__(self, shape: Callable[[Expression], Shape], line: Line, columns: bool, unfit: Unfit) -> None:
        self.shape, self.line, self.columns, self.unfit = shape, line, columns, unfit

    def __call__(self, e: Expression) -> Expression:
        """Return e with products in the place of broadcasts and axes; raises ShapeError where shapes do not fit."""
        return self._written(e)[0]

    def _written(self, e: Expression) -> tuple[Expression, Shape]:
        if isinstance(e, IndexSum):
            body, shape = self._written(e.body)
            return (e if body is e.body else self.line.keep(e, rebuilt(e, lambda _: body))), shape
        if not isinstance(e, Apply):
            return e, self.shape(e)
        parts = [self._written(a) for a in e.arguments]
        arguments, shapes = tuple(a for a, _ in parts), [s for _, s in parts]
        try:
            new = self._operation(e, arguments, shapes)
            shape = self._shape(new)
        except Mismatch as error:
            self.unfit(e, str(error), shapes)
            raise
        return (e if new is e else self.line.keep(e, new)), shape

    def _operation(self, e: Apply, arguments: tuple[Expression, ...], shapes: list[Shape]) -> Expression:
        op = e.op
        if isinstance(op.record, Along):
            inner = [self._shape(a) for a in arguments[0].arguments] if isinstance(arguments[0], Apply) else []
            return lowered(op.record, arguments[0], shapes[0], inner, self.columns)
        if isinstance(op.record, Loss) and not op.record.entrywise and self.columns and len(shapes[0]) == 2:
            return Apply(op, tuple(Apply(TRANSPOSE, (a,)) for a in arguments))  # its items are rows
        if isinstance(op.record, Unit):
            return self._unit(op.record, arguments, shapes)
        if op == EXPM and len(arguments) == 1:
            return exponential(arguments[0], lambda x: not self._shape(x))
        if op == SOFTMAX and self.columns:
            return lowered(Along(op.name, None, False), arguments[0], shapes[0], (), True)
        if op.shape is broadcast and len({s for s in shapes if s}) > 1:
            out = spread(*shapes, columns=self.columns)
            return Apply(op, tuple(self._spread(a, s, out) for a, s in zip(arguments, shapes, strict=True)))
        return e if all(a is b for a, b in zip(arguments, e.arguments, strict=True)) else Apply(op, arguments)

    def _unit(self, record: Unit, arguments: tuple[Expression, ...], shapes: list[Shape]) -> Expression:
        """Return a unit whose definition knows no broadcast and no axis; of a matrix it is that of each item."""
        of_matrices = any(len(s) == 2 for s in shapes)
        own = own_shapes(shapes) if of_matrices else tuple(shapes)
        letters = dict(zip(record.letters, own, strict=True))

        def shape(e: Expression) -> Shape:
            return letters[e] if isinstance(e, Quantity) and e in letters else self.shape(e)

        body = of_items(record, self.columns) if of_matrices else record.body
        body = Broadcasts(shape, self.line, self.columns, self.unfit)(body)
        return Apply(unit(replace(record, body=body, shapes=own if of_matrices else ())), arguments)

    def _shape(self, e: Expression) -> Shape:
        return e.op.shape(*map(self._shape, e.arguments)) if isinstance(e, Apply) else self.shape(e)

    def _spread(self, e: Expression, shape: Shape, out: Shape) -> Expression:
        """Return an array as one of the shape ``out``: of a row 𝟏 bᵀ, of a column c 𝟏ᵀ."""
        if shape in ((), out):
            return e
        rows, columns = as_matrix(shape, self.columns)
        if (rows, columns) == (1, 1):
            return Apply(SUM, (e,))
        m, n = out
        along_rows, vector = columns == 1, e if len(shape) == 1 else self._vector(e)
        if vector is not None:
            ones = Constant("1", (n if along_rows else m,))
            return Apply(OUTER, (vector, ones) if along_rows else (ones, vector))
        return Apply(MATMUL, (e, Constant("1", (1, n)))) if along_rows else Apply(MATMUL, (Constant("1", (m, 1)), e))

    def _vector(self, e: Expression) -> Expression | None:
        """Return the vector v where e is v as a matrix of one column or row, as an axis that is kept leaves it."""
        match e:
            case Apply(op, (v, Constant("1", (1,)))) | Apply(op, (Constant("1", (1,)), v)) if op == OUTER:
                return v
            case Apply(op, arguments) if op.shape is broadcast or isinstance(op.record, Elementwise):
                inner = [a if not self._shape(a) else self._vector(a) for a in arguments]
                return None if None in inner else Apply(op, tuple(a for a in inner if a is not None))
        return None
