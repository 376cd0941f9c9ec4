"""Number systems whose scalars are Python objects, and whose arrays are object arrays of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symgrad.arithmetic.literal import entries, exact
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.scalars import Function


def lift(f: Callable[[Any], Any]) -> Function:
    """Return the method x -> f(x), entry by entry; a scalar costs one type check more than f itself."""
    each = np.frompyfunc(f, 1, 1)

    def method(_: Any, x: Any) -> Any:
        return each(x) if type(x) is np.ndarray else f(x)

    return method


def lift_pair(f: Callable[[Any, Any], Any]) -> Function:
    """Return the method (x, y) -> f(x, y), entry by entry; a scalar goes with every entry of an array."""
    each = np.frompyfunc(f, 2, 1)

    def method(_: Any, x: Any, y: Any) -> Any:
        return each(x, y) if type(x) is np.ndarray or type(y) is np.ndarray else f(x, y)

    return method


class ObjectArithmetic(Arithmetic):
    """Conversion of data for the number systems of this kind."""

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Return the user's data as a value of this shape."""
        return np.frompyfunc(self._scalar, 1, 1)(entries(data, shape))

    def neg_log_softmax(self, x: Any) -> Any:
        """Return -ln softmax(x)_i, accurate also for the largest x_i, where it is small."""
        if (p := self._pivot(x)) is None:
            return super().neg_log_softmax(x)
        beside, rest = self._beside(x, p)
        return self.log1p(rest) - beside

    def softmax_error(self, x: Any, y: Any) -> Any:
        """Return p sum_k y_k - y with p = softmax(x) as p_i sum_(k != i) y_k - y_i (1 - p_i), with no 1 - p_i of 0."""
        if (p := self._pivot(x)) is None:
            return super().softmax_error(x, y)
        beside, rest = self._beside(x, p)
        powers, total = self.exp(beside), 1 + rest
        others = total - powers
        others[p] = rest
        return (powers * (self.total(y) - y) - y * others) / total

    def _beside(self, x: Any, p: int) -> tuple[Any, Any]:
        """Return x - x_p, exactly 0 at p, and the sum of its exponentials without the one at p."""
        beside = x - x[p]
        beside[p] = self.number(0)
        powers = np.delete(self.exp(beside), p)
        return beside, powers.sum() if len(powers) else self.number(0)

    def _pivot(self, x: Any) -> int | None:
        """Return where a vector is about largest; None for what cannot be told."""
        if not (isinstance(x, np.ndarray) and x.ndim == 1):
            return None
        try:
            return max(range(len(x)), key=lambda i: self._middle(x[i]))
        except (TypeError, ValueError, OverflowError):
            return None

    def _middle(self, x: Any) -> float:
        return float(x)

    def choose(self, x: Any, if_zero: Function, otherwise: Function, *values: Any) -> Any:
        """Return if_zero(*values) where x is exactly 0, else otherwise(*values), entry by entry."""
        if not any(isinstance(v, np.ndarray) for v in (x, *values)):
            return (if_zero if self._is_zero(x) else otherwise)(*values)
        return np.frompyfunc(lambda x, *v: (if_zero if self._is_zero(x) else otherwise)(*v), 1 + len(values), 1)(
            x, *values
        )

    def _is_zero(self, x: Any) -> bool:
        return bool(x == 0)

    def _scalar(self, x: Any) -> Any:
        return self.number(exact(x))
