"""The arithmetic of the values of printed mathematics, on which the rules of records run."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import acb, arb, arb_series

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.scalars import ScalarFunctions
from symgrad.errors import ValuesError

Value = Any


class PrintedNumbers(ScalarFunctions):
    """Balls, complex balls and series; ``functions`` are those of printed mathematics, by name.

    At a kink a ball gives the hull, and a series nothing: there is no slope. At a jump there is no value.
    """

    name = "printed"
    rigorous = True

    def __init__(self, functions: dict[str, Callable[[Value], Value]]) -> None:
        for name in ("exp", "sqrt", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "erfc"):
            setattr(self, name, functions[name])
        self.log = functions["ln"]

    def describe(self) -> str:
        """Return the name in words."""
        return "balls and series"

    def number(self, q: Fraction | int) -> arb:
        """Return a ball that holds q."""
        return ball(q)

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Arrays are not taken."""
        raise ValuesError("a value of printed mathematics is one number", todo="give a number")

    @property
    def pi(self) -> arb:
        """The circle's number."""
        return arb.pi()

    def expm1(self, x: Value) -> Value:
        """Return e^x - 1."""
        return self.exp(x) - 1

    def log1p(self, x: Value) -> Value:
        """Return ln(1 + x)."""
        return self.log(1 + x)

    def power(self, x: Value, y: Value) -> Value:
        """Return x**y."""
        return x**y if isinstance(y, int) else self.exp(y * self.log(x))

    def relu(self, x: Value) -> Value:
        """Return max(x, 0)."""
        return x.max(arb(0)) if isinstance(x, arb) else self._by_side(x, x * 0, x)

    def negative_part(self, x: Value) -> Value:
        """Return min(x, 0)."""
        return x.min(arb(0)) if isinstance(x, arb) else self._by_side(x, x, x * 0)

    def abs(self, x: Value) -> Value:
        """Return |x|."""
        return abs(x) if isinstance(x, arb) else self._by_side(x, -x, x)

    def sign(self, x: Value) -> Value:
        """Return the sign; nothing at 0."""
        return self._by_side(x, x * 0 - 1, x * 0 + 1)

    def step(self, x: Value) -> Value:
        """Return 0 or 1; nothing at 0."""
        return self._by_side(x, x * 0, x * 0 + 1)

    def ones_like(self, x: Value) -> Value:
        """Return 1."""
        return x * 0 + 1

    def zeros_like(self, x: Value) -> Value:
        """Return 0."""
        return x * 0

    @staticmethod
    def _by_side(x: Value, left: Value, right: Value) -> Value:
        if isinstance(x, acb):
            return acb("nan")
        at = x[0] if isinstance(x, arb_series) else x
        if at > 0:
            return right
        return left if at < 0 else x * arb.nan()
