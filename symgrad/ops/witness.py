"""A scalar function with no structure of its own, to stand for an opaque cost in a check.

F(x_1, ..., x_n) = S + S²/7 with S = Σ_i Σ_e sin(c_i + x_ie) + x_ie²/3: every entry of every argument matters, each by
another slope; no two arguments may be exchanged, and the slope by one depends on the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True)
class Witness:
    """The function F of any number of arguments; ``shift`` makes another function of the family."""

    name: str = "a square of a sum of sines and squares"
    shift: int = 0

    def value(self, A: Any, *x: Any) -> Any:
        """Return F in the arithmetic A."""
        total = self._total(A, x)
        return total + A.number(Fraction(1, 7)) * total**2

    def partial(self, i: int) -> Callable[..., Any]:
        """Return ∂F/∂x_i."""

        def slope(A: Any, *x: Any) -> Any:
            outer = A.number(1) + A.number(Fraction(2, 7)) * self._total(A, x)
            return outer * (A.cos(x[i] + self._c(i)) + A.number(Fraction(2, 3)) * x[i])

        return slope

    def second(self, i: int, j: int) -> Callable[..., Any]:
        """Return ∂²F/∂x_i∂x_j: F'' s_i s_jᵀ, and on the diagonal of i = j the slope of s_i, where s_i = ∂S/∂x_i."""

        def slope(A: Any, *x: Any) -> Any:
            a, b = (A.cos(x[k] + self._c(k)) + A.number(Fraction(2, 3)) * x[k] for k in (i, j))
            both = A.outer(a, b) if A.rank(x[i]) and A.rank(x[j]) else a * b
            found = A.number(Fraction(2, 7)) * both
            if i != j:
                return found
            outer = A.number(1) + A.number(Fraction(2, 7)) * self._total(A, x)
            own = outer * (A.number(Fraction(2, 3)) - A.sin(x[i] + self._c(i)))
            return found + (A.diagonal(own) if A.rank(x[i]) else own)

        return slope

    def along(self, i: int) -> Callable[..., Any]:
        """Return the derivative of ∂F/∂x_i along a direction, (x_1, ..., x_n, ẋ_1, ..., ẋ_n); a 0 does not change."""

        def slope(A: Any, *given: Any) -> Any:
            x, change = given[: len(given) // 2], given[len(given) // 2 :]
            slopes = [A.cos(v + self._c(k)) + A.number(Fraction(2, 3)) * v for k, v in enumerate(x)]
            moved = [A.total(s * d) if A.rank(s) else s * d for s, d in zip(slopes, change, strict=True)]
            outer = A.number(1) + A.number(Fraction(2, 7)) * self._total(A, x)
            own = outer * (A.number(Fraction(2, 3)) - A.sin(x[i] + self._c(i))) * change[i]
            return A.number(Fraction(2, 7)) * sum(moved[1:], moved[0]) * slopes[i] + own

        return slope

    def _total(self, A: Any, x: tuple[Any, ...]) -> Any:
        """Return S."""
        terms = [A.total(A.sin(v + self._c(i)) + A.number(Fraction(1, 3)) * v**2) for i, v in enumerate(x)]
        return sum(terms[1:], terms[0])

    def _c(self, i: int) -> int:
        return 1 + self.shift + 2 * i
