"""A backward equation, ∂C/∂X = Σ ... in cotangents, and all of those of a pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import nodes
from symgrad.algebra.span import Span
from symgrad.calculus.assumption import Assumption, Distinct
from symgrad.calculus.meeting import Back
from symgrad.calculus.normal.term import ONE
from symgrad.network.network import Network


@dataclass(frozen=True)
class Summand:
    """front Σ over the spans of an expression in cotangents, in the shape of what it is the cotangent of."""

    sums: tuple[Span, ...]
    value: Expression
    front: Expression = ONE


@dataclass(frozen=True)
class BackwardEquation:
    """∂of/∂wrt = the sum of the summands, for the indices of wrt in their ranges.

    down: the symbols that go from the last step to the first.
    """

    wrt: Quantity
    readers: tuple[Back, ...]
    summands: tuple[Summand, ...]
    ranges: tuple[Span, ...] = ()
    down: frozenset[str] = frozenset()

    def is_its_name(self, of: Quantity) -> bool:
        """Tell whether it says that ∂C/∂a is ∂C/∂a, the derivative of an open loss, and no more."""
        match self.summands:
            case (Summand((), Partial(number, wrt, _, False), front),):
                return (number, wrt) == (of, self.wrt) and front == ONE
        return False

    @property
    def reads(self) -> Iterator[Quantity]:
        """The quantities whose cotangents stand on the right."""
        for s in self.summands:
            yield from (e.wrt for e in nodes(s.value) if isinstance(e, Cotangent))


@dataclass(frozen=True)
class BackwardPass:
    """The backward equations of the gradients of a number that are asked for, in the order of their computation.

    errors: the equations of the cotangents that are read; gradients: those that are asked for.
    """

    network: Network
    of: Quantity
    depth: int | None
    errors: tuple[BackwardEquation, ...]
    gradients: tuple[BackwardEquation, ...]
    assumptions: tuple[Assumption | Distinct, ...] = ()
    asked: tuple[Quantity, ...] = ()

    @property
    def equations(self) -> tuple[BackwardEquation, ...]:
        """All of them."""
        return (*self.errors, *self.gradients)
