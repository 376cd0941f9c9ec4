"""The product of the steps between an entry and an exit, R (∏_{j=m+1}^{σ} J_j) E_m, and the names of its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, difference
from symgrad.algebra.linear_map import Identity, LinearMap, Named, Zero
from symgrad.algebra.map_algebra import ZERO
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.solver.entries import Entry, column_at
from symgrad.calculus.solver.exits import Exit
from symgrad.calculus.solver.question import Question, Vector
from symgrad.calculus.state import Component


def term(asked: Question, exit_: Exit, entry: Entry) -> LinearMap:
    """Return what y does to X from an entry to an exit: zero where the exit comes before."""
    if exit_.spans:
        return _summed_term(asked, exit_, entry)
    if not asked.precedes(entry.position, exit_.position):
        return ZERO
    return assemble(asked, exit_, entry)


def _summed_term(asked: Question, exit_: Exit, entry: Entry) -> LinearMap:
    """Return Σ_t R_t (∏_{j=m+1}^{t} J_j) E_m over the t from m on."""
    *outer, span = exit_.spans
    assert isinstance(exit_.position, Index)  # the letter that the sum binds
    first = entry.position - exit_.position.offset
    later = difference(first, span.lower)
    early = isinstance(first, int)
    if later is None:  # a number comes before a letter: Σ_{t>k} ∂ℓ_t/∂s_0
        larger, smaller = (span.lower, first) if early else (first, span.lower)
        asked.assumptions.append(Assumption(larger, smaller))
    if difference(span.upper, first) is None and (later is None or later > 0):
        asked.assumptions.append(Assumption(span.upper, first))
    span = span._replace(lower=span.lower if (early if later is None else later < 0) else first)
    term = M.summed(span, assemble(asked, exit_, entry))
    for s in reversed(outer):
        term = M.summed(s, term)
    return term


def assemble(asked: Question, exit_: Exit, entry: Entry) -> LinearMap:
    """Return R (∏_{j=m+1}^{σ} J_j) E_m, over the components that lie on a path from E to R."""
    row, column, start = _named_row(asked, exit_), _named_column(asked, entry), entry.position
    if difference(exit_.position, start) == 0:
        return M.dot(row, column)
    kept = _between(asked, exit_.row, entry.column)
    if not kept:
        return ZERO
    step = M.block([[_named_entry(asked, p, q) for q in kept] for p in kept])
    body = map_tree.at_index(step, {asked.network.symbol: Index(asked.product_symbol)})
    steps = map_tree.product(asked.product_symbol, start + 1, exit_.position, body)
    left = M.block([[row.get(p, ZERO) for p in kept]])
    right = M.block([[column.get(q, ZERO)] for q in kept])
    return M.compose(left, steps, right)


def _name(asked: Question, of: Quantity, wrt: Quantity, m: LinearMap, scope: str) -> LinearMap:
    """Return m under its name."""
    inner = m.map if isinstance(m, Named) and (m.of, m.wrt) == (of, wrt) else m
    return m if isinstance(m, Identity | Zero) else Named(of, wrt, inner, scope)


def _named_row(asked: Question, exit_: Exit) -> dict[Component, LinearMap]:
    if exit_.shared or exit_.spans:
        return dict(exit_.row)  # X acts through another exit too: this part of it has no name of its own
    scope = "step" if len(exit_.row) > 1 else "total"
    return {c: _name(asked, asked.of, c.at(exit_.position), m, scope) for c, m in exit_.row.items()}


def _named_column(asked: Question, entry: Entry) -> dict[Component, LinearMap]:
    scope = "step" if entry.shared else "total"
    return {c: _name(asked, c.at(entry.position), entry.of, m, scope) for c, m in entry.column.items()}


def _named_entry(asked: Question, p: Component, q: Component) -> LinearMap:
    j, m = Index(asked.network.symbol), asked.jacobian[p].get(q, ZERO)
    if q.name in asked.network.fixed:
        return m  # at some j the step also reads q at a number: ∂p_j/∂q_{j-1} would be more than m
    return _name(asked, p.at(j), q.at(j - 1), m, "step" if len(asked.jacobian) > 1 else "total")


def _between(asked: Question, row: Vector, column: Vector) -> list[Component]:
    forward = _reach(column, lambda c: [p for p in asked.jacobian if c in asked.jacobian[p]])
    backward = _reach(row, lambda c: list(asked.jacobian.get(c, {})))
    return [c for c in asked.jacobian if c in forward and c in backward]


def shared(asked: Question, exit_: Exit, y: Quantity) -> LinearMap:
    """Return the sum over the steps of what a quantity does that every step reads."""
    if isinstance(exit_.position, int) and exit_.position < 1:
        return ZERO
    k = Index(asked.sum_symbol)
    column = {c: Named(Quantity(c.name, k), y, m) for c, m in column_at(asked, k, y).items()}
    if isinstance(y.index, Index) or not column:
        return ZERO
    if not isinstance(exit_.position, int) and not exit_.spans:
        asked.assumptions.append(Assumption(exit_.position, 1))
    entry = Entry(y, k, column, shared=True)
    total = M.indexed_sum(asked.sum_symbol, 1, exit_.position, assemble(asked, exit_, entry))
    for span in reversed(exit_.spans):
        total = M.summed(span, total)
    return total


def _reach(start: Vector, neighbours: Callable[[Component], Iterable[Component]]) -> set[Component]:
    found: set[Component] = set()
    pending = list(start)
    while pending:
        c = pending.pop()
        if c not in found:
            found.add(c)
            pending += neighbours(c)
    return found
