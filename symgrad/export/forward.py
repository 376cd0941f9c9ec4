"""The total derivative of a state by the step before it: ∂h_t/∂w = ∂⁺h_t/∂w + ∂h_t/∂h_{t-1} ∂h_{t-1}/∂w.

It is the closed form with its sum over the steps left unwritten: what step t reads directly, and for each earlier
state that it reads, how it depends on that state, times the derivative of that state.
"""

from __future__ import annotations

from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Apply, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import LinearMap, Named
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.state import step_row
from symgrad.errors import NotDefined
from symgrad.export.derivative import Presentation
from symgrad.export.math import Display
from symgrad.export.naming import Naming


class ForwardPresentation(Presentation):
    """A derivative of a state as one step of the forward recursion, in a notation, a layout and a detail."""

    @cached_property
    def _naming(self) -> Naming:
        naming = Naming(self.closed, self.layout)
        naming.map, naming.steps = by_the_step_before(self.closed), {}
        return naming

    @cached_property
    def _named(self) -> LinearMap:
        return self._naming.map

    def definitions(self) -> list[Display]:
        """Return nothing: the derivative of an earlier state is one of the same kind."""
        return []


def by_the_step_before(closed: ClosedForm) -> LinearMap:
    """Return ∂X/∂y of a state X at step t by y, with the derivatives of earlier states by their names.

    Raises NotDefined where X is no state at a step, or y stands at a step itself.
    """
    network, of, wrt = closed.network, closed.of, closed.wrt
    if of.name not in network.defined or not isinstance(of.index, Index) or wrt.index is not None:
        raise NotDefined(
            f"∂{of}/∂{wrt} is no recursion over steps",
            todo="ask for a state at a symbolic step by a parameter that all steps share, such as --of 's[t]' --wrt W",
        )
    terms: list[LinearMap] = []
    here = {network.symbol: of.index}
    for read, m in step_row(network, of.at(Index(network.symbol))).items():
        placed = map_tree.at_index(map_tree.unnamed(m), here)
        if read == wrt:
            unknown = any(
                isinstance(e, Apply) and e.op.kind.startswith("jacobian") for e in map_tree.expressions(placed)
            )
            terms.insert(0, Named(of, wrt, placed, "equation") if unknown else placed)
        elif read.name in network.defined and isinstance(read.index, Index):
            earlier = read.at(of.index + read.index.offset)
            terms.append(M.compose(placed, Named(earlier, wrt, _of_state(closed, earlier), "total")))
    return M.add(*terms)


def _of_state(closed: ClosedForm, state: Quantity) -> LinearMap:
    return derive(closed.network, state, closed.wrt, closed.depth).map
