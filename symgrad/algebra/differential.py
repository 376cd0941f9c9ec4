"""Names of derivatives in expressions: a partial derivative ∂C/∂a_L, a change dX, a cotangent ∂E/∂X."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.tree import remembered_hash


@dataclass(frozen=True, slots=True)
class Partial(Expression):
    """A partial derivative that is printed by its name, ∂of/∂wrt, and evaluated by its value."""

    of: Quantity
    wrt: Quantity
    value: Expression
    immediate: bool = False
    """Whether wrt also acts on another way, so that this is not the total derivative: ∂⁺of/∂wrt."""

    __hash__ = remembered_hash


@dataclass(frozen=True, slots=True)
class Change(Expression):
    """dx, a change of x: what a linear map is applied to."""

    of: Quantity


@dataclass(frozen=True, slots=True)
class Cotangent(Expression):
    """∂of/∂wrt of a number, an array of the shape of wrt, as backward equations define it: by its name alone."""

    of: Quantity
    wrt: Quantity
