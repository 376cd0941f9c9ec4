"""What reads a quantity: for X_i, the equations that read it, at which of their indices, and for which i.

An equation T_j = f(X_{j-1}, ...) for j = 1, ..., L reads X_i at j = i + 1, for i = 0, ..., L - 1. What has no number
then is summed over: W, which each step reads, has Σ_j.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity, move, substitute
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.place import Box, Interval
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network


@dataclass(frozen=True)
class Back:
    """Σ over the sums of mapᵀ g: what reads X gives this to its cotangent, for the indices of X in the box.

    source: what g is: the cotangent of a quantity, or the sum of what its own readers give.
    """

    map: LinearMap
    source: Quantity | tuple[Back, ...]
    sums: tuple[Span, ...]
    box: Box

    def at(self, bindings: Mapping[str, Position]) -> Back:
        """Return the same with index symbols replaced."""
        sums, inner = [], dict(bindings)
        for span in self.sums:
            moved, within = span.at(inner, lambda: ())
            sums.append(moved)
            inner = dict(within)
        source = self.source
        new = move(source, inner) if isinstance(source, Quantity) else tuple(b.at(inner) for b in source)
        return Back(M.at_index(self.map, inner), new, tuple(sums), self.box)

    @property
    def leaves(self) -> Iterator[Quantity]:
        """The quantities whose cotangents are pulled back."""
        if isinstance(self.source, Quantity):
            yield self.source
        else:
            for b in self.source:
                yield from b.leaves


class Readers:
    """The readers of the quantities of one network, as far as the number ``of`` depends on them."""

    def __init__(self, network: Network, of: Quantity, depth: int | None) -> None:
        self.network, self.of, self.depth = network, of, depth
        self.last: Position = Index(network.depth_symbol) if depth is None else depth
        self.at_depth: dict[str, Position] = {} if depth is None else {network.depth_symbol: depth}
        self.supports = self._supports()

    # --- where things are -----------------------------------------------------------------------------

    def spans(self, e: Equation) -> dict[str, Interval]:
        """Return what the index symbols of an equation run through."""
        symbols = {p.symbol for p in positions(e.target) if isinstance(p, Index)}
        return {s: Interval(1, self.last) for s in symbols if s == self.network.symbol}

    def here(self, e: Equation) -> Equation:
        """Return an equation at the depth; that of a network of one layer at this layer."""
        at: dict[str, Position] = {s: i.lower for s, i in self.spans(e).items() if i.point}
        at |= self.at_depth
        return replace(e, target=move(e.target, at), value=substitute(e.value, at)) if at else e

    def symbols(self, name: str) -> tuple[str, ...]:
        """Return the symbols by which the indices of a quantity are written."""
        return (self.network.symbol,) if self.network.names[name] else ()

    def _live(self, e: Equation, supports: Mapping[str, Box]) -> dict[str, Interval] | None:
        """Return for which of its indices an equation acts on ``of``; None for none."""
        spans = self.spans(e)
        if e.target.name not in supports:
            return None
        for p, support in zip(positions(e.target), supports[e.target.name], strict=True):
            if isinstance(p, Index) and p.symbol in spans:
                spans[p.symbol] &= support.moved(-p.offset)
                if spans[p.symbol].empty:
                    return None
            elif not support.holds(Interval(p, p)):
                return None
        return spans

    def _supports(self) -> dict[str, Box]:
        """Return for each name at which indices ``of`` may depend on it; what grows without end grows to its end."""
        equations = self.network.equations
        found: dict[str, Box] = {self.of.name: tuple(Interval(p, p) for p in positions(self.of))}
        for turn in range(4 * len(equations) + 8):
            before = dict(found)
            for e in reversed(equations):
                spans = self._live(e, found)
                if spans is None:
                    continue
                for q in local_jacobian(self.network, e):
                    q = move(q, self.at_depth)
                    box = tuple(_read(p, spans) for p in positions(q))
                    known = found.get(q.name)
                    grown = box if known is None else tuple(a | b for a, b in zip(known, box, strict=True))
                    if turn > len(equations) + 2 and grown != known:
                        whole = tuple(_read(p, self.spans(e)) for p in positions(q))
                        grown = tuple(_grown(a, b, w) for a, b, w in zip(known or grown, grown, whole, strict=True))
                    found[q.name] = grown
            if found == before:
                return found
        raise NotDefined(f"where {self.of} depends on its network is not found", todo="give the depth as a number")

    # --- who reads X ----------------------------------------------------------------------------------

    def of_name(self, name: str) -> list[Back]:
        """Return what reads a quantity, its indices written by its symbols."""
        found: list[Back] = []
        for e in self.network.equations:
            spans = self._live(e, self.supports)
            if spans is None:
                continue
            for read, m in local_jacobian(self.network, e).items():
                if read.name == name:
                    found.append(self._met(e.target, move(read, self.at_depth), M.at_index(m, self.at_depth), spans))
        return found

    def _met(self, target: Quantity, read: Quantity, m: LinearMap, spans: dict[str, Interval]) -> Back:
        """Return what an equation that reads X[j-1] gives to X[l]: j is l + 1, and what is left is summed over."""
        bound: dict[str, Position] = {}
        box: list[Interval] = []
        own = self.symbols(read.name)
        for p, symbol in zip(positions(read), own, strict=True):
            if isinstance(p, Index) and p.symbol in spans and p.symbol not in bound:
                bound[p.symbol] = Index(symbol, -p.offset)
                box.append(spans[p.symbol].moved(p.offset))
            elif isinstance(p, Index) and p.symbol in bound:
                raise NotDefined(f"{read} has one index twice", todo="give the two indices letters of their own")
            else:
                box.append(Interval(p, p))
        sums = []
        for symbol, span in spans.items():
            if symbol in bound:
                continue
            if span.point:
                bound[symbol] = span.lower
                continue
            letter = symbol
            if symbol in own:
                letter = next(s for s in ("k", "m", "i", "r", "p") if s not in {*own, *spans, *self.network.names})
                bound[symbol] = Index(letter)
            sums.append(Span(letter, span.lower, span.upper))
        return Back(M.at_index(m, bound), move(target, bound), tuple(sums), tuple(box))


def _read(p: Position, spans: Mapping[str, Interval]) -> Interval:
    """Return where a quantity is read whose index is p."""
    if isinstance(p, Index) and p.symbol in spans:
        return spans[p.symbol].moved(p.offset)
    return Interval(p, p)


def _grown(known: Interval, grown: Interval, whole: Interval) -> Interval:
    """Let the ends that have moved go to their ends at once."""
    lower = known.lower if known.lower == grown.lower else whole.lower
    upper = known.upper if known.upper == grown.upper else whole.upper
    return Interval(lower, upper) | grown


def positions(q: Quantity) -> tuple[Position, ...]:
    """Return the indices of a quantity."""
    return () if q.index is None else (q.index,)
