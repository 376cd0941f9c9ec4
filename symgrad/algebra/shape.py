"""Shapes: () for a scalar, (n,) for a vector, (m, n) for a matrix; a dimension is a number or a name."""

from __future__ import annotations

from symgrad.algebra.dimension import Dimension as Dimension
from symgrad.algebra.dimension import moved
from symgrad.algebra.index import Bindings

Shape = tuple[int | Dimension, ...]

SCALAR: Shape = ()


def shape_at(shape: Shape, bindings: Bindings) -> Shape:
    """Move a per-layer shape to another layer: (n[l], n[l-1]) at {l: 3} is (n[3], n[2])."""
    return tuple([moved(d, bindings) for d in shape])


def show(shape: Shape) -> str:
    """Write a shape as a person does.

    >>> show((Dimension("d"), 2)), show((3,)), show(())
    ('(d, 2)', '(3,)', 'scalar')
    """
    if not shape:
        return "scalar"
    inside = ", ".join(map(str, shape))
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


class Mismatch(Exception):  # noqa: N818  # a signal between layers, turned into a ShapeError with its line
    """Shapes that an operation cannot take; the reader adds the file, the line and the sources."""


def broadcast(*shapes: Shape) -> Shape:
    """Return the shape of an elementwise operation: equal shapes, or scalars with one shape."""
    found = SCALAR
    for shape in shapes:
        if shape and found and shape != found:
            raise Mismatch(f"elementwise operation on shapes {show(found)} and {show(shape)}")
        found = found or shape
    return found


def spread(*shapes: Shape, columns: bool = False) -> Shape:
    """Return the shape of an elementwise operation as NumPy has it: a row (q,) or (1, q), a column (n, 1) is broadcast.

    columns: the items are columns, and a vector stands for one of them, (n,) with (n, m).

    >>> spread((3, 2), (2,)), spread((3, 2), (3,), columns=True), spread((3, 1), (1, 2))
    ((3, 2), (3, 2), (3, 2))
    """
    ranks = {len(s) for s in shapes}
    if 2 not in ranks:
        return broadcast(*shapes)
    found: list[int | Dimension] = [1, 1]
    for shape in shapes:
        for axis, d in enumerate(as_matrix(shape, columns)):
            if d != 1 and found[axis] not in (1, d):
                raise Mismatch(f"elementwise operation on shapes {' and '.join(show(s) for s in shapes if s)}")
            found[axis] = d if found[axis] == 1 else found[axis]
    return tuple(found)


def as_matrix(shape: Shape, columns: bool = False) -> tuple[int | Dimension, int | Dimension]:
    """Return the shape of a matrix, of a vector as a row or a column, of a number as 1 x 1."""
    match shape:
        case ():
            return 1, 1
        case (n,):
            return (n, 1) if columns else (1, n)
    m, n = shape
    return m, n


def multiply(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``left @ right`` for vectors and matrices, as NumPy has it."""
    if not left or not right:
        raise Mismatch(f"'@' needs vectors or matrices, not {show(left)} @ {show(right)}; use '*' for scalars")
    if left[-1] != right[0]:
        raise Mismatch(f"'@' of shapes {show(left)} and {show(right)}: {left[-1]} is not {right[0]}")
    return (*left[:-1], *right[1:])
