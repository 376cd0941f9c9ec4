"""A scalar function with no structure of its own, to stand for an opaque cost in a check.

F(x_1, ..., x_n) = Σ_i Σ_e sin(c_i + x_ie) + x_ie²/3: every entry of every argument matters, each by
another slope, and no two arguments may be exchanged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Witness:
    """The function F of any number of arguments; ``shift`` makes another function of the family."""

    name: str = "a sum of sines and squares"
    shift: int = 0

    def value(self, A: Any, *x: Any) -> Any:
        """Return F in the arithmetic A."""
        terms = [A.total(A.sin(v + self._c(i)) + A.number(Fraction(1, 3)) * v**2) for i, v in enumerate(x)]
        return sum(terms[1:], terms[0])

    def partial(self, i: int) -> Callable[..., Any]:
        """Return ∂F/∂x_i."""
        return lambda A, *x: A.cos(x[i] + self._c(i)) + A.number(Fraction(2, 3)) * x[i]

    def _c(self, i: int) -> int:
        return 1 + self.shift + 2 * i
