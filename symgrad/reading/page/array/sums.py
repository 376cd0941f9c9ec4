"""Sums of values, in which I, 𝟏 and 0 get their sizes."""

from __future__ import annotations

from functools import reduce

import numpy as np

from symgrad.reading.page.array.kinds import (
    Block,
    Multiple,
    Ones,
    Spread,
    Value,
    is_array,
    is_number,
    is_zero,
    scaled_identity,
    sole_entry,
    unfit,
)
from symgrad.reading.page.array.sizes import broadcast, dense
from symgrad.reading.page.padded import Padded


def plus(x: Value, y: Value) -> Value:
    """Return x + y."""
    if is_zero(x) or is_zero(y):
        return y if is_zero(x) else x
    match x, y:
        case Multiple(c, loose), Multiple(d, loose_too):
            return Multiple(c + d, loose and loose_too)
        case (Multiple(c, True), other) | (other, Multiple(c, True)) if is_number(other):
            return c + other
        case (Multiple(c), np.ndarray() as A) | (np.ndarray() as A, Multiple(c)) if A.shape[0] == A.shape[1]:
            return A + scaled_identity(c, len(A))
        case Block(rows), Block(others) if _shape(rows) == _shape(others):
            return Block(tuple(tuple(map(plus, r, s)) for r, s in zip(rows, others, strict=True)))
        case (Block(rows), Multiple() as m) | (Multiple() as m, Block(rows)) if len(rows) == len(rows[0]):
            return Block(tuple(tuple(plus(v, m) if i == k else v for k, v in enumerate(r)) for i, r in enumerate(rows)))
        case (Block() as b, Multiple() as m) | (Multiple() as m, Block() as b) if is_array(dense(b)):
            return plus(dense(b), m)
        case (Block() as b, np.ndarray() | Padded() as A) | (np.ndarray() | Padded() as A, Block() as b):
            return plus(dense(b), A)
        case np.ndarray(), np.ndarray() if x.shape == y.shape:
            return x + y
        case (Padded() as p, np.ndarray() as A) | (np.ndarray() as A, Padded() as p):
            return A + p.sized(A.shape)
        case Padded(), Padded():
            return x.plus(y)
        case (Padded() as p, Multiple(c)) | (Multiple(c), Padded() as p):
            return p.plus_identity(c)
        case (Spread() as s, np.ndarray() as A) | (np.ndarray() as A, Spread() as s):
            return A + broadcast(s, A.shape)
        case Spread(u, axis), Spread(v, axis_too) if axis == axis_too:
            return Spread(plus(u, v), axis)
        case (Spread(np.ndarray() as u, 1), Spread(np.ndarray() as v, 0)) | (
            Spread(np.ndarray() as v, 0),
            Spread(np.ndarray() as u, 1),
        ):
            return u + v  # u 𝟏ᵀ + 𝟏 v
        case Ones(u, c), Ones(v, d):
            return Ones(u, c).plus(v, d)
        case (Spread(np.ndarray() as u) as s, Multiple(d)) | (Multiple(d), Spread(np.ndarray() as u) as s):
            return broadcast(s, (u.size, u.size)) + scaled_identity(d, u.size)
        case (Ones(u, c), Multiple(d)) | (Multiple(d), Ones(u, c)):
            return Ones(u, d if c is None else c + d)
        case (Ones() as ones, np.ndarray() as A) | (np.ndarray() as A, Ones() as ones):
            return A + ones.sized(A.shape)
        case (Spread(u, axis), number) | (number, Spread(u, axis)) if is_number(number) and is_number(u):
            return Spread(u + number, axis)
    x, y = (sole_entry(v) for v in (x, y))  # the number uᵀ v
    if (is_number(x) and isinstance(y, np.ndarray)) or (is_number(y) and isinstance(x, np.ndarray)):
        return x + y
    if is_number(x) and is_number(y):
        return x + y
    raise unfit("a sum")


def summed(terms: list[Value]) -> Value:
    """Return a sum, from left to right."""
    return reduce(plus, terms)


def _shape(rows: tuple[tuple[Value, ...], ...]) -> tuple[int, int]:
    return len(rows), len(rows[0])
