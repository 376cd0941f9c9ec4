"""Products of values: of matrices, of numbers with each entry, of 𝟏, of blocks; transposes and powers."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np

from symgrad.reading.page.array.kinds import (
    Block,
    Multiple,
    Ones,
    Spread,
    Value,
    block,
    each,
    entrywise,
    is_number,
    is_zero,
    unfit,
)
from symgrad.reading.page.array.sizes import dense
from symgrad.reading.page.array.sums import plus, summed
from symgrad.reading.page.padded import Padded
from symgrad.reading.page.padded import product as padded_product


def times(x: Value, y: Value) -> Value:
    """Return x y: a product of matrices, or of each entry with a number; 0 times anything is 0 of any size."""
    if is_zero(x) or is_zero(y):
        return x if is_zero(x) else y
    match x, y:
        case Multiple(c, loose), Multiple(d, loose_too):
            return Multiple(c * d, loose and loose_too)
        case (Multiple(c, loose), other) | (other, Multiple(c, loose)) if is_number(other):
            return Multiple(c * other, loose)
        case (Multiple(c, False), np.ndarray() as A) | (np.ndarray() as A, Multiple(c, False)) if A.size == 1:
            return Multiple(c * A[0, 0])  # the number uᵀ v
        case (Multiple(c), other) | (other, Multiple(c)):
            return each(other, lambda v: c * v)
    if is_number(x):
        return each(y, lambda v: x * v)
    if is_number(y):
        return each(x, lambda v: v * y)
    if isinstance(x, Spread | Ones) or isinstance(y, Spread | Ones):
        return _with_ones(x, y)
    if isinstance(x, Block) or isinstance(y, Block):
        return _of_blocks(x, y)
    if isinstance(x, Padded) or isinstance(y, Padded):
        for one, other in ((x, y), (y, x)):
            if isinstance(one, np.ndarray) and one.size == 1:
                return each(other, lambda v: one[0, 0] * v)  # noqa: B023  # it is used at once
        return padded_product(x, y)
    if x.shape[1] == y.shape[0]:
        return x.dot(y)
    if 1 in (x.size, y.size):
        return x * y
    raise unfit("a product")


def product(factors: list[Value]) -> Value:
    """Return a product in the given order."""
    return reduce(times, factors)


def _with_ones(x: Value, y: Value) -> Value:
    if isinstance(x, Padded) or isinstance(y, Padded):
        return _part_with_ones(x, y)
    """Return a product with 𝟏 in it: a sum over rows or columns, or again something of any size."""
    match x, y:
        case np.ndarray(), Spread(v, 0):
            return times(x.sum(axis=1).reshape(-1, 1), v)
        case Spread(u, 1), np.ndarray():
            return times(u, y.sum(axis=0).reshape(1, -1))
        case np.ndarray(), Spread(v, 1):
            return Spread(times(x, v), 1)
        case Spread(u, 0), np.ndarray() if not is_number(u) or len(y) == 1:
            return Spread(times(u, y), 0)
        case Spread(u, 0), Spread(v, 1) if is_number(u) and is_number(v):
            return Ones((u * v,))
        case Ones(), Ones():
            return x.times(y)
        case (Ones() as ones, np.ndarray() as A) | (np.ndarray() as A, Ones() as ones) if A.size == 1:
            return each(ones, lambda v: v * A[0, 0])  # the number uᵀ v
        case np.ndarray(), Ones(c=c):
            sums = Spread(times(x.sum(axis=1).reshape(-1, 1), y.factor(x.shape[1])), 1)
            return sums if c is None else plus(each(x, lambda a: a * c), sums)
        case Ones(c=c), np.ndarray():
            sums = Spread(times(x.factor(len(y)), y.sum(axis=0).reshape(1, -1)), 0)
            return sums if c is None else plus(each(y, lambda a: c * a), sums)
        case Spread(u, 0), Spread() | Ones() if not is_number(u):
            return Spread(times(u, y), 0)
        case Spread() | Ones(), Spread(v, 1) if not is_number(v):
            return Spread(times(x, v), 1)
    raise unfit("a product with 𝟏")


def _part_with_ones(x: Value, y: Value) -> Value:
    """Return a product of 𝟏 with a part of an array: a sum over its rows or columns."""
    match x, y:
        case Spread(u, 1), Padded(A, _, columns, None):
            return times(
                u,
                Padded(A.sum(axis=0).reshape(1, -1), None, columns)
                if columns is not None
                else A.sum(axis=0).reshape(1, -1),
            )
        case Padded(A, rows, _, None), Spread(v, 0):
            sums = A.sum(axis=1).reshape(-1, 1)
            return times(sums if rows is None else Padded(sums, rows, None), v)
    raise unfit("a product with 𝟏")


def _of_blocks(x: Value, y: Value) -> Value:
    if isinstance(x, Padded) or isinstance(y, Padded):
        return times(dense(x), dense(y))
    first = x.rows if isinstance(x, Block) else ((x,),)
    second = y.rows if isinstance(y, Block) else ((y,),)
    if len(first[0]) == len(second):
        return block([[_dot(r, column) for column in zip(*second, strict=True)] for r in first])
    return times(dense(x), dense(y))


def _dot(row: tuple[Value, ...], column: tuple[Value, ...]) -> Value:
    return summed([times(a, b) for a, b in zip(row, column, strict=True)])


def transposed(x: Value) -> Value:
    """Return xᵀ."""
    match x:
        case np.ndarray() | Padded():
            return x.T
        case Spread(u, axis):
            return Spread(transposed(u), 1 - axis)
        case Block(rows):
            return Block(tuple(tuple(transposed(v) for v in column) for column in zip(*rows, strict=True)))
    return x


def power(x: Value, n: int, one: Any) -> Value:
    """Return x^n: of a vector each entry's, of a square matrix x x ... x."""
    if is_number(x):
        return _number_power(x, n, one)
    if isinstance(x, np.ndarray) and x.shape[1] == 1:
        return entrywise(lambda v: _number_power(v, n, one), x)
    if n < 0 or (isinstance(x, np.ndarray) and x.shape[0] != x.shape[1]):
        raise unfit("a power")
    found: Value = Multiple(one, loose=True)
    base = x
    while n:
        if n & 1:
            found = times(found, base)
        n >>= 1
        base = times(base, base) if n else base
    return found


def _number_power(x: Any, n: int, one: Any) -> Any:
    found = one
    base, left = x, abs(n)
    while left:
        found = found * base if left & 1 else found
        left >>= 1
        base = base * base if left else base
    return found if n >= 0 else one / found
