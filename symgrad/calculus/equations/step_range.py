"""The equations of one quantity: one for each part of its range in which other equations read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import product

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Affine, Index, Position, minus
from symgrad.algebra.span import Span, holds
from symgrad.algebra.substitution import move
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.equations.activation import distance, readers_of
from symgrad.calculus.equations.backward_equation import BackwardEquation, Summand
from symgrad.calculus.equations.right_side import right_side
from symgrad.calculus.equations.writing import Writing
from symgrad.calculus.limits import cleaned
from symgrad.calculus.meeting import Back
from symgrad.calculus.normal.term import ONE
from symgrad.calculus.place import Box, Interval, before, pieces
from symgrad.errors import NotDefined


def equations_of(w: Writing, q: Quantity) -> Iterator[BackwardEquation]:
    """Yield the equations of ∂of/∂q, one for each part of the range in which other equations read q."""
    symbols = w.readers.symbols(q.name)
    points = [(d, p) for d, (p, s) in enumerate(zip(q.indices, symbols, strict=True)) if p != Index(s)]
    every = readers_of(w, q.name)
    backs = [b for b in every if all(b.box[d].holds(Interval(p, p)) for d, p in points)] if len(symbols) > 1 else every
    if not every and q.name not in w.network.by_name:
        raise NotDefined(f"{w.of} does not change with {q}, which is only compared", todo=f"leave {q} out")
    whole = _whole(w, q, symbols, backs)
    _assume(w, whole, backs)
    cells = product(*(pieces(w, [b.box[d] for b in backs]) for d, w in enumerate(whole)))
    down = [_goes_down(w, s, q, backs) for s in symbols]
    for cell in sorted(_from_the_end(list(cells), down), key=lambda c: [0 if i.point else 1 for i in c]):
        here = [b for b in backs if all(i.holds(c) for i, c in zip(b.box, cell, strict=True))]
        yield _equation(w, q, symbols, cell, here)


def _whole(w: Writing, q: Quantity, symbols: tuple[str, ...], backs: list[Back]) -> Box:
    """Return the range of the indices of q: that of the steps, or where it is read."""
    read = list(zip(*(b.box for b in backs), strict=True))
    defined = w.readers.range_of(q)
    whole = []
    for d, (p, symbol) in enumerate(zip(q.indices, symbols, strict=True)):
        if p != Index(symbol):
            whole.append(Interval(p, p))
            continue
        support = w.readers.supports[q.name][d]
        if defined is not None:
            whole.append(defined[d] & support)
        else:
            hull = read[d][0]
            for i in read[d]:
                hull |= i
            whole.append(hull)
    return tuple(whole)


def _equation(w: Writing, q: Quantity, symbols: tuple[str, ...], cell: Box, here: list[Back]) -> BackwardEquation:
    at: dict[str, Position] = {s: i.lower for s, i in zip(symbols, cell, strict=True) if i.point}
    ranges = tuple(Span(s, i.lower, i.upper) for s, i in zip(symbols, cell, strict=True) if not i.point)
    wrt = move(q, at)
    if wrt == w.of:
        return BackwardEquation(wrt, (), (Summand((), ONE),), ranges)
    letters = {s.symbol: s for s in ranges}
    moved = [b.at(at) for b in here]
    moved = [_single(replace(b, sums=tuple(cleaned(b.sums, letters)))) for b in moved]
    backs = tuple(sorted(moved, key=lambda b: (distance(b, wrt), b.map != M.IDENTITY)))
    down = frozenset(s.symbol for s in ranges if _goes_down(w, s.symbol, wrt, backs))
    return BackwardEquation(wrt, backs, right_side(w, backs, frozenset(letters)), ranges, down)


def _goes_down(w: Writing, symbol: str, wrt: Quantity, backs: Collection[Back]) -> bool:
    """Tell whether the equations of what the steps define go from the last step to the first."""
    if wrt.name not in w.network.by_name:
        return False
    own = _shifts(symbol, ((wrt, leaf) for b in backs for leaf in b.leaves))
    if own:
        return max(own) > 0
    starts = [s.lower for b in backs for s in b.sums]  # δ_l = Σ_{j>l} ... δ_j
    if any(isinstance(p, Index) and p.symbol == symbol and p.offset > 0 for p in starts):
        return True
    if any(_ahead(symbol, wrt, leaf, b.sums) for b in backs for leaf in b.leaves if leaf.name == wrt.name):
        return True
    pairs = ((q, e.target) for e in w.network.equations for q in quantities(e.value))
    every = _shifts(symbol, pairs)
    return bool(every) and max(every) > 0


def _assume(w: Writing, whole: Box, backs: list[Back]) -> None:
    """Note that a step at a number comes before the last ones, where the equations need it."""
    for d, own in enumerate(whole):
        boxes = [b.box[d] for b in backs]
        if own.point:
            for i in boxes:
                _at_least(w, i.lower, own.lower + 1)
                if isinstance(i.lower, int) and not before(own.lower, i.lower):
                    _at_least(w, i.upper, own.lower)
            continue
        cuts = [p for i in (own, *boxes) for p in (i.lower, i.upper + 1)]
        for cut in {p for p in cuts if isinstance(p, int) and p > 1}:
            for p in cuts:
                _at_least(w, p, cut)


def _at_least(w: Writing, end: Position, n: Position) -> None:
    """Assume end ≥ n, where that says more of the depth than that it is 1 or more."""
    falls = isinstance(end, Affine) and all(c < 0 for _, c in end.terms)  # 2 - K comes before any number
    if not isinstance(end, int) and not falls and isinstance(n, int) and not holds(minus(end, n), {}):
        w.assumptions.append(Assumption(end, n))


def _single(b: Back) -> Back:
    """Return a reader with the one term of a sum in its place."""
    for s in b.sums:
        if s.lower == s.upper and not s.within and not s.without:
            return _single(replace(b, sums=tuple(x for x in b.sums if x is not s)).at({s.symbol: s.lower}))
    return b


def _shifts(symbol: str, pairs: Iterable[tuple[Quantity, Quantity]]) -> set[int]:
    """Return by how much the later of two quantities stands ahead, along the index with this symbol."""
    found = set()
    for q, later in pairs:
        for p, r in zip(q.indices, later.indices, strict=False):
            if isinstance(p, Index) and isinstance(r, Index) and p.symbol == r.symbol == symbol:
                found.add(r.offset - p.offset)
    return found - {0}


def _ahead(symbol: str, wrt: Quantity, later: Quantity, sums: tuple[Span, ...]) -> bool:
    """Tell whether the later quantity stands ahead for all values of the letters of sums: x[t+k], k = 1, ..., K."""
    n = next((n for n, p in enumerate(wrt.indices) if p == Index(symbol)), None)
    if n is None or not isinstance(later.indices[n], Affine):
        return False
    return holds(minus(later.indices[n], wrt.indices[n]) - 1, {s.symbol: s for s in sums})


def _from_the_end(cells: list[Box], down: list[bool]) -> list[Box]:
    """Return the parts of a range, the last ones first along each index that goes down."""
    for d in reversed(range(len(down))):
        if down[d]:
            values = list(dict.fromkeys(c[d] for c in cells))
            cells = sorted(cells, key=lambda c, d=d, values=values: -values.index(c[d]))  # type: ignore[misc]
    return cells
