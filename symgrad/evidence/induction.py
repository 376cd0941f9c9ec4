"""Proof of a closed form: as a sum over paths at a concrete depth, by induction at a symbolic one.

Claim: ∂S_n/∂Y = P(n) = (∏_{j=m+1}^{n} J_j) E_m, summed over the entries m of Y. The equations are the
same at every step, so it is enough to show
  base: at the three smallest depths the closed form has exactly the terms of the sum over all paths;
  step: J_j has exactly the terms of the sum over the paths of one step, from every state that step
        reads to every state it gives; then P(n+1) = J_{n+1} P(n) + E_{n+1} is the chain rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, symbols
from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.independent import decided, independent
from symgrad.calculus.numeric import placed
from symgrad.calculus.state import step_jacobian
from symgrad.errors import TooLarge
from symgrad.evidence.automaton import same
from symgrad.evidence.draw import family_ends
from symgrad.evidence.evidence import Check
from symgrad.evidence.paths import Graph, Terms, graph, inside_step, path_terms, terms, unrolled
from symgrad.evidence.sizes import MOST_INSTANCES, MOST_WORK, instances, members, sizes
from symgrad.evidence.verdict import Verdict
from symgrad.network.network import Network

Case = tuple[int, dict[str, int]]
"""A depth, and the numbers of all index symbols, the depth's included."""


MOST_MEMBERS = 4
"""Of a family for which the terms are written out."""
DEEPEST = 100
"""The depth from which a concrete one is proved as a case of the symbolic one, where it is one."""


def prove(form: ClosedForm, cases: Iterable[Case]) -> Check:
    """Prove a closed form by comparing terms, factor by factor.

    Terms that differ as written may still be equal as numbers, so a difference leaves the claim UNKNOWN
    here; the comparison in balls decides whether it is refuted.
    """
    symbolic = form.depth is None or any(isinstance(q.index, Index) for q in (form.of, form.wrt))
    used = list(cases)[:3] if symbolic else list(cases)[:1]
    depths = ", ".join(str(depth) for depth, _ in used)
    method = "induction over the depth" if symbolic else "sum over paths"
    if not used:
        return Check(method, Verdict.UNKNOWN, "no depth satisfies the assumptions")
    if form.depth is not None and form.depth > DEEPEST and (proof := _by_symbolic(form)) is not None:
        return proof
    try:
        step = _wrong_grid_step(form) if form.network.grid else _wrong_step(form.network, _ends(form, used[0][1]))
        if symbolic and step:
            return Check(method, Verdict.UNKNOWN, step)
        for depth, at in used:
            for here in _numbers(form, depth, at):
                if wrong := _wrong_case(form, depth, here):
                    return Check(method, Verdict.UNKNOWN, wrong)
    except TooLarge as error:
        return _by_symbolic(form) or Check(method, Verdict.UNKNOWN, error.what)
    detail = (
        f"identities of the linear-map algebra: base at depths {depths}, step for the Jacobian of one step"
        if symbolic
        else f"identity of the linear-map algebra at depth {depths}"
    )
    return Check(method, Verdict.PROVED, detail)


def _wrong_case(form: ClosedForm, depth: int, at: dict[str, int]) -> str:
    """Compare the closed form with the sum over all paths at one depth."""
    of, wrt = placed(form.of, at), placed(form.wrt, at)
    walked = graph(of, unrolled(form.network, wrt, depth, {letter: at[letter] for letter in family_ends(form.network)}))
    m = decided(map_tree.at_index(form.map, at)) if form.network.grid else map_tree.at_index(form.map, at)
    return _wrong(walked, of, {wrt: m}, f"at depth {depth}")


def _numbers(form: ClosedForm, depth: int, at: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield the numbers of all letters at which a closed form is compared at one depth."""
    network = form.network
    if network.grid and form.depth is None:
        letters = {p.symbol for q in (form.of, form.wrt) for p in q.further if isinstance(p, Index)}
        for numbers in product(range(1, depth + 1), repeat=len(letters)):
            here = {**at, **dict(zip(sorted(letters), numbers, strict=True))}
            if all(within(network, q, here) for q in (form.of, form.wrt)):
                yield here
        return
    if not network.compound:
        yield {**at, **_ends(form, at)}
        return
    depths = {network.depth_symbol: depth, **{s: n for s, n in at.items() if s == network.depth_symbol}}
    index = {q.index.symbol for q in (form.of, form.wrt) if isinstance(q.index, Index)}
    fixed = {s: n for s, n in at.items() if s in index} | depths
    found = (
        here
        for ends in sizes(network, frozenset(family_ends(network)))
        for here in members(network, (form.of, form.wrt), {**fixed, **ends})
        if all(a.holds(here) for a in form.assumptions)
    )
    work = 0
    for here in found:
        there = instances(network, here)
        work += 1 + there
        if work > MOST_WORK or there > MOST_INSTANCES:
            raise TooLarge("the letters have too many numbers to compare the terms at")
        yield here


def within(network: Network, q: Quantity, at: Mapping[str, int]) -> bool:
    """Tell whether the letters of a quantity have numbers at which it is there; what has a number has been found."""
    one = placed(q, at)
    asked = zip(q.further, one.further, network.extents(q), strict=False)
    return all(n in s.numbers(at) for p, n, s in asked if symbols((p,)) - {*network.depths} and isinstance(n, int))


def _ends(form: ClosedForm, at: Mapping[str, int]) -> dict[str, int]:
    """Return how many members the families have: as many as there are letters, so that all may be different ones.

    The terms are the same for all members, so that more of them give no other kind of term.
    """
    letters = symbols((*form.of.further, *form.wrt.further)) | form.network.bound_letters
    few = min(MOST_MEMBERS, max(2, len(letters)))
    return {letter: max(few, at.get(letter, 0)) for letter in family_ends(form.network)}


def _wrong_step(network: Network, ends: Mapping[str, int]) -> str:
    """Compare the Jacobian of one step with the sum over the paths inside the step."""
    symbol, jacobian = network.symbol, step_jacobian(network)
    for row, entries in jacobian.items():
        if not row.lag:
            of = Quantity(row.name, Index(symbol))
            forms = {
                Quantity(c.name, Index(symbol, -1 - c.lag)): map_tree.at_index(entries.get(c, M.ZERO), ends)
                for c in jacobian
            }
            if wrong := _wrong(graph(of, inside_step(network, ends)), of, forms, f"of ∂{of}"):
                return wrong
    return ""


def _wrong_grid_step(form: ClosedForm) -> str:
    """Compare the Jacobian of one step of each recurrence with the sum over the paths inside the step."""
    grid = independent(form.network) if form.depth is None else None
    if grid is None:
        return ""
    depth, j = 5, 3
    for r in grid.recurrences.values():
        of, wrt = (grid.at(r.state, p) for p in (j, j + r.lag))
        walked = graph(of, unrolled(form.network, wrt, depth, family_ends(form.network)))
        m = map_tree.at_index(grid.jacobian(r), {grid.letter: j})
        if wrong := _wrong(walked, of, {wrt: m}, f"of ∂{of}"):
            return wrong
    return ""


def _wrong(walked: Graph, of: Quantity, forms: Mapping[Quantity, LinearMap], where: str) -> str:
    """Compare forms with the sums over the paths to their quantities: term by term, or as automata."""
    try:
        found = path_terms(walked, of)
        for q, m in forms.items():
            if wrong := _difference(terms(m), found.get(q, Counter()), f"{where} by {q}"):
                return wrong
    except TooLarge:
        if not same(walked, of, forms):
            return f"{where} the products of the closed form are not those of the paths, as they are written"
    return ""


def _difference(form: Terms, path_sum: Terms, where: str) -> str:
    for term in {**form, **path_sum}:
        if form[term] != path_sum[term]:
            count = f"{form[term]} times in the closed form, and {path_sum[term]} times as a path"
            return f"{where} a product of {sum(map(len, term))} factors occurs {count}"
    return ""


def _by_symbolic(form: ClosedForm) -> Check | None:
    """Prove a concrete depth with too many or too long paths as a case of the symbolic depth."""
    network, of = form.network, form.of
    last = form.depth if of.index is None else of.index
    if not isinstance(last, int) or (of.index is not None and of.name not in network.defined):
        return None
    if of.index is not None:  # what comes after step ``last`` does not matter
        of = Quantity(of.name, Index(network.depth_symbol))
    general = derive(network, of, form.wrt)
    if map_tree.at_index(general.map, {network.depth_symbol: last}) != form.map:
        return None
    first = form.wrt.index if isinstance(form.wrt.index, int) else 1
    cases = [
        (depth, {network.depth_symbol: depth})
        for depth in range(max(1, first), max(1, first) + 4)
        if all(a.holds({network.depth_symbol: depth}) for a in general.assumptions)
    ]
    proof = prove(general, cases)
    if proof.verdict is not Verdict.PROVED:
        return None
    return Check(proof.method, proof.verdict, f"{proof.detail}; then depth {last}")
