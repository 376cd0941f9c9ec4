"""Number systems whose scalars are Python objects, and whose arrays are object arrays of these."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symgrad.arithmetic.literal import entries, exact
from symgrad.arithmetic.protocol import Arithmetic, Function


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

    def _scalar(self, x: Any) -> Any:
        return self.number(exact(x))
