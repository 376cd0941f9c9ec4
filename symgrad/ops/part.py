"""Parts of arrays and arrays put together: x[2:k], W[:,1], an entry x[2], concat(x, y), each one record.

A place is said by an array of ones that is as long as the place is far from the start, so that it may be a dimension,
n + 1, which is a number only where values are given. Places are counted from 1, and both ends belong to a slice.
Every Jacobian is a part of the identity matrix: rows of it select, columns of it put what they multiply in its place.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from symgrad.algebra.dimension import Size, plus
from symgrad.algebra.expression import Apply, Argument, Constant, Expression
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import ValuesError

ROWS, COLUMNS = 0, 1
"""The axes along which a part is taken."""
ARRAYS = {1: "a vector", 2: "a matrix"}


def place(n: Size) -> Constant:
    """Return a place, or a number of places, as an argument of the operations here."""
    return Constant("1", (n,))


def placed(e: Expression) -> Size:
    """Return the place that an argument says."""
    assert isinstance(e, Constant)
    return e.shape[0]


def _within(A: Any, x: Any, first: int, last: int, axis: int) -> tuple[int, int]:
    """Return how many entries lie before and behind a part; ValuesError where it lies outside."""
    n = len(x) if axis == ROWS else x.shape[1]
    if not 1 <= first <= last <= n:
        what = f"entry {first}" if first == last else f"entries {first} to {last}"
        todo = f"give values that have {max(first, last)} entries there"
        raise ValuesError(f"{what} of {n} along an axis", todo=todo)
    return first - 1, n - last


@cache
def slice_of(axis: int) -> Op:
    """Return the operation (x, first, count) -> x[first:first+count-1], the rows or the columns of a matrix."""

    def shape(s: Shape, first: Shape, count: Shape) -> Shape:
        if len(s) <= axis:
            array = "a matrix" if axis else "a vector or a matrix"
            raise Mismatch(f"a slice is taken of {array}, not of a {show(s)}")
        return (*s[:axis], *count, *s[axis + 1 :])

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        n = x[0].shape[axis]
        one = Apply(slice_of(axis), (Constant("I", (n, n)), x[1].e, x[2].e))
        return (M.matrix(one) if axis == ROWS else M.Right(one), M.ZERO, M.ZERO)

    def pullback(A: Any, g: Any, _: Any, x: Any, first: Any, count: Any) -> tuple[Any, ...]:
        before, after = _within(A, x, A.size(first), A.size(first) + A.size(count) - 1, axis)
        return A.padded(g, before, after, axis), None, None

    def value(A: Any, x: Any, first: Any, count: Any) -> Any:
        before, _ = _within(A, x, A.size(first), A.size(first) + A.size(count) - 1, axis)
        return A.part(x, before, A.size(count), axis)

    return Op(f"slice {axis}", shape, value, jacobian, pullback, arity=3, kind="part")


def sliced(x: Expression, axis: int, first: Size, count: Size) -> Expression:
    """Return a slice; that of a slice along the same axis is one slice."""
    match x:
        case Apply(op, (inner, begin, _)) if op == slice_of(axis):
            return sliced(inner, axis, plus(plus(placed(begin), first), 1, -1), count)
    return Apply(slice_of(axis), (x, place(first), place(count)))


def _line_of(name: str, axis: int, rank: int) -> Op:
    """Return the operation (x, at) -> x[at] along an axis of an array with ``rank`` axes."""

    def shape(s: Shape, at: Shape) -> Shape:
        if len(s) != rank:
            raise Mismatch(f"{'an entry' if rank == 1 else f'a {name}'} is taken of {ARRAYS[rank]}, not of a {show(s)}")
        return (*s[:axis], *s[axis + 1 :])

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        s = x[0].shape
        e = unit(s[axis], x[1].e)
        if rank == 1:
            return M.row(e, s), M.ZERO
        return (M.Right(e) if axis == COLUMNS else M.compose(M.Right(e), M.Swap())), M.ZERO

    def pullback(A: Any, g: Any, _: Any, x: Any, at: Any) -> tuple[Any, ...]:
        before, after = _within(A, x, A.size(at), A.size(at), axis)
        return A.padded(A.lifted(g, axis), before, after, axis), None

    def value(A: Any, x: Any, at: Any) -> Any:
        before, _ = _within(A, x, A.size(at), A.size(at), axis)
        return x[before] if axis == ROWS else x[:, before]

    return Op(name, shape, value, jacobian, pullback, arity=2, kind="part")


ENTRY, ROW, COLUMN = _line_of("entry", ROWS, 1), _line_of("row", ROWS, 2), _line_of("column", COLUMNS, 2)
"""x[at] of a vector; X[at,:] and X[:,at] of a matrix."""


def unit(n: Size, at: Expression) -> Expression:
    """Return e_k, the column k of the n x n identity matrix."""
    return Apply(COLUMN, (Constant("I", (n, n)), at))


@cache
def concat(axis: int = ROWS) -> Op:
    """Return the operation (x, y, ...) -> [x; y; ...], one below the other (axis 0) or side by side.

    A number is a vector with one entry.
    """

    def shape(*shapes: Shape) -> Shape:
        rank = max(1, *map(len, shapes))
        if rank <= axis:
            raise Mismatch(f"concat along axis={axis} of {' and '.join(map(show, shapes))}")
        if any(len(s) != rank for s in shapes) and rank == 2:
            raise Mismatch(f"concat of {' and '.join(map(show, shapes))}: all are matrices, or none is")
        beside = dict.fromkeys(s[1 - axis] for s in shapes) if rank == 2 else {}
        if len(beside) > 1:
            raise Mismatch(f"concat of {' and '.join(map(show, shapes))}: {' and '.join(map(str, beside))} differ")
        total: Size = 0
        for s in shapes:
            total = plus(total, s[axis] if s else 1)
        longest = max(shapes, key=len) or (1,)
        return (*longest[:axis], total, *longest[axis + 1 :])

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        n = out[axis]
        found, before = [], 0
        for a in x:
            first: Size = plus(before, 1)
            count: Size = a.shape[axis] if a.shape else 1
            before = plus(before, count)  # type: ignore[assignment]
            if not a.shape:
                found.append(M.Column(unit(n, place(first))))
                continue
            one = Apply(slice_of(1 - axis), (Constant("I", (n, n)), place(first), place(count)))
            found.append(M.matrix(one) if axis == ROWS else M.Right(one))
        return tuple(found)

    def pullback(A: Any, g: Any, _: Any, *x: Any) -> tuple[Any, ...]:
        found, before = [], 0
        for v in x:
            if not A.rank(v):
                found.append(g[before])
                before += 1
                continue
            count = v.shape[axis]
            found.append(A.part(g, before, count, axis))
            before += count
        return tuple(found)

    return Op(
        f"concat {axis}",
        shape,
        value=lambda A, *x: A.joined([v if A.rank(v) else A.lifted(v, 0) for v in x], axis),
        jacobian=jacobian,
        pullback=pullback,
        kind="part",
    )


AXIS: dict[Op, int] = {ENTRY: ROWS, ROW: ROWS, COLUMN: COLUMNS, slice_of(ROWS): ROWS, slice_of(COLUMNS): COLUMNS}
"""Along which axis each operation takes a part."""


def lengths(e: Apply, shape: Shape) -> tuple[Size, Size]:
    """Return how many entries lie behind a part of an array of a shape, and how many are in it."""
    first, *count = map(placed, e.arguments[1:])
    size: Size = count[0] if count else 1
    return plus(shape[AXIS[e.op]], plus(plus(first, size), 1, -1), -1), size


PARTS: dict[str, Op] = {
    op.name: op for op in (ENTRY, ROW, COLUMN, *(f(a) for a in (ROWS, COLUMNS) for f in (slice_of, concat)))
}
"""The operations here by their names."""
