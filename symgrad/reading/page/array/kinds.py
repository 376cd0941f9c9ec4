"""Values of formulas on a page: numbers, matrices (a vector is a column), multiples of I, ones, matrices of blocks.

I, 𝟏, 𝟏 𝟏ᵀ and 0 are printed without a size; they get one from what they are added to or stand beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symgrad.reading.page.padded import Padded
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


def sole_entry(x: Value) -> Value:
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
        case Padded():
            return x.each(f)
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
