"""The functions of one value that a number system has, and what follows from them; of an array, entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]
"""An entry of the table: a method of one value that acts on each entry of an array."""


class ScalarFunctions:
    """The table of functions; those with a definition here follow from the others.

    They hold wherever the exponent is unbounded: no exp overflows, and 1 / (1 + exp(-x)) keeps its relative accuracy
    in both tails. float64 has its own.
    """

    exp: Function
    expm1: Function
    log: Function
    log1p: Function
    sqrt: Function
    sin: Function
    cos: Function
    tan: Function
    atan: Function
    sinh: Function
    cosh: Function
    tanh: Function
    erf: Function
    erfc: Function
    abs: Function
    sign: Function
    """-1, 0 or 1."""
    relu: Function
    """max(x, 0)."""
    negative_part: Function
    """min(x, 0)."""
    step: Function
    """1 for x > 0, 0 for x <= 0; a ball that holds 0 gives the hull [0, 1]."""

    def minimum(self, x: Any, y: Any) -> Any:
        """Return min(x, y), y perhaps an int; accurate beside 0 too, where a number system rounds and has its own."""
        return self.negative_part(x - y) + y

    def maximum(self, x: Any, y: Any) -> Any:
        """Return max(x, y), y perhaps an int."""
        return -self.minimum(-x, -y)

    def logistic(self, x: Any) -> Any:
        """Return 1 / (1 + e^-x), accurate in both tails."""
        return 1 / (1 + self.exp(-x))

    def softplus(self, x: Any) -> Any:
        """Return ln(1 + e^x), accurate in both tails."""
        return self.log1p(self.exp(x))

    def stopped(self, x: Any) -> Any:
        """Return x as a constant: a number system that differentiates takes its derivative for 0."""
        return x

    def choose(self, x: Any, if_zero: Function, otherwise: Function, *values: Any) -> Any:
        """Return if_zero(*values) where x is exactly 0, else otherwise(*values), entry by entry.

        For factors that vanish whatever the other factor is, as 0 ln a in a cross-entropy; both are the same function.
        """
        return otherwise(*values)


def is_scalar(name: str) -> bool:
    """Tell whether the table of one value has a function of this name.

    >>> is_scalar("tanh"), is_scalar("softplus"), is_scalar("matmul")
    (True, True, False)
    """
    return name in ScalarFunctions.__annotations__ or callable(getattr(ScalarFunctions, name, None))
