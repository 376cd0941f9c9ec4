"""Quantities in the place of what their equations say: K⁻¹ y is α where the author wrote α = inv(K)@y."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Expression, Quantity
from symgrad.algebra.expression_tree import nodes, replaced
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_tree import rewrite
from symgrad.network.network import Network
from symgrad.ops.matrix import MATRIX
from symgrad.ops.power import EXPM, POWERS

NAMED = frozenset((*MATRIX.values(), *POWERS.values()))
"""The operations that a quantity stands for."""


def abbreviated(network: Network, m: LinearMap, of: Quantity) -> LinearMap:
    """Return m with a quantity where the value of its equation stands, if a function of matrices is part of it.

    Other values stay as the rules write them: slopes by outputs are names already. of: what is derived, which is
    written out, but for e^A, whose derivative A e^A has it as a factor.
    """
    known: dict[Expression, Expression] = {
        e.value: e.target
        for e in (*network.openings, *network.closings)
        if _of_matrices(e.value) and (e.target != of or (isinstance(e.value, Apply) and e.value.op == EXPM))
    }
    return rewrite(m, lambda e: replaced(e, known.get)) if known else m


def _of_matrices(e: Expression) -> bool:
    return any(isinstance(x, Apply) and x.op in NAMED for x in nodes(e))
