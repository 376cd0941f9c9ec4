"""What reads a quantity: for X_i, the equations that read it, at which of their indices, and for which i.

An equation T_j = f(X_{j-1}, ...) for j = 1, ..., L reads X_i at j = i + 1, for i = 0, ..., L - 1. What has no number
then is summed over: W, which each step reads, has Σ_j. Of a sum, C = Σ_t ℓ(s_t), the term reads s_i at t = i.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Affine, Index, Position
from symgrad.algebra.linear_map import Compose, IndexedSum, LinearMap, Sum
from symgrad.algebra.span import Span, reach
from symgrad.algebra.substitution import move, substitute
from symgrad.calculus.bound import one, spans_of
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.meeting import Back, Meeting, put, span_at
from symgrad.calculus.place import Box, Interval
from symgrad.errors import NotDefined
from symgrad.network.equation import Equation
from symgrad.network.network import Network


class Readers:
    """The readers of the quantities of one network, as far as the number ``of`` depends on them."""

    def __init__(self, network: Network, of: Quantity, depth: int | None) -> None:
        self.network, self.of, self.depth = network, of, depth
        ends = network.depths if network.grid else (network.depth_symbol,)
        self.at_depth: dict[str, Position] = {} if depth is None else dict.fromkeys(ends, depth)
        self.supports = self._supports()

    # --- where things are -----------------------------------------------------------------------------

    def spans(self, e: Equation) -> dict[str, Interval]:
        """Return what the index symbols of an equation run through."""
        return {s.symbol: self.interval(s) for s in self.network.free(e)}

    def interval(self, s: Span) -> Interval:
        """Return what a span runs through at the depth."""
        lower, upper = (self._end(p) for p in (s.lower, s.upper))
        return Interval(lower, upper)

    def _end(self, p: Position) -> Position:
        return put(p, self.at_depth)

    def range_of(self, q: Quantity) -> Box | None:
        """Return for which indices an equation defines a quantity that is written by its symbols; None for none."""
        for e in self.network.by_name.get(q.name, ()):
            spans = self.spans(e)
            if all(
                isinstance(p, Index) == isinstance(r, Index) for p, r in zip(e.target.indices, q.indices, strict=True)
            ):
                return tuple(self.read_at(p, spans, e.target) for p in e.target.indices)
        return None

    def here(self, e: Equation) -> Equation:
        """Return an equation at the depth; that of a network of one layer at this layer."""
        at: dict[str, Position] = {s: i.lower for s, i in self.spans(e).items() if i.point}
        at |= self.at_depth
        return replace(e, target=move(e.target, at), value=substitute(e.value, at)) if at else e

    def general(self, q: Quantity) -> Quantity:
        """Return a quantity with the letters of its name in the place of its symbols: x[l,i] for x[l,k]."""
        known = self.network.general(self.network.example(q.name))
        pairs = list(zip(known.indices, q.indices, strict=True))
        return _with_indices(known, tuple(p if isinstance(r, Index) else r for p, r in pairs))

    def symbols(self, name: str) -> tuple[str, ...]:
        """Return the symbols by which the indices of a quantity are written."""
        known = self.network.general(self.network.example(name))
        return tuple(p.symbol if isinstance(p, Index) else f"'{n}" for n, p in enumerate(known.indices))

    def _live(self, e: Equation, supports: Mapping[str, Box]) -> dict[str, Interval] | None:
        """Return for which of its indices an equation acts on ``of``; None for none."""
        spans = self.spans(e)
        if e.target.name not in supports:
            return None
        for p, support in zip(e.target.indices, supports[e.target.name], strict=True):
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
        found: dict[str, Box] = {self.of.name: tuple(Interval(p, p) for p in self.of.indices)}
        for turn in range(4 * len(equations) + 8):
            before = dict(found)
            for e in reversed(equations):
                spans = self._live(e, found)
                if spans is None:
                    continue
                for key in local_jacobian(self.network, e):
                    q = move(one(key), self.at_depth)
                    box = tuple(self.read_at(p, spans, key) for p in q.indices)
                    known = found.get(q.name)
                    grown = box if known is None else tuple(a | b for a, b in zip(known, box, strict=True))
                    if turn > len(equations) + 2 and grown != known:
                        whole = tuple(self.read_at(p, self.spans(e), key) for p in q.indices)
                        grown = tuple(_grown(a, b, w) for a, b, w in zip(known or grown, grown, whole, strict=True))
                    found[q.name] = grown
            if found == before:
                return found
        raise NotDefined(f"where {self.of} depends on its network is not found", todo="give the depth as a number")

    def read_at(self, p: Position, spans: Mapping[str, Interval], key: Quantity) -> Interval:
        """Return where a quantity is read whose index is p."""
        if isinstance(p, Affine):
            letters = {s: Span(s, i.lower, i.upper) for s, i in spans.items()}
            return Interval(*reach(p, {**letters, **{s.symbol: span_at(s, self.at_depth) for s in spans_of(key)}}))
        within = dict(spans)
        for s in spans_of(key):
            lower, upper = (_reached(self._end(e), within, n) for n, e in enumerate((s.lower, s.upper)))
            within[s.symbol] = Interval(lower, upper)
        if isinstance(p, Index) and p.symbol in within:
            return within[p.symbol].moved(p.offset)
        return Interval(p, p)

    # --- who reads X ----------------------------------------------------------------------------------

    def of_name(self, name: str) -> list[Back]:
        """Return what reads a quantity, its indices written by its symbols."""
        found = [Meeting(self, e, key, m, dict(spans)).back() for e, key, m, spans in self._reads.get(name, ())]
        return [Back(m, b.source, (*b.sums, *spans), b.box) for b in found for spans, m in _terms(b.map)]

    @cached_property
    def _reads(self) -> dict[str, list[tuple[Equation, Quantity, LinearMap, dict[str, Interval]]]]:
        """By the name of what is read: the equation, how it reads it, by which map, and for which of its indices."""
        found: dict[str, list[tuple[Equation, Quantity, LinearMap, dict[str, Interval]]]] = {}
        for e in self.network.equations:
            spans = self._live(e, self.supports)
            for key, m in local_jacobian(self.network, e).items() if spans is not None else ():
                if m != M.ZERO and spans is not None:
                    found.setdefault(key.name, []).append((e, key, m, spans))
        return found


def _terms(m: LinearMap) -> list[tuple[tuple[Span, ...], LinearMap]]:
    """Return a map with sums over an index as its terms, each with the sums that it stands under."""
    if not any(isinstance(x, IndexedSum) for x in map_tree.parts(m)):
        return [((), m)]
    match m:
        case IndexedSum():
            return [((m.range, *spans), x) for spans, x in _terms(m.body)]
        case Sum(maps):
            return [t for x in maps for t in _terms(x)]
        case Compose(maps):
            found: list[tuple[tuple[Span, ...], LinearMap]] = [((), M.IDENTITY)]
            for x in maps:
                found = [((*s, *r), M.compose(y, z)) for s, y in found for r, z in _terms(x)]
            return found
    return [((), m)]


def _reached(p: Position, within: Mapping[str, Interval], upper: int) -> Position:
    """Return the first, or the last, that an end is which depends on a letter."""
    if isinstance(p, Index) and p.symbol in within:
        return within[p.symbol][upper] + p.offset
    if isinstance(p, Affine):
        return reach(p, {s: Span(s, i.lower, i.upper) for s, i in within.items()})[upper]
    return p


def _with_indices(known: Quantity, indices: tuple[Position, ...]) -> Quantity:
    if known.index is None:
        return Quantity(known.name, None, indices)
    n = known.ahead
    return Quantity(known.name, indices[n], indices[:n] + indices[n + 1 :], n)


def _grown(known: Interval, grown: Interval, whole: Interval) -> Interval:
    """Let the ends that have moved go to their ends at once."""
    lower = known.lower if known.lower == grown.lower else whole.lower
    upper = known.upper if known.upper == grown.upper else whole.upper
    return Interval(lower, upper) | grown
