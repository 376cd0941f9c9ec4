"""Values of formulas on a page: numbers, matrices (a vector is a column), multiples of I, ones, matrices of blocks.

I, 𝟏, 𝟏 𝟏ᵀ and 0 are printed without a size; they get one from what they are added to or stand beside.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from symgrad.reading.page.padded import Padded
from symgrad.reading.page.padded import product as padded_product
from symgrad.reading.token import NotUnderstoodError

Value = Any
"""A number of any number system, a two-dimensional array of them, a Multiple, a Spread, Ones, Padded or a Block."""


@dataclass(frozen=True)
class Multiple:
    """c I, of any size. loose: it may be the number c too, as the empty product is."""

    c: Any
    loose: bool = False


@dataclass(frozen=True)
class Spread:
    """𝟏 x, where x is a number or a row and 𝟏 a column of any length (axis 0), or x 𝟏ᵀ of a column x (axis 1)."""

    x: Any
    axis: int = 0


@dataclass(frozen=True)
class Ones:
    """x 𝟏 𝟏ᵀ + c I: of any size, and square where there is a c.

    x: the coefficients of a polynomial in that size n, for a product of two has 𝟏ᵀ 𝟏 = n in it.
    """

    x: tuple[Any, ...]
    c: Any = None

    def factor(self, n: int) -> Any:
        """Return x, where the size is n."""
        return sum((a * n**k for k, a in enumerate(self.x[1:], start=1)), start=self.x[0])

    def sized(self, shape: tuple[int, ...]) -> np.ndarray:
        """Write it in a size."""
        if self.c is None:
            return np.full(shape, self.x[0], dtype=object)
        if shape[0] != shape[1]:
            raise unfit("I")
        found: np.ndarray = np.full(shape, self.factor(shape[0]), dtype=object) + scaled_identity(self.c, shape[0])
        return found

    def plus(self, x: tuple[Any, ...], c: Any) -> Ones:
        """Return the sum with another one."""
        longer, shorter = (self.x, x) if len(self.x) >= len(x) else (x, self.x)
        total = tuple(a + b for a, b in zip(longer, shorter, strict=False)) + longer[len(shorter) :]
        return Ones(total, c if self.c is None else self.c if c is None else self.c + c)

    def times(self, other: Ones) -> Ones:
        """Return the product of two squares of one size."""
        if self.c is None or other.c is None:
            raise unfit("a product with 𝟏")
        zero = self.c * 0
        found = [zero] * (len(self.x) + len(other.x))
        for i, a in enumerate(self.x):
            found[i] += a * other.c
            for k, b in enumerate(other.x):
                found[i + k + 1] += a * b
        for k, b in enumerate(other.x):
            found[k] += self.c * b
        return Ones(tuple(found), self.c * other.c)


@dataclass(frozen=True)
class Block:
    """A matrix whose entries are values."""

    rows: tuple[tuple[Value, ...], ...]


def unfit(what: str) -> NotUnderstoodError:
    """Return the error for values that do not go together."""
    return NotUnderstoodError(f"{what} of shapes that do not fit")


def single(x: Value) -> Value:
    """Return the entry of a matrix that has only one, as xᵀ x; anything else as it is."""
    return x[0, 0] if is_array(x) and x.shape == (1, 1) else x


def is_number(x: Value) -> bool:
    """Tell whether a value is a number."""
    return not isinstance(x, np.ndarray | Multiple | Spread | Ones | Block | Padded)


def is_array(x: Value) -> bool:
    """Tell whether a value is an array."""
    return isinstance(x, np.ndarray)


def is_zero(x: Value) -> bool:
    """Tell whether a value is the number 0, exactly."""
    return is_number(x) and bool(x == 0)


def block(rows: list[list[Value]]) -> Value:
    """Return a matrix of blocks; one entry is that entry."""
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else Block(tuple(map(tuple, rows)))


# --- sums ----------------------------------------------------------------------------------------------


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
        case (Block() as b, np.ndarray() as A) | (np.ndarray() as A, Block() as b):
            return plus(dense(b), A)
        case np.ndarray(), np.ndarray() if x.shape == y.shape:
            return x + y
        case (Padded() as p, np.ndarray() as A) | (np.ndarray() as A, Padded() as p):
            return A + p.sized(A.shape)
        case Padded(), Padded():
            return x.plus(y)
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
    x, y = (single(v) for v in (x, y))  # the number uᵀ v
    if (is_number(x) and isinstance(y, np.ndarray)) or (is_number(y) and isinstance(x, np.ndarray)):
        return x + y
    if is_number(x) and is_number(y):
        return x + y
    raise unfit("a sum")


def negative(x: Value) -> Value:
    """Return -x."""
    return each(x, lambda v: -v)


def each(x: Value, f: Callable[[Any], Any]) -> Value:
    """Apply a linear function of numbers to all of them in a value."""
    match x:
        case Multiple(c, loose):
            return Multiple(f(c), loose)
        case Spread(u, axis):
            return Spread(each(u, f), axis)
        case Ones(u, c):
            return Ones(tuple(map(f, u)), None if c is None else f(c))
        case Padded(u, rows, columns):
            return Padded(entrywise(f, u), rows, columns)
        case Block(rows):
            return Block(tuple(tuple(each(v, f) for v in r) for r in rows))
        case np.ndarray():
            return entrywise(f, x)
    return f(x)


def entrywise(f: Callable[[Any], Any], x: np.ndarray) -> np.ndarray:
    """Apply a function of numbers to each entry of an array."""
    found = np.empty(x.shape, dtype=object)
    for at, v in np.ndenumerate(x):
        found[at] = f(v)
    return found


def scaled_identity(c: Any, n: int) -> np.ndarray:
    """Return c I with n rows."""
    zero = c * 0
    return np.array([[c if i == k else zero for k in range(n)] for i in range(n)], dtype=object)


# --- products -------------------------------------------------------------------------------------------


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


def summed(terms: list[Value]) -> Value:
    """Return a sum, from left to right."""
    return reduce(plus, terms)


def product(factors: list[Value]) -> Value:
    """Return a product in the given order."""
    return reduce(times, factors)


def _with_ones(x: Value, y: Value) -> Value:
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


def broadcast(s: Spread, shape: tuple[int, ...]) -> np.ndarray:
    """Write 𝟏 x or x 𝟏ᵀ in a size."""
    x = s.x if isinstance(s.x, np.ndarray) else np.array([[s.x]], dtype=object)
    if x.shape[s.axis] != 1 or x.shape[1 - s.axis] != shape[1 - s.axis]:
        raise unfit("𝟏")
    return np.broadcast_to(x, shape)


def _of_blocks(x: Value, y: Value) -> Value:
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


# --- sizes ----------------------------------------------------------------------------------------------


def _shape(rows: tuple[tuple[Value, ...], ...]) -> tuple[int, int]:
    return len(rows), len(rows[0])


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
    return next((v.shape[axis] for v in values if isinstance(v, np.ndarray)), 0)


def _filled(x: Value, high: int, wide: int) -> np.ndarray:
    if isinstance(x, np.ndarray) and x.shape == (high, wide):
        return x
    if isinstance(x, Spread) and high and wide:
        return broadcast(x, (high, wide))
    if isinstance(x, Ones | Padded) and high and wide:
        return x.sized((high, wide))
    if isinstance(x, Multiple) and high == wide > 0:
        return scaled_identity(x.c, high)
    if is_zero(x) and high and wide:
        return np.full((high, wide), x, dtype=object)
    raise unfit("a matrix of blocks")


def fitted(x: Value, shape: tuple[int, ...]) -> Value:
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


# --- changes --------------------------------------------------------------------------------------------


def places(like: Value) -> list[tuple[int, ...]]:
    """Return the places of the entries of an array, row by row; of a number there is one."""
    return list(np.ndindex(like.shape)) if isinstance(like, np.ndarray) else [()]


def unit(like: Value, place: tuple[int, ...], one: Any, zero: Any) -> Value:
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
    return np.hstack([fitted(x, (max(sizes), 1)) for x in flat])
