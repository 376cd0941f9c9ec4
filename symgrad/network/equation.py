"""An equation of a model: a quantity and the expression that gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.index import Bindings, Index, Position
from symgrad.algebra.substitution import move, substitute
from symgrad.network.syntax.line import Line


def general(q: Quantity, symbol: str, letters: Mapping[str, tuple[str, ...]]) -> tuple[Quantity, Bindings]:
    """Return a quantity at its general index, a[j] or x[l,i], and what it has in the place of the letters.

    symbol: the index of the recurrence; letters: those of the other indices, by name.
    """
    own = letters.get(q.name, ())
    bindings: dict[str, Position] = dict(zip(own, q.further, strict=False))
    if q.index is not None:
        bindings[symbol] = q.index
    index = None if q.index is None else Index(symbol)
    return Quantity(q.name, index, tuple(map(Index, own)), q.ahead if own else 0), bindings


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
