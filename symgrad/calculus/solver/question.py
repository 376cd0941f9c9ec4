"""One derivative that is asked for: the network, X and Y, and the assumptions that the answer needs."""

from __future__ import annotations

from collections.abc import Mapping

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position, difference, fresh, symbols
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span
from symgrad.calculus.assumption import Assumption, Distinct
from symgrad.calculus.letters import letters_in_sums
from symgrad.calculus.state import Component, step_jacobian
from symgrad.network.network import Network

Vector = Mapping[Component, LinearMap]
"""A block row or a block column over the state, by its entries that are not zero."""


class Question:
    """One derivative: the network, X and Y, and the assumptions that were needed on the way."""

    def __init__(self, network: Network, of: Quantity, wrt: Quantity, depth: int | None) -> None:
        self.network, self.of, self.wrt, self.depth = network, of, wrt, depth
        self.assumptions: list[Assumption | Distinct] = []
        self.jacobian = step_jacobian(network)
        used = {q.index.symbol for q in (of, wrt) if isinstance(q.index, Index)} | {network.depth_symbol}
        used |= set(network.names)  # ∑_{k=1}^{L} of what reads a parameter k would say something else
        used |= symbols((*of.further, *wrt.further)).union(network.ranges, network.bound_letters)
        self.product_symbol = fresh(network.symbol, used)
        self.sum_symbol = fresh("k", used | {self.product_symbol})

    def precedes(self, m: Position, sigma: Position) -> bool:
        """Decide m ≤ σ; where that is not known it is assumed, and the assumption kept."""
        gap = difference(sigma, m)
        if gap is not None:
            return gap >= 0
        if isinstance(sigma, int) and sigma <= 0:
            self.assumptions.append(Assumption(m, 1))
            return False
        self.assumptions.append(Assumption(sigma, m))
        return True

    def meets(self, p: Position, q: Position) -> bool:
        """Decide p = q for two positions of one quantity; where that is not known, p > q is assumed."""
        gap = difference(p, q)
        if gap is None and Assumption(q, p + 1) not in self.assumptions:
            self.assumptions.append(Assumption(p, q + 1))
        return gap == 0

    def same(self, p: Position, r: Position, family: bool) -> bool:
        """Decide whether an index is that of y; of two members of a family it is assumed that they differ."""
        if p == r or not family:
            return p == r or self.meets(p, r)
        if difference(p, r) is None:
            self.assumptions.append(Distinct(p, r))
        return False

    def assume(self, larger: Position, smaller: Position) -> None:
        """Keep an assumption."""
        self.assumptions.append(Assumption(larger, smaller))

    def distinct(self, p: Position, r: Position) -> None:
        """Keep the assumption that two members of a family are not the same."""
        self.assumptions.append(Distinct(p, r))

    def whole(self, q: Quantity) -> tuple[Span, ...]:
        """Return the ranges of all indices of q: a sum over the whole of one leaves no member out."""
        spans = list(self.network.spans(q))
        if q.index is not None:
            spans.insert(q.ahead, Span("", self.network.first_index(q.name), 0))
        return tuple(spans)

    def known(self) -> Mapping[str, Span]:
        """Return what the letters of members run through that X and Y have."""
        pairs = [pair for q in (self.of, self.wrt) for pair in zip(q.further, self.network.extents(q), strict=True)]
        found = {p.symbol: s._replace(symbol=p.symbol) for p, s in pairs if isinstance(p, Index) and not p.offset}
        return {**letters_in_sums(self.network, self.of, self.wrt), **found}

    def is_step_quantity(self, q: Quantity) -> bool:
        """Tell whether q stands at a step, or at the boundary that the recurrence starts from."""
        return q.name in self.network.defined
