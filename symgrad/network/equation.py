"""An equation of a model: a quantity and the expression that gives it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from symgrad.algebra.expression import Expression, Quantity, move, substitute
from symgrad.network.syntax import Line


@dataclass(frozen=True)
class Equation:
    """``target = value``, with the line it was read from."""

    target: Quantity
    value: Expression
    line: Line = field(compare=False, repr=False)

    def at(self, symbol: str, index: int) -> Equation:
        """Return the equation of one layer or step: of z[j] at j = 1 that of z[1]."""
        bindings = {symbol: index}
        return replace(self, target=move(self.target, bindings), value=substitute(self.value, bindings))
