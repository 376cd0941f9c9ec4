"""Functions of matrices, for every number system: by elimination, where a system has none of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symgrad.errors import NotDefined


class MatrixFunctions:
    """What a number system makes of matrices; an array of rank 1 or 2 holds its scalars.

    A system whose scalars are Python objects eliminates with the pivot of the largest middle; float64 asks LAPACK.
    """

    number: Callable[[int], Any]
    rank: Callable[[Any], int]
    total: Callable[[Any], Any]
    log: Callable[[Any], Any]
    abs: Callable[[Any], Any]
    zeros_like: Callable[[Any], Any]

    def inv(self, x: Any) -> Any:
        """Return x⁻¹ of a square matrix; raise NotDefined where it has none, exactly."""
        n = len(x)
        one, zero = self.number(1), self.number(0)
        wide = np.hstack([x, np.array([[one if i == k else zero for k in range(n)] for i in range(n)], dtype=object)])
        if self._eliminated(wide) is None:
            raise NotDefined("the inverse of a matrix whose determinant is 0", todo="give a matrix that has an inverse")
        for k in reversed(range(n)):
            wide[k] = wide[k] / wide[k, k]
            for i in range(k):
                wide[i] = wide[i] - wide[i, k] * wide[k]
        return wide[:, n:]

    def det(self, x: Any) -> Any:
        """Return the determinant of a square matrix."""
        upper = np.array(x, dtype=object)
        sign = self._eliminated(upper)
        if sign is None:
            return self.number(0)
        found = self.number(sign)
        for k in range(len(upper)):
            found = found * upper[k, k]
        return found

    def logdet(self, x: Any) -> Any:
        """Return ln |det x| of a square matrix."""
        return self.log(self.abs(self.det(x)))

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix."""
        raise NotDefined("the exponential of a matrix in this number system", todo="use arithmetic='ball' or 'float'")

    def whole(self, n: Any) -> int:
        """Return a value that is a whole number as an int."""
        return round(self._middle(n))

    def blocks(self, rows: list[list[Any]]) -> Any:
        """Return a matrix put together from matrices."""
        return np.concatenate([np.concatenate(r, axis=1) for r in rows], axis=0)

    def part(self, x: Any, before: int, count: int, axis: int) -> Any:
        """Return ``count`` rows of an array (axis 0), or columns, behind the first ``before``."""
        return x[before : before + count] if axis == 0 else x[:, before : before + count]

    def joined(self, parts: list[Any], axis: int) -> Any:
        """Return arrays one below the other (axis 0), or side by side; a batch is as large as that of one of them."""
        sizes = {x.shape[self.rank(x) :] for x in parts}
        if len(sizes) > 1:
            most = max(sizes)
            parts = [np.broadcast_to(x, x.shape[: self.rank(x)] + most) for x in parts]
        return np.concatenate(parts, axis=axis)

    def lifted(self, x: Any, axis: int) -> Any:
        """Return an array with one more axis, along which it has one entry; a number is a vector with one entry."""
        kind = float if isinstance(x, float) else object
        return np.expand_dims(x if isinstance(x, np.ndarray) else np.array(x, dtype=kind), axis)

    def padded(self, x: Any, before: int, after: int, axis: int) -> Any:
        """Return an array with rows (axis 0) or columns of zeros before and behind it."""
        one = self.part(x, 0, 1, axis)
        zeros = [self.zeros_like(np.repeat(one, n, axis=axis)) for n in (before, after)]
        return np.concatenate([zeros[0], x, zeros[1]], axis=axis)

    def kron(self, x: Any, y: Any) -> Any:
        """Return the Kronecker product of two matrices."""
        (m, n), (p, q) = x.shape[:2], y.shape[:2]
        found = x[:, np.newaxis, :, np.newaxis] * y[np.newaxis, :, np.newaxis]
        return found.reshape(m * p, n * q, *found.shape[4:])

    def diagonal(self, x: Any) -> Any:
        """Return the square matrix with a vector on its diagonal; of a matrix the vector that stands there."""
        if self.rank(x) == 2:
            return np.array([x[k, k] for k in range(len(x))])
        found = np.full((len(x), *x.shape), self.number(0)) if x.dtype == object else np.zeros((len(x), *x.shape))
        for k in range(len(x)):
            found[k, k] = x[k]
        return found

    def select(self, c: Any, x: Any, y: Any) -> Any:
        """Return x where c is 1, y where it is 0, entry by entry; where c is neither for sure, the hull of both."""
        if not any(isinstance(v, np.ndarray) for v in (c, x, y)):
            return self._selected(c, x, y)
        return np.frompyfunc(self._selected, 3, 1)(c, x, y)

    def _selected(self, c: Any, x: Any, y: Any) -> Any:
        if c == 1:
            return x
        return y if c == 0 else self._hull(x, y)

    def _hull(self, x: Any, y: Any) -> Any:
        """Return what holds x and y: without balls, c was no 0 and no 1."""
        return x * self.number(0) / self.number(0)

    def _middle(self, x: Any) -> float:
        return float(x)

    def _eliminated(self, x: Any) -> int | None:
        """Bring x to upper triangular form, in its place; return the sign of the exchanges, None where det is 0."""
        sign, n = 1, len(x)
        for k in range(n):
            rows = [i for i in range(k, n) if not self._is_zero(x[i, k])]
            if not rows:
                return None
            p = max(rows, key=lambda i: abs(self._middle(x[i, k])))
            if p != k:
                x[[k, p]], sign = x[[p, k]], -sign
            for i in range(k + 1, n):
                x[i] = x[i] - x[i, k] / x[k, k] * x[k]
        return sign

    def _is_zero(self, x: Any) -> bool:
        return bool(x == 0)
