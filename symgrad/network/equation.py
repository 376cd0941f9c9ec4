"""An equation of a model: a quantity and the expression that gives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from symgrad.algebra.expression import Expression, Quantity
from symgrad.network.syntax import Line


@dataclass(frozen=True)
class Equation:
    """``target = value``, with the line it was read from."""

    target: Quantity
    value: Expression
    line: Line = field(compare=False, repr=False)
