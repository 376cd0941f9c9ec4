"""What acts entry by entry, x ⊙ y, x ⊘ y, x ^ y; x ⊗ y and diag(x)."""

from __future__ import annotations

import operator

import numpy as np

from symgrad.reading.page.array.kinds import Block, Multiple, Ones, Spread, Value, is_number, scaled_identity, unfit
from symgrad.reading.page.array.sizes import broadcast
from symgrad.reading.page.padded import Padded

OPERATORS = {"⊙": operator.mul, "⊘": operator.truediv, "^": operator.pow}


def by_entries(sign: str, x: Value, y: Value) -> Value:
    """Return x ⊙ y, x ⊘ y or x ^ y: of arrays of one shape, or of a number with each entry of an array."""
    for one, other in ((x, y), (y, x)):
        if isinstance(one, Padded) and isinstance(other, np.ndarray):
            sized = one.sized(other.shape)
            return by_entries(sign, *((sized, y) if one is x else (x, sized)))
    if isinstance(x, Spread) or isinstance(y, Spread):
        x, y = _spreads_met(sign, x, y)
        if y is None:
            return x
    arrays = [v for v in (x, y) if isinstance(v, np.ndarray)]
    if isinstance(x, Block) or isinstance(y, Block) or len({v.shape for v in arrays}) > 1:
        raise unfit(sign)
    if arrays:
        x, y = (broadcast(v, arrays[0].shape) if isinstance(v, Spread) else v for v in (x, y))
        x, y = (v.sized(arrays[0].shape) if isinstance(v, Ones) else v for v in (x, y))
    if arrays and (isinstance(x, Multiple) or isinstance(y, Multiple)):
        n, m = arrays[0].shape
        if n != m or sign != "⊙":
            raise unfit(sign)
        x, y = (scaled_identity(v.c, n) if isinstance(v, Multiple) else v for v in (x, y))
    if not arrays:
        raise unfit(sign)
    found = np.empty(arrays[0].shape, dtype=object)
    for at in np.ndindex(found.shape):
        a, b = (v[at] if isinstance(v, np.ndarray) else v for v in (x, y))
        found[at] = OPERATORS[sign](a, b)
    return found


def kronecker(x: Value, y: Value, sized: tuple[int, int] | None) -> Value:
    """Return x ⊗ y of two matrices; sized: its shape, by which I has a size."""
    for one, other in ((x, y), (y, x)):
        if isinstance(one, Multiple) and isinstance(other, np.ndarray) and sized is not None:
            n, rest = divmod(sized[0], other.shape[0])
            if rest:
                raise unfit("⊗")
            square = scaled_identity(one.c, n)
            x, y = (square, y) if one is x else (x, square)
    if not isinstance(x, np.ndarray) or not isinstance(y, np.ndarray):
        raise unfit("⊗")
    return np.block([[a * y for a in r] for r in x])


def _spreads_met(sign: str, x: Value, y: Value) -> tuple[Value, Value]:
    """Return both with the sizes that they give each other; their result and None where it has no size of its own."""
    match x, y:
        case Spread(u, axis), Spread(v, same) if axis == same:
            return Spread(_entry_by_entry(sign, u, v), axis), None
        case (Spread(np.ndarray() as u, 1), Spread(np.ndarray() as v, 0)) | (
            Spread(np.ndarray() as v, 0),
            Spread(np.ndarray() as u, 1),
        ):
            shape = len(u), v.shape[1]
            return broadcast(x, shape), broadcast(y, shape)
        case Spread(u, axis), number if is_number(number):
            return Spread(_entry_by_entry(sign, u, number), axis), None
        case number, Spread(u, axis) if is_number(number):
            return Spread(_entry_by_entry(sign, number, u), axis), None
    return x, y


def _entry_by_entry(sign: str, u: Value, v: Value) -> Value:
    return OPERATORS[sign](u, v) if is_number(u) and is_number(v) else by_entries(sign, u, v)


def diagonal(x: Value) -> Value:
    """Return diag(x) of a column; of a square matrix the column that stands on its diagonal."""
    if isinstance(x, Spread) and x.axis == 0 and is_number(x.x):
        return Multiple(x.x)
    if is_number(x):  # exp of an empty sum of vectors is 1 in every entry
        return Multiple(x)
    if isinstance(x, np.ndarray) and x.shape[0] == x.shape[1] > 1:
        return np.array([[x[i, i]] for i in range(len(x))], dtype=object)
    if not isinstance(x, np.ndarray) or x.shape[1] != 1:
        raise unfit("diag")
    zero = x[0, 0] * 0
    n = len(x)
    return np.array([[x[i, 0] if i == k else zero for k in range(n)] for i in range(n)], dtype=object)
