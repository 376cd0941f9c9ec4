"""A primitive operation is one record: all its rules side by side.

The rules are written once and read by many interpreters. ``value`` takes an arithmetic A (float64, exact,
balls, SymPy, ...); ``jacobian`` takes the algebra M of linear maps; so neither needs to know which it gets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from symgrad.algebra.shape import Shape


@dataclass(frozen=True)
class Op:
    """y = op(x_1, ..., x_n).

    shape: the shape of y from the shapes of the x_i; raises Mismatch.
    value(A, *x): y in the arithmetic A.
    jacobian(M, x, shapes, out): one linear map dx_i -> dy for each argument, as data of the algebra M.
    pullback(A, g, y, *x): for each argument the transposed Jacobian applied to the cotangent g, as
        numbers. It is written without the linear maps, so that reverse accumulation can check them. For
        an argument that was broadcast it has the shape of y: reverse accumulation adds the entries.
    linear: does the pull-back read neither y nor the x_i? They are None then. Else y is given where
        ``reads_output``, and None where not.
    """

    name: str
    shape: Callable[..., Shape] = field(compare=False, repr=False)
    value: Callable[..., Any] = field(compare=False, repr=False)
    jacobian: Callable[..., tuple[Any, ...]] = field(compare=False, repr=False)
    pullback: Callable[..., tuple[Any, ...]] = field(compare=False, repr=False)
    arity: int | None = field(default=None, compare=False)
    kind: str = "operator"
    place: int | None = None
    """Which argument, from 0, a "partial" derivative or a "jacobian" is by."""
    second: int | None = None
    """Which argument a "second partial" derivative is by after that."""
    linear: bool = field(default=False, compare=False, repr=False)
    reads_output: bool = field(default=False, compare=False, repr=False)
    text: str = field(default="", compare=False, repr=False)
    latex: str = field(default="", compare=False, repr=False)
    """How the name prints, where it does not as the equations write it."""
    record: Any = field(default=None)
    """What a function is bound to (an Elementwise, a Loss), or None: an operator, or an opaque function."""

    def on(self, A: Any) -> Callable[..., Any]:
        """Return the value as a function of x_1, ..., x_n alone, in the arithmetic A."""
        return _bound(self.value, A)

    def pullback_on(self, A: Any) -> Callable[..., tuple[Any, ...]]:
        """Return the pull-back as a function of g, y, x_1, ..., x_n alone, in the arithmetic A."""
        return _bound(self.pullback, A)


def _bound(rule: Callable[..., Any], A: Any) -> Callable[..., Any]:
    return rule.on(A) if isinstance(rule, Rule) else partial(rule, A)


class Rule:
    """A rule that is bound to its arithmetic once, not at each call: ``on(A)`` takes the other arguments alone."""

    def __init__(self, on: Callable[[Any], Callable[..., Any]]) -> None:
        self.on = on

    def __call__(self, A: Any, *x: Any) -> Any:
        """Apply the rule in the arithmetic A."""
        return self.on(A)(*x)
