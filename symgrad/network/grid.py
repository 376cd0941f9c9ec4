"""What a grid reads and does not define: its parameters, and the boundaries where its recurrences start.

h[l,t] = f(h[l-1,t], h[l,t-1]) starts from h[0,t] and h[l,0]; b[t] = f(b[t+1]) from b[T+1].
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import reads
from symgrad.algebra.index import Index, Position, difference, minus, symbols
from symgrad.algebra.span import Span, holds, reach

if TYPE_CHECKING:
    from symgrad.network.network import Network


def grid_parameters(network: Network) -> tuple[Quantity, ...]:
    """Return the parameters of a grid: W[l] at its letters, of what equations define the boundaries: h[0,t], h[l,0]."""
    found: dict[Quantity, None] = {}
    given = {e.target for e in network.grid}
    defined = {e.target.name for e in network.grid}
    for e in network.grid:
        for q, spans in reads(e.value):
            if q.name not in defined:
                found[network.general(q)] = None
                continue
            own = {s.symbol: s for s in (*network.free(e), *spans)}
            for boundary in _boundaries(network, q, own):
                if boundary not in given:
                    found[boundary] = None
    return tuple(found)


def _boundaries(network: Network, q: Quantity, own: dict[str, Span]) -> list[Quantity]:
    """Return the quantities beyond the ranges of its indices that a read of q meets, each at the letters of others."""
    choices: list[list[Position]] = []
    for p, span in zip(q.further, network.spans(q), strict=True):
        outside = list(_outside(p, span, own))
        choices.append([Index(span.symbol), *outside])
    every = (Quantity(q.name, None, positions) for positions in product(*choices))
    return [x for x in every if any(a != Index(s.symbol) for a, s in zip(x.further, network.spans(x), strict=True))]


def _outside(p: Position, span: Span, own: dict[str, Span]) -> list[Position]:
    """Return the values of an index that lie beyond its range."""
    if isinstance(p, int):
        gap = difference(p, span.lower)
        return [p] if gap is not None and gap < 0 else []
    if not own.keys() & symbols((p,)):  # the end of a range, or near it
        gap = difference(p, span.upper)
        return [p] if gap is not None and gap > 0 else []
    if all(holds(w, own) for w in (minus(p, span.lower), minus(span.upper, p))):
        return []
    first, last = reach(p, own)
    before, behind = difference(span.lower, first), difference(last, span.upper)
    low = [first + n for n in range(before)] if before is not None and before > 0 else []
    high = [span.upper + 1 + n for n in range(behind)] if behind is not None and behind > 0 else []
    return [*low, *high]
