"""Activations, whose cotangents go on at once, and what then reads a quantity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import nodes, quantities
from symgrad.algebra.index import Affine, Index, difference
from symgrad.algebra.linear_map import Diagonal, Identity, LinearMap, Scale
from symgrad.calculus.bound import spans_of
from symgrad.calculus.equations.right_side import pulled_back
from symgrad.calculus.equations.writing import Writing
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.meeting import Back
from symgrad.calculus.normal.term import ONE, size
from symgrad.calculus.place import Interval, pieces
from symgrad.network.equation import Equation


def passes_on(w: Writing, e: Equation, kept: set[str]) -> bool:
    """Tell whether a quantity is f(z), entry by entry, of a quantity z that an equation defines."""
    target = e.target
    if target.name in kept or target == w.of or target.name not in w.readers.supports:
        return False
    if len(w.network.by_name[target.name]) > 1:
        return False  # a state that starts from a value of its own
    if any(_is_compound(q) for q in local_jacobian(w.network, e)):
        return False
    if _is_weight(w, target.name):
        return True
    match e.value:
        case Apply(op, (Quantity() as z,)) if z.name in w.network.by_name:
            return op.kind == "function" and (_is_elementwise(w, e, z) or _meets_loss(w, e, z))
    return False


def _is_weight(w: Writing, name: str) -> bool:
    """Tell whether the cotangent of a quantity is a number that is known: C is the sum, or the mean, of it."""
    readers = w.readers.of_name(name)
    plain = (Identity, Scale)
    return len(readers) == 1 and all(
        b.source == w.of and not b.sums and isinstance(b.map, plain) and not list(_read_in(b.map)) for b in readers
    )


def _is_elementwise(w: Writing, e: Equation, z: Quantity) -> bool:
    maps = local_jacobian(w.network, e).values()
    if not all(isinstance(m, Diagonal | Scale) for m in maps):
        return False
    readers = w.readers.of_name(e.target.name)  # G - rowsum(P ⊙ G) is a line of its own
    return all(
        _once(pulled_back(w, b.map, Cotangent(w.of, b.source))) for b in readers if isinstance(b.source, Quantity)
    )


def _meets_loss(w: Writing, e: Equation, z: Quantity) -> bool:
    """Tell whether nothing but a loss reads p = f(z), and ∂C/∂p ∂p/∂z is shorter than ∂C/∂p: p - y."""
    readers = w.readers.of_name(e.target.name)
    if len(readers) != 1 or readers[0].source != w.of or readers[0].sums:
        return False
    row = readers[0].map
    met = M.compose(row, local_jacobian(w.network, e)[z])
    own, both = (pulled_back(w, m, ONE) for m in (row, met))
    return not any(isinstance(x, Partial) for x in nodes(both)) and size(both) <= max(3, size(own))


def readers_of(w: Writing, name: str) -> list[Back]:
    """Return what reads a quantity, activations passed over."""
    if name not in w.by_name:
        found = w.readers.of_name(name)
        w.by_name[name] = [b for back in found for b in _passed_on(w, name, back)]
    return w.by_name[name]


def _passed_on(w: Writing, name: str, back: Back) -> Iterator[Back]:
    """Yield what a reader gives; of an activation, what its own readers give, pulled back at once."""
    source = back.source
    if not isinstance(source, Quantity) or source.name not in w.passed:
        yield back
        return
    own, symbols = w.readers.symbols(name), w.readers.symbols(source.name)
    at = dict(zip(symbols, source.indices, strict=True))
    places = [own.index(p.symbol) if isinstance(p, Index) and p.symbol in own else None for p in source.indices]
    shifts = [p.offset if isinstance(p, Index) else 0 for p in source.indices]
    inner = readers_of(w, source.name)
    summed = {s.symbol: n for n, s in enumerate(back.sums)}
    letters = [summed.get(p.symbol) if isinstance(p, Index) else None for p in source.indices]
    target = [
        back.box[k].moved(shift)
        if k is not None
        else Interval(back.sums[n].lower, back.sums[n].upper).moved(shift)
        if n is not None
        else Interval(p, p)
        for p, k, n, shift in zip(source.indices, places, letters, shifts, strict=True)
    ]
    for cell in product(*(pieces(w, [b.box[d] for b in inner]) for d, w in enumerate(target))):
        here = tuple(b.at(at) for b in inner if all(i.holds(c) for i, c in zip(b.box, cell, strict=True)))
        box, sums = list(back.box), list(back.sums)
        for k, n, shift, c in zip(places, letters, shifts, cell, strict=True):
            if k is not None:
                box[k] &= c.moved(-shift)
            elif n is not None:
                sums[n] = sums[n]._replace(lower=c.lower - shift, upper=c.upper - shift)
        if here:
            nearest = tuple(sorted(here, key=lambda b: distance(b, source)))
            yield replace(back, source=nearest, sums=tuple(sums), box=tuple(box))


def _is_compound(q: Quantity) -> bool:
    """Tell whether a sum of letters numbers what a key stands for, or its sums have conditions."""
    return any(isinstance(p, Affine) for p in q.indices) or any(s.within for s in spans_of(q))


def distance(b: Back, wrt: Quantity) -> int:
    """Return how many steps lie between a quantity and what reads it."""
    pairs = [pair for leaf in b.leaves for pair in zip(leaf.indices, wrt.indices, strict=False)]
    return max([abs(d) for p, q in pairs if (d := difference(p, q)) is not None], default=0)


def _read_in(m: LinearMap) -> Iterator[Quantity]:
    """Yield what the expressions of a map read."""
    for e in map_tree.expressions(m):
        yield from quantities(e)


def _once(e: Expression) -> bool:
    """Tell whether a cotangent stands in e once."""
    return sum(isinstance(x, Cotangent) for x in nodes(e)) <= 1
