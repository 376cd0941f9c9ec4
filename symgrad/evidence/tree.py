"""How large SymPy expressions are, before anything is done with them that may take minutes.

An expression is a graph whose nodes are shared; as a tree, which is what SymPy's functions walk through, it may be
exponentially larger. The sizes of the tree are computed on the graph, each node once.
"""

from __future__ import annotations

from math import comb
from typing import Any, NamedTuple

ENOUGH = 10**9
"""Where counting stops."""


class Extent(NamedTuple):
    """The nodes of a tree, the nodes inside each other, and a bound of the terms that it has when it is expanded."""

    nodes: int
    depth: int
    terms: int


def extent(e: Any, known: dict[int, tuple[Any, Extent]] | None = None) -> Extent:
    """Return the extent of a SymPy expression; ``known`` has those of expressions that were measured before.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> extent((x + y)**3 * (x - y)).terms
    8
    """
    known = {} if known is None else known
    pending = [e]
    while pending:
        x = pending[-1]
        if id(x) in known:
            pending.pop()
            continue
        unknown = [a for a in x.args if id(a) not in known]
        if unknown:
            pending += unknown
            continue
        known[id(x)] = (x, _put_together(x, [known[id(a)][1] for a in x.args]))  # x is kept, and so is its id
        pending.pop()
    return known[id(e)][1]


def _put_together(x: Any, parts: list[Extent]) -> Extent:
    nodes = min(ENOUGH, 1 + sum(p.nodes for p in parts))
    depth = 1 + max((p.depth for p in parts), default=0)
    terms = 1
    if x.is_Add:
        terms = sum(p.terms for p in parts)
    elif x.is_Mul:
        for p in parts:
            terms = min(ENOUGH, terms * p.terms)
    elif x.is_Pow and x.exp.is_Integer and parts[0].terms > 1:
        n = abs(int(x.exp))
        terms = comb(n + parts[0].terms - 1, n) if n < 1_000 and parts[0].terms < 1_000 else ENOUGH
    inside = max((p.terms for p in parts), default=1)
    return Extent(nodes, depth, min(ENOUGH, max(terms, inside if not x.is_Add else terms)))
