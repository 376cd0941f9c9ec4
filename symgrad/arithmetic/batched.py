"""float64 numbers, many models at a time."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.arithmetic.blas import product
from symgrad.arithmetic.floating import Floating
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.errors import ValuesError


class BatchedFloating(Floating):
    """float64 with a trailing batch axis on every value, of size B, or 1 where all items agree.

    A number has shape (B,), a vector (n, B), a matrix (m, n, B). Item by item the results are those of
    Floating, up to the order of summation.

    >>> A = BatchedFloating()
    >>> x = A.array([[1, 2, 3], [10, 20, 30]], (2,))  # three vectors of size 2
    >>> A.total(x), A.rank(x)
    (array([11., 22., 33.]), 1)
    """

    name = "batch"

    def describe(self) -> str:
        """Return the name in words."""
        return "float64, batched"

    def number(self, q: Fraction | int) -> Any:
        """Return q, correctly rounded, for all items."""
        return np.array([super().number(q)])

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return data of this shape (the same for all items), or of this shape and a batch axis."""
        given = np.shape(data if isinstance(data, np.ndarray) else np.array(data, dtype=object))
        if len(given) == len(shape) + 1 and given[:-1] == shape:
            return super().array(data, given)
        return np.asarray(super().array(data, shape))[..., np.newaxis]

    @property
    def pi(self) -> Any:
        """The circle's number, for all items."""
        return np.array([np.pi])

    def rank(self, x: Any) -> int:
        """Return 0 for a number, 1 for a vector, 2 for a matrix."""
        return int(x.ndim) - 1

    def matmul(self, x: Any, y: Any) -> Any:
        """Return x y, item by item; a matrix or a vector that all items share is multiplied at once."""
        match self.rank(x), self.rank(y):
            case 1, 1:
                return (x * y).sum(axis=0)
            case 1, 2:
                return self.matmul(self.transpose(y), x)
            case 2, _ if x.shape[-1] == 1:
                columns = y.reshape(len(y), -1)
                return product(x[..., 0], columns).reshape(len(x), *y.shape[1:])
            case 2, _ if y.shape[-1] == 1:
                return product(y[..., 0].T, x)
            case 2, 1:
                return self.matmul(x, y[:, np.newaxis])[:, 0]
        # not einsum, which does not report an underflow
        return np.moveaxis(product(np.moveaxis(x, -1, 0), np.moveaxis(y, -1, 0)), 0, -1)

    def outers(self, x: Sequence[Any], y: Sequence[Any]) -> Any:
        """Return the sum over k of x_ki y_kj, item by item; at once where all items share the y_k."""
        if any(v.shape[-1] > 1 for v in y) or len({v.shape for v in x}) > 1:
            return Arithmetic.outers(self, x, y)
        (m, items), (n, _) = x[0].shape, y[0].shape
        rows = product(np.array(y)[..., 0].T, np.array(x).reshape(len(x), -1))
        return np.swapaxes(rows.reshape(n, m, items), 0, 1)

    def of_all_items(self, x: Any) -> Any:
        """Return the sum over the items, as a value that all share."""
        return x.sum(axis=-1, keepdims=True) if x.shape[-1] > 1 else x

    def outer_of_all_items(self, x: Any, y: Any) -> Any:
        """Return the sum over the items of x_i y_j of two vectors: a product of two matrices."""
        return product(x, y.T)[..., np.newaxis]

    def inv(self, x: Any) -> Any:
        """Return x⁻¹ of a square matrix, item by item."""
        return np.moveaxis(super().inv(np.moveaxis(x, -1, 0)), 0, -1)

    def expm(self, x: Any) -> Any:
        """Return e^x of a square matrix, item by item."""
        return np.moveaxis(super().expm(np.moveaxis(x, -1, 0)), 0, -1)

    def whole(self, n: Any) -> int:
        """Return a whole number that all items share as an int."""
        if np.unique(n).size != 1:
            raise ValuesError("items of a batch have different exponents", todo="evaluate them one at a time")
        return round(float(n.flat[0]))

    def det(self, x: Any) -> Any:
        """Return the determinant of a square matrix, item by item."""
        return super().det(np.moveaxis(x, -1, 0))

    def logdet(self, x: Any) -> Any:
        """Return ln |det x| of a square matrix, item by item."""
        return super().logdet(np.moveaxis(x, -1, 0))

    def total(self, x: Any) -> Any:
        """Return the sum of all entries, item by item."""
        return x.sum(axis=tuple(range(self.rank(x))))

    def eye(self, n: int) -> Any:
        """Return the n x n identity matrix, for all items."""
        return np.eye(n)[..., np.newaxis]
