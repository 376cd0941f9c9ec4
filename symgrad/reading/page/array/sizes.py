"""Values in a size: I, 𝟏 and 0 as arrays, a matrix of blocks as one array, changes of one entry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from symgrad.reading.page.array.kinds import (
    Block,
    Multiple,
    Ones,
    Spread,
    Value,
    is_number,
    is_zero,
    scaled_identity,
    unfit,
)
from symgrad.reading.page.padded import Padded


def broadcast(s: Spread, shape: tuple[int, ...]) -> np.ndarray:
    """Write 𝟏 x or x 𝟏ᵀ in a size."""
    x = s.x if isinstance(s.x, np.ndarray) else np.array([[s.x]], dtype=object)
    if x.shape[s.axis] != 1 or x.shape[1 - s.axis] != shape[1 - s.axis]:
        raise unfit("𝟏")
    return np.broadcast_to(x, shape)


def dense(x: Value) -> Value:
    """Write a matrix of blocks as an array; 0 and I get their sizes from the blocks beside them."""
    if not isinstance(x, Block):
        return x
    rows = [[dense(v) for v in r] for r in x.rows]
    if all(is_number(v) for r in rows for v in r):
        return np.array(rows, dtype=object)
    highs = [_size(r, 0) for r in rows]
    wides = [_size(list(c), 1) for c in zip(*rows, strict=True)]
    for n, (high, r) in enumerate(zip(highs, rows, strict=True)):  # I is square
        for k, v in enumerate(r):
            if isinstance(v, Multiple):
                highs[n] = high = high or wides[k]
                wides[k] = wides[k] or high
    filled = [[_filled(v, h, w) for v, w in zip(r, wides, strict=True)] for r, h in zip(rows, highs, strict=True)]
    return np.block(filled)


def _size(values: list[Value], axis: int) -> int:
    number = int(any(is_number(v) and not is_zero(v) for v in values))
    return next((v.shape[axis] for v in values if isinstance(v, np.ndarray)), number)


def _filled(x: Value, high: int, wide: int) -> np.ndarray:
    if isinstance(x, np.ndarray) and x.shape == (high, wide):
        return x
    if isinstance(x, Spread) and high and wide:
        return broadcast(x, (high, wide))
    if isinstance(x, Ones | Padded) and high and wide:
        return x.sized((high, wide))
    if isinstance(x, Multiple) and high == wide > 0:
        return scaled_identity(x.c, high)
    if (is_zero(x) or (is_number(x) and high == wide == 1)) and high and wide:
        return np.full((high, wide), x, dtype=object)
    raise unfit("a matrix of blocks")


def in_shape(x: Value, shape: tuple[int, ...]) -> Value:
    """Return a value as an array of a shape, () for a number; raises NotUnderstoodError where it is none."""
    x = dense(x)
    if shape == ():
        if isinstance(x, Multiple):
            return x.c
        if isinstance(x, Spread | Ones | Padded):
            raise unfit("a number")
        if isinstance(x, np.ndarray) and x.size == 1:
            return x[0, 0]
        if is_number(x):
            return x
        raise unfit("a number")
    if isinstance(x, Spread):
        return broadcast(x, shape)
    if isinstance(x, Ones | Padded):
        return x.sized(shape)
    if isinstance(x, Multiple) and shape[0] == shape[1]:
        return scaled_identity(x.c, shape[0])
    if is_zero(x):
        return np.full(shape, x, dtype=object)
    if is_number(x) and shape == (1, 1):
        return np.array([[x]], dtype=object)
    if isinstance(x, np.ndarray) and x.shape == shape:
        return x
    raise unfit("a result")


def numbers(x: Value) -> Iterator[Any]:
    """Yield all numbers of an array, or of a number."""
    yield from x.ravel() if isinstance(x, np.ndarray) else (x,)


def entry_places(like: Value) -> list[tuple[int, ...]]:
    """Return the places of the entries of an array, row by row; of a number there is one."""
    return list(np.ndindex(like.shape)) if isinstance(like, np.ndarray) else [()]


def unit_change(like: Value, place: tuple[int, ...], one: Any, zero: Any) -> Value:
    """Return the change that is 1 in one place and 0 in all others."""
    if not isinstance(like, np.ndarray):
        return one
    found = np.full(like.shape, zero, dtype=object)
    found[place] = one
    return found


def beside(columns: list[Value]) -> Value:
    """Return a matrix by its columns, arrays that are laid out row by row."""
    flat = [x.reshape(-1, 1) if isinstance(x, np.ndarray) else x for x in map(dense, columns)]
    if all(map(is_zero, flat)):
        return flat[0]
    sizes = {len(x) for x in flat if isinstance(x, np.ndarray)}
    if not sizes:
        return np.array([flat], dtype=object)
    if len(sizes) > 1:
        raise unfit("a change")
    return np.hstack([in_shape(x, (max(sizes), 1)) for x in flat])
