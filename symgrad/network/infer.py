"""Shapes: what is declared, and what follows for the quantities that equations define."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from symgrad.algebra.differential import Partial
from symgrad.algebra.dimension import named
from symgrad.algebra.expression import Apply, Constant, Expression, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import IndexSum
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Dimension, Mismatch, Shape, broadcast, shape_at, show, spread
from symgrad.errors import ShapeError
from symgrad.network.advice import BROADCAST, COLUMN, MATRIX_POWER, NORMS, NUMBER, OUTER, ROW
from symgrad.network.broadcast import Broadcasts
from symgrad.network.constant import Sizes
from symgrad.network.equation import Equation, general
from symgrad.network.suspicion import entrywise
from symgrad.network.syntax.line import Line
from symgrad.network.syntax.statement import ShapeLine
from symgrad.network.vectors import with_sizes
from symgrad.ops.linear import MATMUL, TRANSPOSE

NOT_DECLARED = "not declared, so a scalar"


class Shapes:
    """A table of shapes while it is being filled: shape of a quantity, and where it comes from."""

    def __init__(
        self,
        symbol: str,
        declarations: Sequence[ShapeLine],
        columns: bool = False,
        letters: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.symbol, self.columns, self.letters = symbol, columns, letters or {}
        self.known: dict[Quantity, Shape] = {}
        self.source: dict[Quantity, str] = {}
        for d in declarations:
            key, shape = self._key(d.target, d.shape)
            if key in self.known:
                d.line.fail(f"the shape of {d.target} is declared twice", "keep one of the two lines")
            self.put(key, shape, f"declared in line {d.line.number}")

    def _key(self, q: Quantity, shape: Shape) -> tuple[Quantity, Shape]:
        if not isinstance(q.index, Index):
            return q, shape
        moved = shape_at(shape, {q.index.symbol: Index(self.symbol, -q.index.offset)})
        return q.at(Index(self.symbol)), moved

    def put(self, q: Quantity, shape: Shape, source: str) -> None:
        """Record a shape and where it comes from."""
        self.known[q], self.source[q] = shape, source

    def find(self, q: Quantity) -> tuple[Shape, str]:
        """Return the shape of a quantity and its source; what is not declared is a scalar."""
        if q in self.known:
            return self.known[q], self.source[q]
        if q.indices:
            own, bindings = general(q, self.symbol, self.letters)
            for key in (own, Quantity(q.name)):
                if key in self.known:
                    return shape_at(self.known[key], bindings), self.source[key]
        return (), NOT_DECLARED

    def declared(self, q: Quantity) -> Shape | None:
        """Return the shape of a quantity, None where nothing is known of it."""
        shape, source = self.find(q)
        return None if source == NOT_DECLARED else shape

    def of(self, e: Expression, line: Line) -> Shape:
        """Return the shape of an expression; raises ShapeError with both shapes and both sources."""
        match e:
            case Quantity():
                return self.find(e)[0]
            case Constant():
                return e.own_shape
            case IndexSum():
                return self._of_sum(e, line)
            case Partial(_, _, value):
                return self.of(value, line)
            case Apply(op, arguments):
                shapes = [self.of(a, line) for a in arguments]
                if op.name == "power" and op.record < 0 and len(shapes[0]) == 2:
                    what = f"'{line.quote(e)}' is a negative power of a {show(shapes[0])}"
                    line.fail(what, MATRIX_POWER, line.span(e)[0])
                try:
                    return spread(*shapes, columns=self.columns) if op.shape is broadcast else op.shape(*shapes)
                except Mismatch as error:
                    self._mismatch(e, str(error), shapes, line)
        return ()

    def written_out(self, e: Expression, line: Line) -> Expression:
        """Return e with its broadcasts and axes as products with ones."""
        return Broadcasts(
            lambda x: self.of(x, line), line, self.columns, lambda x, why, s: self._mismatch(x, why, s, line)
        )(e)

    def _of_sum(self, e: IndexSum, line: Line) -> Shape:
        shape = self.of(e.body, line)
        if e.kind == "prod" and len(shape) > 1:
            todo = "write a recurrence, 'P[j] = P[j-1]@X[j]' with P[0] = I, for a product of matrices"
            line.fail(f"prod multiplies entry by entry, and {line.quote(e.body)} is a {show(shape)}", todo)
        return shape

    def _mismatch(self, e: Apply, reason: str, shapes: list[Shape], line: Line) -> None:
        parts = []
        for a, shape in zip(e.arguments, shapes, strict=True):
            if isinstance(a, Constant) and e.op.kind == "part":
                continue  # a place
            source = f" ({self.find(a)[1]})" if isinstance(a, Quantity) else ""
            parts.append(f"{line.quote(a)} is {show(shape)}{source}")
        advice = (
            self._undeclared(e, shapes)
            or _advice(e, shapes, self.columns)
            or "Declare or correct the shapes, for instance 'W: (d, d)'"
        )
        raise ShapeError(
            f"shapes do not fit in '{line.quote(e)}': {reason}",
            where=line.where(line.span(e)[0]),
            todo="; ".join(parts) + f". {advice[0].upper()}{advice[1:]}",
        )

    def _undeclared(self, e: Apply, shapes: Sequence[Shape]) -> str:
        """Return what to declare where a matrix multiplies what no line declares, which is a number then."""
        for a, shape, other, axis in zip(e.arguments, shapes, shapes[::-1], (0, -1), strict=False):
            if e.op != MATMUL or shape or not isinstance(a, Quantity) or self.find(a)[1] != NOT_DECLARED or not other:
                continue
            at = [Index(p.symbol) if isinstance(p, Index) else p for p in a.indices]
            name = f"{a.name}[{','.join(map(str, at))}]" if at else a.name
            return f"declare '{name}: ({show(other[axis : axis + 1 or None])[1:-1]})', or another shape"
        return ""


def _advice(e: Apply, shapes: Sequence[Shape], columns: bool) -> str:
    """Return what to write where it is clear what was meant."""
    ranks = [len(s) for s in shapes]
    if e.op == MATMUL and (sums := [d for s in shapes for d in s if isinstance(d, Dimension) and d.terms]):
        return f"the size of what is put together is a sum, and is declared so: 'W: (q, {sums[0]})'"
    if e.op == MATMUL and ranks == [1, 1] and isinstance(e.arguments[1], Apply) and e.arguments[1].op == TRANSPOSE:
        return OUTER
    match e.arguments:
        case (Apply(Op(kind="scalar")) as whole,) if ranks == [0]:
            return NUMBER.format(name=whole.op.name)
    if e.op.name == "norm" and ranks == [1]:  # norm(x, 1) is along an axis that a vector does not have
        return NORMS
    if e.op.name == "logsumexp" and ranks == [2]:
        return f"write '{e.op.name}(X, axis=-1)' for that of each row"
    if e.op.shape is broadcast and sorted(ranks) == [1, 2]:
        vector, matrix = sorted(shapes, key=len)
        name = next(
            (str(a) for a, s in zip(e.arguments, shapes, strict=True) if s == vector and isinstance(a, Quantity)), "b"
        )
        if vector[0] == matrix[1 if columns else 0]:
            return (ROW if columns else COLUMN).format(name=name, n=vector[0])
        return BROADCAST
    return BROADCAST if e.op.shape is broadcast and ranks == [2, 2] else ""


def infer(
    shapes: Shapes,
    openings: Sequence[Equation],
    steps: Sequence[Equation],
    closings: Sequence[Equation],
    constants: Collection[str] = (),
) -> tuple[tuple[Equation, ...], tuple[Equation, ...], tuple[Equation, ...]]:
    """Fill in the shapes of all defined quantities, and return the equations with I and ones in their sizes.

    A step reads a[j-1] before a[j] is known: its shape is what is declared for a[j] or a[0], else it is
    found by trying a scalar first and then what the step gives. ``constants``: the names that are not declared.
    """
    for e in steps:
        _start(shapes, e.target)
    started = tuple(_define(shapes, e, constants) for e in openings)
    guessed = {e.target for e in steps if _start(shapes, e.target)}
    stepped = tuple(steps)
    for _ in range(len(steps) + 1):
        before = dict(shapes.known)
        stepped = tuple(_define(shapes, e, constants, guessed) for e in steps)
        if shapes.known == before:
            break
    return started, stepped, tuple(_define(shapes, e, constants) for e in closings)


def _start(shapes: Shapes, target: Quantity) -> bool:
    """Take the declared shape of a[0] for a[j], moved from layer 0 to layer j; say if a guess is needed."""
    if target in shapes.known:
        return False
    boundary = Quantity(target.name, 0)
    if boundary in shapes.known:
        moved = tuple(
            Dimension(d.name, Index(shapes.symbol)) if isinstance(d, Dimension) and d.index == 0 else d
            for d in shapes.known[boundary]
        )
        shapes.put(target, moved, f"as {boundary}, {shapes.source[boundary]}")
        return False
    for q, shape in shapes.known.items():
        plain = not any(n.index is not None for d in shape for n in named(d))
        if q.name == target.name and target.index is None and target.further and plain:  # h[0,t] for h[l,t]
            shapes.put(target, shape, f"as {q}, {shapes.source[q]}")
            return False
    return True


def _define(shapes: Shapes, e: Equation, constants: Collection[str], guessed: Collection[Quantity] = ()) -> Equation:
    """Record the shape of the quantity that e defines; return e with its constants in their sizes."""
    target = e.target
    sizes = Sizes(constants, lambda x: shapes.of(x, e.line), e.line)
    expected = shapes.declared(target)
    value = with_sizes(sizes.sized(e.value, expected), expected, e.line, lambda x: shapes.of(x, e.line))
    value = shapes.written_out(value, e.line)
    found = shapes.of(value, e.line)
    known = shapes.known.get(target)
    if known is None or target in guessed:
        shapes.put(target, found, f"from the equation in line {e.line.number}")
    elif known != found:
        raise ShapeError(
            f"{target} has two shapes: {show(known)} ({shapes.source[target]}) "
            f"and {show(found)} (from the equation in line {e.line.number})",
            where=e.line.where(0),
            todo=next((told for _, told in entrywise(value)), "declare or correct the shapes so that the two agree"),
        )
    return e if value is e.value else Equation(target, value, e.line)
