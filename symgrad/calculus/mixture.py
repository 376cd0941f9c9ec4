"""Mixtures: of y = Σ_i p_i e_i, with the shares p of a softmax, the derivative through p is Σ_i p_i (e_i - y) g_iᵀ.

Σ_i e_i p_i (g_i - Σ_j p_j g_j)ᵀ is a covariance; with the mean y by its name its terms are centred once.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import MUL, Apply, Expression, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index
from symgrad.algebra.index_sum import IndexSum, index_sum
from symgrad.algebra.linear_map import Column, Compose, IndexedSum, LinearMap, Matrix, Named, Scale, Sum
from symgrad.algebra.substitution import plain_letters
from symgrad.network.network import Network

Printed = Callable[[LinearMap], LinearMap]
"""Returns the printed form of a map."""


def with_mean(network: Network, m: LinearMap, opened: Printed) -> LinearMap:
    """Return a map in which the mean of a mixture stands by its name; opened: the printed form of a map."""
    terms = m.maps if isinstance(m, Sum) else (m,)
    found = [_centred(network, x, opened) for x in terms]
    if all(x is None for x in found):
        return m
    return M.add(*[_experts(network, x) if y is None else y for x, y in zip(terms, found, strict=True)])


def _centred(network: Network, m: LinearMap, opened: Printed) -> LinearMap | None:
    """Return Σ_i p_i (e_i - y) g_iᵀ for Σ_i e_i ∂p_i/∂x, None where it is none."""
    match m:
        case IndexedSum(body=Compose((*left, Column(e), Named(p, _, share)))) if not m.without:
            y = _mean(network, m, p, e)
            row = _row(m, p, opened(share))
            before = M.compose(*left)
            if y is not None and row is not None and m.symbol not in map_tree.free_symbols(before):
                return M.compose(before, M.summed(m.range, M.compose(Scale(p), Column(e - y), row)))
    return None


def _mean(network: Network, m: IndexedSum, p: Quantity, e: Expression) -> Quantity | None:
    """Return the quantity that is Σ_i p_i e_i."""
    wanted = [plain_letters(index_sum(m.range, Apply(MUL, pair))) for pair in ((p, e), (e, p))]
    for equation in network.equations:
        if isinstance(equation.value, IndexSum) and plain_letters(equation.value) in wanted:
            return equation.target
    return None


def _row(m: IndexedSum, p: Quantity, share: LinearMap) -> LinearMap | None:
    """Return g_iᵀ where the derivative of a share is p_i (g_i - Σ_j p_j g_j)ᵀ."""
    match share:
        case Compose((Scale(front), Sum((row, mean)))) if front == p:
            number, rest = M.number_apart(mean)
            if number != Fraction(-1) or not isinstance(rest, IndexedSum) or rest.without:
                return None
            same = map_tree.at_index(M.compose(Scale(p), row), {m.symbol: Index(rest.symbol)})
            return row if rest.body == same and (rest.lower, rest.upper) == (m.lower, m.upper) else None
    return None


def _experts(network: Network, m: LinearMap) -> LinearMap:
    """Return a map with ∂e_i/∂x for the derivative of an opaque function that an equation defines e_i by."""

    def name(x: LinearMap) -> LinearMap | None:
        match x:
            case Matrix(Apply(op, arguments)) if op.kind == "jacobian" and op.place is not None:
                wrt, others = arguments[op.place], [a for i, a in enumerate(arguments[:-1]) if i != op.place]
                read = {q for a in others for q in quantities(a)}
                if not isinstance(wrt, Quantity) or any(q.name in network.defined or q == wrt for q in read):
                    return None
                for equation in network.equations:
                    match equation.value:
                        case Apply(f, given) if f.kind == "vector" and f.name == op.name and given == arguments:
                            return Named(equation.target, wrt, x, "total")
        return None

    return map_tree.replaced(m, name)
