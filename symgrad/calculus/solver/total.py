"""The total derivative: the paths to Y itself, and those through opening equations that read Y.

∂X/∂Y = R (∏_{j=m+1}^{σ} J_j) E_m,      R = ∂X/∂S_σ,   E_m = ∂⁺S_m/∂Y.
"""

from __future__ import annotations

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position, fresh, symbols
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.bound import collapse, under
from symgrad.calculus.jacobian import through
from symgrad.calculus.solver.assembly import shared, term
from symgrad.calculus.solver.entries import entries_of
from symgrad.calculus.solver.exits import exits_of
from symgrad.calculus.solver.question import Question
from symgrad.network.graph import general


def total(asked: Question) -> LinearMap:
    """Add the paths to Y itself and those through opening equations that read Y."""
    _keep_apart_from_fixed_reads(asked)
    terms = [_by(asked, asked.wrt)]
    for target in _openings_that_read(asked, asked.wrt):
        before = list(asked.assumptions)
        target = asked.of if general(target) == general(asked.of) else target
        by = _by(asked, target)
        if by == ZERO:
            asked.assumptions = before
            continue
        row = through(asked.network, asked.network.openings, {target: IDENTITY}, asked.wrt)
        spans = _letters(asked, target) if target != asked.of else []
        for key, inner in row.items():
            read, m = key, M.compose(by, inner)
            for span in reversed(spans):
                read, m = under(span, read, m)
            terms.append(collapse(read, m, asked.wrt, asked))
    _keep_apart_from_openings(asked)
    if asked.of == asked.wrt:
        return IDENTITY
    return M.add(*terms)


def _by(asked: Question, y: Quantity) -> LinearMap:
    """Return ∂X/∂y with the openings held fixed."""
    if asked.of == y:
        return IDENTITY
    exits, direct = exits_of(asked, y)
    terms = [term(asked, x, e) for x in exits for e in entries_of(asked, y)]
    return M.add(*terms, *(shared(asked, x, y) for x in exits), direct)


def _keep_apart_from_fixed_reads(asked: Question) -> None:
    """Assume that Y = w[k] comes after the w[1] that an equation reads."""
    y = asked.wrt
    if isinstance(y.index, Index):
        equations = asked.network.steps if asked.is_step_quantity(y) else asked.network.equations
        for q in (q for e in equations for q in quantities(e.value)):
            if q.name == y.name and isinstance(q.index, int):
                asked.assumptions.append(Assumption(y.index, q.index + 1))


def _keep_apart_from_openings(asked: Question) -> None:
    """Assume that Y = s[k] comes after the s[0] that an opening reads, where X depends on the opening."""
    name, index = asked.wrt.name, asked.wrt.index
    if not isinstance(index, Index) or name not in asked.network.defined:
        return
    before = list(asked.assumptions)
    numbers = [
        q.index
        for opening, reads in asked.network.opening_reads.items()
        for q in reads
        if q.name == name and isinstance(q.index, int) and _by(asked, opening) != ZERO
    ]
    asked.assumptions = [*before, *(Assumption(index, n + 1) for n in numbers)]


def _openings_that_read(asked: Question, y: Quantity) -> list[Quantity]:
    """Return what the openings define from y, itself or through others, in their order."""
    found = {general(y): y}
    for e in asked.network.openings:  # each after those it reads
        if any(general(q) in found for q in quantities(e.value)):
            found[general(e.target)] = _apart(asked, e.target)
    return list(found.values())[1:]


def _letters(asked: Question, target: Quantity) -> list[Span]:
    """Return the ranges of the letters that a member of a family stands at."""
    pairs = zip(target.further, asked.network.spans(target), strict=True)
    return [span._replace(symbol=p.symbol) for p, span in pairs if isinstance(p, Index)]


def _apart(asked: Question, target: Quantity) -> Quantity:
    """Return a member of a family under letters that neither X nor Y has."""
    used = symbols((*asked.of.indices, *asked.wrt.indices))
    renames: dict[str, Position] = {}
    for p in target.further:
        if isinstance(p, Index) and p.symbol in used:
            renames[p.symbol] = Index(fresh(p.symbol, used.union(asked.network.ranges, asked.network.bound_letters)))
    return move(target, renames)
