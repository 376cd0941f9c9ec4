"""Opaque functions with a vector for a value: ``f: vector``, h[t] = f(x[t], h[t-1], w), of numbers and vectors.

The size of the value is that of what the equation defines. It stands as the last argument, an array of ones, which is
not printed. The derivative by an argument is a matrix that has a name of its own, ∂f/∂h_{t-1}.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from symgrad.algebra.expression import Apply, Argument
from symgrad.algebra.op import Op
from symgrad.algebra.shape import Mismatch, Shape, show
from symgrad.errors import NotDefined, UnboundFunction


@dataclass(frozen=True)
class VectorWitness:
    """A function with no structure of its own, to stand for an opaque one in a check.

    f(x_1, ..., x_n) = sin(u) + u²/5 with u = Σ_i B_i x_i: every entry depends on every entry of every argument, each
    by another slope. ``shift`` makes another function of the family.
    """

    name: str = "a sum of sines and squares"
    shift: int = 0

    def __call__(self, A: Any, *x: Any) -> Any:
        """Return the value."""
        return self.value(A, *x)

    def value(self, A: Any, *x: Any) -> Any:
        """Return f of all arguments but the last, which has the shape of the value."""
        u = self._inner(A, x)
        return A.sin(u) + A.number(Fraction(1, 5)) * u**2

    def jacobian(self, i: int) -> Callable[..., Any]:
        """Return ∂f/∂x_i: a matrix, or a vector for a number x_i."""

        def slope(A: Any, *x: Any) -> Any:
            u = self._inner(A, x)
            outer = A.cos(u) + A.number(Fraction(2, 5)) * u
            if not A.rank(x[i]):
                return outer * self._column(A, i, x[-1])
            rows = A.outer(outer, A.ones_like(x[i]))
            return rows * self._matrix(A, i, x[-1], x[i])

        return slope

    def _inner(self, A: Any, x: tuple[Any, ...]) -> Any:
        *arguments, ones = x
        total = A.number(Fraction(1, 3)) * ones
        for i, v in enumerate(arguments):
            total = total + (A.matmul(self._matrix(A, i, ones, v), v) if A.rank(v) else v * self._column(A, i, ones))
        return total

    def _matrix(self, A: Any, i: int, like: Any, x: Any) -> Any:
        rows, columns = like.shape[0], x.shape[0]
        entries = [[self._entry(i, r, c) for c in range(columns)] for r in range(rows)]
        return A.array(entries, (rows, columns))

    def _column(self, A: Any, i: int, like: Any) -> Any:
        rows = like.shape[0]
        return A.array([self._entry(i, r, 0) for r in range(rows)], (rows,))

    def _entry(self, i: int, r: int, c: int) -> Fraction:
        return Fraction((3 + 5 * i + 7 * r + 4 * c + 2 * r * c + 6 * self.shift) % 11 - 5, 6) + Fraction(1, 9 + r + c)


@cache
def vector_function(name: str, record: VectorWitness | None = None) -> Op:
    """Return the operation (x_1, ..., x_n, ones) -> f(x_1, ..., x_n), a vector of the size of the ones."""

    def jacobian(M: Any, x: tuple[Argument, ...], out: Shape) -> tuple[Any, ...]:
        arguments = tuple(a.e for a in x)
        found = []
        for i, a in enumerate(x[:-1]):
            slope = Apply(vector_slope(name, record, i), arguments)
            found.append(M.matrix(slope) if a.shape else M.column(slope))
        return (*found, M.ZERO)

    def pullback(A: Any, g: Any, _: Any, *x: Any) -> tuple[Any, ...]:
        return (*(_pulled(A, g, record.jacobian(i)(A, *x)) for i in range(len(x) - 1)), None)  # type: ignore[union-attr]

    return Op(
        name,
        shape=lambda *shapes: _of_vectors(name, shapes)[-1],
        value=record.value if record else _unbound(name),
        jacobian=jacobian,
        pullback=pullback if record else _unbound(name),
        kind="vector",
        record=record,
    )


def _pulled(A: Any, g: Any, slope: Any) -> Any:
    return A.matmul(A.transpose(slope), g) if A.rank(slope) == 2 else A.total(slope * g)


@cache
def vector_slope(name: str, record: VectorWitness | None, i: int) -> Op:
    """Return the operation (x_1, ..., x_n, ones) -> ∂f/∂x_i, a matrix, or a vector for a number x_i."""

    def value(A: Any, *x: Any) -> Any:
        return record.jacobian(i)(A, *x)  # type: ignore[union-attr]

    return Op(
        name,
        shape=lambda *shapes: (*shapes[-1], *shapes[i]),
        value=value if record else _unbound(name),
        jacobian=_no_derivative,
        pullback=_no_derivative,
        kind="jacobian",
        place=i,
        record=record,
    )


def _of_vectors(name: str, shapes: tuple[Shape, ...]) -> tuple[Shape, ...]:
    if len(shapes[-1]) > 1:
        raise Mismatch(f"{name} has a vector for a value, not a {show(shapes[-1])}")
    for s in shapes:
        if len(s) > 1:
            raise Mismatch(f"{name} is a function of numbers and vectors, not of a {show(s)}")
    return shapes


def _no_derivative(*_: Any) -> Any:
    raise NotDefined("a second derivative was asked for", todo="only first derivatives are formed")


def _unbound(name: str) -> Callable[..., Any]:
    def value(*_: Any) -> Any:
        raise UnboundFunction(
            f"{name} is an opaque function of vectors: it has no value",
            todo=f"write the equation with what {name} is, in place of {name}(...)",
        )

    return value
