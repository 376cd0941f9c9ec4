"""What a number system offers to the rules: one total table of functions.

A value of shape () is a raw scalar of the number system; a value of another shape is a numpy array of
scalars. Values take the operators + - * / and ** with an int exponent, with each other and with ints.
Rules are written once against this table, and never compare values: a branch is a function (relu, step).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from symgrad.arithmetic.literal import is_minus_infinity
from symgrad.arithmetic.matrices import MatrixFunctions
from symgrad.arithmetic.scalars import Function, ScalarFunctions, is_scalar
from symgrad.errors import NotClosed


class Arithmetic(ScalarFunctions, MatrixFunctions, ABC):
    """A number system. All calls are made inside ``with A.working():``, which sets its precision.

    Its functions of one value are those of ``ScalarFunctions``.
    """

    name: str
    digits: int | None = None
    rigorous: bool = False
    """Is every result the exact one, or an enclosure of it?"""

    @abstractmethod
    def describe(self) -> str:
        """Return the name in words: 'balls of 50 digits'."""

    def working(self) -> AbstractContextManager[None]:
        """Return the context in which the precision is set, and after which it is as before."""
        return nullcontext()

    # --- values ---

    @abstractmethod
    def number(self, q: Fraction | int) -> Any:
        """Return q: exactly, correctly rounded, or enclosed."""

    @abstractmethod
    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the user's data as a value of this shape; raise ValuesError if they are not one.

        A number is an int, a float (its binary value), a Fraction, a Decimal, a string ("1.5" is 3/2), or
        a number of SymPy, mpmath or FLINT; nested lists and arrays of these make vectors and matrices.
        """

    def masked(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the user's data as ``array`` does, where an entry may be -∞ ("-inf"), as in a mask."""
        given = np.array(data, dtype=object)
        left_out = np.frompyfunc(is_minus_infinity, 1, 1)(given).astype(bool)
        found = self.array(np.where(left_out, 0, given), shape)
        found[left_out] = self.minus_infinity
        return found

    @property
    def minus_infinity(self) -> Any:
        """-∞, whose exponential is 0; a rational number it is not."""
        raise NotClosed("-∞ is no number here", todo="use arithmetic='ball' or 'float'")

    @property
    @abstractmethod
    def pi(self) -> Any:
        """The circle's number."""

    # --- functions, entry by entry: those of ScalarFunctions, and powers ---

    @abstractmethod
    def power(self, x: Any, y: Any) -> Any:
        """Return x**y for x > 0, and for all x if y is an int."""

    # --- functions of vectors and matrices ---

    def softmax(self, x: Any) -> Any:
        """Return e^x_i / sum_k e^x_k of a vector (1 for a number)."""
        if self.rank(x) == 0:
            return self.ones_like(x)
        e = self.exp(x)
        return e / self.total(e)

    def logsumexp(self, x: Any) -> Any:
        """Return ln sum_k e^x_k of a vector (x for a number)."""
        return self.log(self.total(self.exp(x))) if self.rank(x) else x

    def neg_log_softmax(self, x: Any) -> Any:
        """Return -ln softmax(x)_i = logsumexp(x) - x_i of a vector (0 for a number)."""
        return self.logsumexp(x) - x

    def softmax_error(self, x: Any, y: Any) -> Any:
        """Return softmax(x) sum_k y_k - y of two vectors: the gradient of sum_i y_i neg_log_softmax(x)_i."""
        return self.total(y) * self.softmax(x) - y

    def largest(self, x: Any) -> Any:
        """Return max_i x_i of a vector (x for a number)."""
        if self.rank(x) == 0:
            return x
        found, *others = x
        for y in others:
            found = found + self.relu(y - found)
        return found

    def at_largest(self, x: Any) -> Any:
        """Return 1 in the place of the first entry of a vector that is its largest, 0 in all others (1 for a number).

        Where two of the largest may be equal, which a kink notes, a ball holds both 0 and 1.
        """
        if self.rank(x) == 0:
            return self.ones_like(x)
        found = self.ones_like(x)
        for i in range(len(x)):
            for k in range(i):
                later = self.step(x[i] - x[k])
                found[i] = found[i] * later
                found[k] = found[k] * (1 - later)
        return found

    def rows(self, f: Function, *x: Any) -> Any:
        """Return f of each row of matrices (and of each entry of vectors beside them), one below the other."""
        found = [f(*row) for row in zip(*x, strict=True)]
        if isinstance(found[0], np.ndarray):
            return np.stack(found)
        return np.array(found, dtype=x[0].dtype)

    def size(self, x: Any) -> int:
        """Return the number of entries (1 for a number)."""
        return prod(np.shape(x)[: self.rank(x)])

    def rank(self, x: Any) -> int:
        """Return 0 for a number, 1 for a vector, 2 for a matrix."""
        return x.ndim if isinstance(x, np.ndarray) else 0

    def matmul(self, x: Any, y: Any) -> Any:
        """Return x y as numpy's ``@`` has it for ranks 1 and 2; of two vectors, a number."""
        return np.matmul(x, y)

    def outer(self, x: Any, y: Any) -> Any:
        """Return the matrix x_i y_j of two vectors."""
        return x[:, np.newaxis] * y

    def outers(self, x: Sequence[Any], y: Sequence[Any]) -> Any:
        """Return the sum over k of the matrices x_ki y_kj, of several pairs of vectors."""
        found = self.outer(x[0], y[0])
        for a, b in zip(x[1:], y[1:], strict=True):
            found = found + self.outer(a, b)
        return found

    def total(self, x: Any) -> Any:
        """Return the sum of all entries, a number."""
        return x.sum() if isinstance(x, np.ndarray) else x

    def transpose(self, x: Any) -> Any:
        """Return the transposed matrix; a vector or a number is returned as it is."""
        return np.swapaxes(x, 0, 1) if self.rank(x) == 2 else x

    def ones_like(self, x: Any) -> Any:
        """Return ones in the shape of x."""
        return self._constant(1, x)

    def zeros_like(self, x: Any) -> Any:
        """Return zeros in the shape of x."""
        return self._constant(0, x)

    def eye(self, n: int) -> Any:
        """Return the n x n identity matrix."""
        one, zero = self.number(1), self.number(0)
        return np.array([[one if i == j else zero for j in range(n)] for i in range(n)], object)

    def _constant(self, q: int, x: Any) -> Any:
        scalar = self.number(q)
        return np.full(x.shape, scalar, object) if isinstance(x, np.ndarray) else scalar


def in_table(name: str) -> bool:
    """Tell whether the table has a function of this name.

    >>> in_table("tanh"), in_table("tahn")
    (True, False)
    """
    return is_scalar(name) or callable(getattr(Arithmetic, name, None))
