"""Arrays of which a part is known and the rest is 0, in a size that the page does not say: e_k, I_{:,1:k}, e_k e_lᵀ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from symgrad.reading.token import NotUnderstoodError


@dataclass(frozen=True)
class Padded:
    """x, with zeros around it, and c on the diagonal.

    rows, columns: how many zeros lie before x; None where x has all of its rows, or columns. c: None for nothing.
    """

    x: np.ndarray
    rows: int | None
    columns: int | None
    c: Any = None

    @property
    def T(self) -> Padded:  # as NumPy has it
        """The transposed array."""
        return Padded(self.x.T, self.columns, self.rows, self.c)

    def each(self, f: Callable[[Any], Any]) -> Padded:
        """Return it with a linear function of numbers applied to all of them."""
        found = np.empty(self.x.shape, dtype=object)
        for at, v in np.ndenumerate(self.x):
            found[at] = f(v)
        return Padded(found, self.rows, self.columns, None if self.c is None else f(self.c))

    def sized(self, shape: tuple[int, ...]) -> np.ndarray:
        """Write it in a size."""
        high, wide = self.x.shape
        r, c = self.rows or 0, self.columns or 0
        known = (self.rows is not None or high == shape[0]) and (self.columns is not None or wide == shape[1])
        if not known or r + high > shape[0] or c + wide > shape[1] or (self.c is not None and shape[0] != shape[1]):
            raise NotUnderstoodError("a part of an array that does not fit")
        found: np.ndarray = np.full(shape, self.x.flat[0] * 0, dtype=object)
        found[r : r + high, c : c + wide] = self.x
        for k in range(shape[0] if self.c is not None else 0):
            found[k, k] = found[k, k] + self.c
        return found

    def across(self, ranges: list[int | tuple[int, int] | None]) -> Padded | None:
        """Return a part that has the whole of the axis along which the size is not said; None for any other."""
        match self, ranges:
            case Padded(x, int(), None, None), [None, (first, last)] if 1 <= first <= last <= x.shape[1]:
                return Padded(x[:, first - 1 : last], self.rows, None)
            case Padded(x, None, int(), None), [(_, _) as rows, None]:
                turned = self.T.across([None, rows])
                return None if turned is None else turned.T
        return None

    def holding(self, ranges: list[int | tuple[int, int] | None]) -> np.ndarray:
        """Write it in the least size that has these places; what it leaves out is 0."""
        offsets, shape = (self.rows, self.columns), list(self._end)
        for axis, r in enumerate(ranges):
            if offsets[axis] is not None:
                if r is None or self.c is not None:
                    raise NotUnderstoodError("a part of an array whose size the page does not say")
                shape[axis] = max(shape[axis], r if isinstance(r, int) else r[1])
        return self.sized((shape[0], shape[1]))

    def plus_identity(self, c: Any) -> np.ndarray | Padded:
        """Return the sum with c I."""
        if self.rows is None or self.columns is None:
            n = self.x.shape[0 if self.rows is None else 1]
            return replace(self, c=c).sized((n, n))
        return replace(self, c=c if self.c is None else self.c + c)

    def plus(self, other: Padded) -> Padded:
        """Return the sum with another one of the same size."""
        shape = tuple(max(a, b) for a, b in zip(self._end, other._end, strict=True))
        offsets = ((self.rows, other.rows), (self.columns, other.columns))
        rows, columns = (None if None in pair else 0 for pair in offsets)
        plain = replace(self, c=None).sized(shape) + replace(other, c=None).sized(shape)
        c = self.c if other.c is None else other.c if self.c is None else self.c + other.c
        return Padded(plain, rows, columns, c)

    @property
    def _end(self) -> tuple[int, int]:
        high, wide = self.x.shape
        return (self.rows or 0) + high, (self.columns or 0) + wide


def product(x: np.ndarray | Padded, y: np.ndarray | Padded) -> np.ndarray | Padded:
    """Return x y, of which one is padded."""
    for one, other in ((x, y), (y, x)):
        if isinstance(one, Padded) and one.c is not None:
            c, plain = one.c, replace(one, c=None)
            rest = product(plain, other) if one is x else product(other, plain)
            multiple = other.each(lambda v: c * v) if isinstance(other, Padded) else other * c  # noqa: B023
            return _sum(rest, multiple)
    return _of_plain(x, y)


def _sum(x: np.ndarray | Padded, y: np.ndarray | Padded) -> np.ndarray | Padded:
    if isinstance(x, Padded) and isinstance(y, Padded):
        return x.plus(y)
    if isinstance(x, Padded):
        return x.sized(y.shape) + y if isinstance(y, np.ndarray) else x
    return x + y.sized(x.shape) if isinstance(y, Padded) else x + y


def _of_plain(x: np.ndarray | Padded, y: np.ndarray | Padded) -> np.ndarray | Padded:
    a, before, rows = (x.x, x.columns, x.rows) if isinstance(x, Padded) else (x, None, None)
    b, behind, columns = (y.x, y.rows, y.columns) if isinstance(y, Padded) else (y, None, None)
    zero = a.flat[0] * 0
    low, high = max(before or 0, behind or 0), min((before or 0) + a.shape[1], (behind or 0) + b.shape[0])
    inside = (before is None and (behind or 0) + b.shape[0] > a.shape[1]) or (
        behind is None and (before or 0) + a.shape[1] > b.shape[0]
    )
    if inside or (before is None and behind is None and a.shape[1] != b.shape[0]):
        raise NotUnderstoodError("a product with a part of an array that does not fit")
    found: Any = np.full((a.shape[0], b.shape[1]), zero, dtype=object)
    for k in range(low, high):
        found = found + a[:, k - (before or 0)].reshape(-1, 1) * b[k - (behind or 0)].reshape(1, -1)
    return found if rows is None and columns is None else Padded(found, rows, columns)


def unit(k: int, one: Any) -> Padded:
    """Return e_k, counted from 1."""
    return Padded(np.array([[one]], dtype=object), k - 1, None)


def of_identity(ranges: list[tuple[int, int] | None], one: Any) -> Padded | np.ndarray:
    """Return I_{:,a:b}, or I_{a:b,:}: columns of the identity matrix, or rows."""
    match ranges:
        case [None, (first, last)] if last >= first:
            n = last - first + 1
            square = np.array([[one if i == k else one * 0 for k in range(n)] for i in range(n)], dtype=object)
            return Padded(square, first - 1, None)
        case [(_, _) as rows, None]:
            found = of_identity([None, rows], one)
            assert isinstance(found, Padded)
            return found.T
        case [(top, bottom), (first, last)] if bottom >= top and last >= first:
            return np.array(
                [[one if i == k else one * 0 for k in range(first, last + 1)] for i in range(top, bottom + 1)],
                dtype=object,
            )
    raise NotUnderstoodError("a part of the identity matrix")


def part(x: np.ndarray, ranges: list[int | tuple[int, int] | None]) -> Any:
    """Return a part of a column (one place) or of a matrix (two); a row or a column of a matrix is a vector."""
    if len(ranges) != (1 if x.shape[1] == 1 and len(ranges) == 1 else 2):
        raise NotUnderstoodError("a part of an array with other axes")
    cut = []
    for r, n in zip(ranges, x.shape, strict=False):
        first, last = (1, n) if r is None else (r, r) if isinstance(r, int) else r
        if not 1 <= first <= last <= n:
            raise NotUnderstoodError("a part that lies outside of its array")
        cut.append(slice(first - 1, last))
    found = x[tuple(cut)]
    single = [isinstance(r, int) for r in ranges]
    if all(single):
        return found.flat[0]
    return found.reshape(-1, 1) if any(single) else found
