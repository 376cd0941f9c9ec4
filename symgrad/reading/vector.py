"""Vectors and matrices of numbers, as nested lists: sums, products, norms, determinants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgrad.reading.token import NotUnderstoodError

Value = Any
"""A number, or a list of values: a vector is a list of numbers, a matrix a list of rows."""

LARGEST = 12
"""Rows of a matrix whose determinant is computed."""


def with_vectors(name: str, x: list[Value]) -> Value:
    """Return an operation of which at least one argument is a list; raises NotUnderstoodError for any other.

    >>> with_vectors("*", [[[1, 2], [3, 4]], [[1], [1]]]), with_vectors("*", [[1, 2], [3, 4]])
    ([[3], [7]], 11)
    """
    match name:
        case "+" | "-":
            return _entrywise((lambda a, b: a + b) if name == "+" else (lambda a, b: a - b), x[0], x[1])
        case "neg":
            return _scaled(-1, x[0])
        case "*":
            return _product(x[0], x[1])
        case "×":
            return _cross(x[0], x[1])
        case "/" if not isinstance(x[1], list):
            if x[1] == 0:
                raise NotUnderstoodError("a vector over 0")
            return _scaled(1 / x[1], x[0])
        case "^" if isinstance(x[0], list) and not isinstance(x[1], list) and x[1] in range(1, LARGEST):
            found = x[0]
            for _ in range(int(x[1]) - 1):
                found = _product(found, x[0])
            return found
        case "⊗":
            return _kronecker(x[0], x[1])
        case "det":
            return _determinant(x[0])
        case "trace":
            return _trace(x[0])
    raise NotUnderstoodError(f"{name} of a vector")


def shape(x: Value) -> tuple[int, ...]:
    """Return the lengths of nested lists; raises NotUnderstoodError where rows differ."""
    if not isinstance(x, list):
        return ()
    inner = {shape(row) for row in x}
    if len(inner) != 1:
        raise NotUnderstoodError("rows of different lengths")
    return (len(x), *inner.pop())


def flat(x: Value) -> list[Value]:
    """Return the numbers in nested lists; a column and a row of the same numbers have the same."""
    return [n for row in x for n in flat(row)] if isinstance(x, list) else [x]


def _entrywise(f: Callable[[Value, Value], Value], x: Value, y: Value) -> Value:
    if shape(x) != shape(y):
        raise NotUnderstoodError("a sum of different shapes")
    return [_entrywise(f, a, b) for a, b in zip(x, y, strict=True)] if isinstance(x, list) else f(x, y)


def _scaled(c: Value, x: Value) -> Value:
    return [_scaled(c, row) for row in x] if isinstance(x, list) else c * x


def _dot(x: list[Value], y: list[Value]) -> Value:
    total = x[0] * y[0]
    for a, b in zip(x[1:], y[1:], strict=True):
        total = total + a * b
    return total


def _product(x: Value, y: Value) -> Value:
    left, right = shape(x), shape(y)
    if not left or not right:
        return _scaled(x, y) if not left else _scaled(y, x)
    if left[-1] != right[0] or len(left) > 2 or len(right) > 2:
        raise NotUnderstoodError("a product of shapes that do not fit")
    columns = [[row[j] for row in y] for j in range(right[1])] if len(right) == 2 else [y]
    rows = x if len(left) == 2 else [x]
    found = [[_dot(row, column) for column in columns] for row in rows]
    if len(left) == len(right) == 1:
        return found[0][0]
    if len(right) == 1:
        return [row[0] for row in found]
    return found if len(left) == 2 else found[0]


def _cross(x: Value, y: Value) -> Value:
    """Return the cross product of two vectors of three numbers, as a row or as a column like both of them."""
    size = shape(x)
    if size != shape(y) or size not in ((3,), (3, 1), (1, 3)):
        raise NotUnderstoodError("a cross product of what are no two vectors of three numbers")
    a, b = flat(x), flat(y)
    entries = [a[i] * b[k] - a[k] * b[i] for i, k in ((1, 2), (2, 0), (0, 1))]
    return entries if size == (3,) else [entries] if size == (1, 3) else [[n] for n in entries]


def _kronecker(x: Value, y: Value) -> Value:
    """Return all products of an entry of one and an entry of the other, in blocks: of vectors a vector."""
    if len(shape(x)) != len(shape(y)):
        raise NotUnderstoodError("⊗ of a vector and a matrix")
    if len(shape(x)) == 1:
        return [a * b for a in x for b in y]
    return [[a * b for a in row for b in other] for row in x for other in y]


def _trace(x: Value) -> Value:
    size = shape(x)
    if len(size) != 2 or size[0] != size[1]:
        raise NotUnderstoodError("the trace of what is no square matrix")
    total = x[0][0]
    for n in range(1, size[0]):
        total = total + x[n][n]
    return total


def _determinant(x: Value) -> Value:
    """Return a determinant by expansion along rows, without a division; the minors of each row are kept."""
    size = shape(x)
    if len(size) != 2 or size[0] != size[1] or size[0] > LARGEST:
        raise NotUnderstoodError("the determinant of what is no small square matrix")
    minors: dict[int, Value] = {0: 1}
    for row in x:
        later: dict[int, Value] = {}
        for used, minor in minors.items():
            for j, entry in enumerate(row):
                if not used >> j & 1:
                    sign = -1 if (used >> (j + 1)).bit_count() % 2 else 1
                    term = sign * entry * minor
                    wider = used | 1 << j
                    later[wider] = later[wider] + term if wider in later else term
        minors = later
    return minors[(1 << size[0]) - 1]
