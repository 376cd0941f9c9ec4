"""The value of a gradient that an author prints, which is laid out and abbreviated in more ways than a page of ours."""

from __future__ import annotations

from symgrad.audit.network.authors import DELTA, GRADIENT
from symgrad.reading.page.array import products as V
from symgrad.reading.page.array.entries import by_entries
from symgrad.reading.page.array.kinds import Value, entrywise, is_array, is_number
from symgrad.reading.page.value import At, Evaluation, Key
from symgrad.reading.tree import Name, Node, Partial

COLUMNS = "columns"
"""Jacobians in numerator layout, but the derivatives of a number as columns."""


class AuthorsEvaluation(Evaluation):
    """Evaluates formulas of authors, who write the square of a vector for that of its entries, and ∇ for a column."""

    layered: frozenset[str] = frozenset()
    """Names with a layer, of which there are as many as ``depth`` says."""
    depth: int = 0
    parameters: frozenset[str] = frozenset()
    immediate: bool = False
    """Whether derivatives by a parameter hold the layers before constant."""

    def _partial(self, partial: Partial, at: At) -> Value:
        if self.immediate and self._is_by_parameter(partial):
            partial = Partial(partial.of, partial.wrt, True)
        if self.layout != COLUMNS:
            return super()._partial(partial, at)
        self.layout = "numerator"
        try:
            found = super()._partial(partial, at)
        finally:
            self.layout = COLUMNS
        return V.transposed(found) if is_array(found) and self._is_of_number(partial, at) else found

    def _is_by_parameter(self, partial: Partial) -> bool:
        meaning = self.given.lexicon.find(partial.wrt)
        return meaning is not None and meaning.name in self.parameters

    def _is_of_number(self, partial: Partial, at: At) -> bool:
        return not is_array(self.given.quantity(*self.quantity_of(partial.of, at)))

    def _apply(self, name: str, arguments: tuple[Node, ...], at: At) -> Value:
        if name == DELTA:
            return self.value(arguments[0], at)
        if name == GRADIENT and isinstance(partial := arguments[0], Partial):
            found = self.given.derivative(self.quantity_of(partial.of, at), self._last(partial.wrt, at), False)
            return V.transposed(found)
        if name == "⊙":
            left, right = (self.value(a, at) for a in arguments)
            return V.times(left, right) if is_number(left) or is_number(right) else by_entries(name, left, right)
        return super()._apply(name, arguments, at)

    def _last(self, wrt: Name, at: At) -> Key:
        """Return the quantity of ∇_a C: a name without its index is of the last layer."""
        if wrt == Name(wrt.base) and wrt.base in self.layered:
            return wrt.base, self.depth
        return self.quantity_of(wrt, at)

    def _raised(self, x: Value, exponent: Node, at: At) -> Value:
        n = self.exact(exponent, at)
        if n is not None and n > 0 and n.denominator == 1 and is_array(x) and x.shape[1] == 1 < x.shape[0]:
            return entrywise(lambda v: v ** int(n), x)
        return super()._raised(x, exponent, at)
