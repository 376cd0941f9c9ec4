"""Products with e_k, the columns of the identity matrix: u ⊙ e_k is u_k e_k, and uᵀ e_k is u_k."""

from __future__ import annotations

from fractions import Fraction

from symgrad.algebra.dimension import Size, plus
from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.calculus.normal.term import Term
from symgrad.calculus.output import definition
from symgrad.calculus.parts import is_unit, selected
from symgrad.calculus.rank import rank
from symgrad.network.network import Network
from symgrad.ops.part import ENTRY, ROWS, concat, placed, slice_of


def picked(network: Network, t: Term) -> Term:
    """Return u ⊙ e_k as u_k e_k."""
    units = [f for f, n in t.factors.items() if n == 1 and is_unit(f)] if t.axes == 1 else []
    if not units:
        return t
    from symgrad.calculus.entries import entry

    [_, at] = units[0].arguments  # type: ignore[attr-defined]  # it is a part of the identity
    found = Term(t.number, {f: n for f, n in t.factors.items() if not rank(network, f) or f == units[0]}, 1)
    for f, n in t.factors.items():
        if rank(network, f) and f != units[0]:
            found = found * Term(Fraction(1), {entry(network, f, placed(at)): n})
    return found


def inner_with_unit(network: Network, u: Expression, v: Expression) -> Expression | None:
    """Return uᵀ e_k, or e_kᵀ u, as an entry; None where neither vector is e_k."""
    ranks = rank(network, u), rank(network, v)
    met = selected(u, v, ranks) if ranks == (1, 1) else None
    return None if met is None else pushed(network, met)


def pushed(network: Network, e: Expression) -> Expression:
    """Return an entry of an expression as one of entries of what it is made of: (u ⊙ v)_k is u_k v_k."""
    from symgrad.calculus.entries import entry

    match e:
        case Apply(op, (x, at)) if op == ENTRY:
            return entry(network, x, placed(at))
        case Apply(op, (Quantity() as q, first, count)) if op == slice_of(ROWS):
            return _joined(network, q, placed(first), placed(count)) or e
    return e


def _joined(network: Network, q: Quantity, first: Size, count: Size) -> Expression | None:
    """Return the vector that is this part of q, where q is several put together; None where it is none of them."""
    value = definition(network, q)
    if not isinstance(value, Apply) or value.op != concat(ROWS) or rank(network, q) != 1:
        return None
    before: Size = 0
    for x in value.arguments:
        [n] = network.shape_of(x) or (1,)
        if plus(before, 1) == first and n == count and rank(network, x) == 1:
            return x
        before = plus(before, n)
    return None
