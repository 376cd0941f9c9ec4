"""Proof of a closed form: as a sum over paths at a concrete depth, by induction at a symbolic one.

Claim: ∂S_n/∂Y = P(n) = (∏_{j=m+1}^{n} J_j) E_m, summed over the entries m of Y. The equations are the
same at every step, so it is enough to show
  base: at the three smallest depths the closed form has exactly the terms of the sum over all paths;
  step: J_j has exactly the terms of the sum over the paths of one step, from every state that step
        reads to every state it gives; then P(n+1) = J_{n+1} P(n) + E_{n+1} is the chain rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Quantity, move
from symgrad.algebra.index import Index
from symgrad.calculus.closed_form import ClosedForm, derive
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.numeric import placed
from symgrad.calculus.state import step_jacobian
from symgrad.errors import TooLarge
from symgrad.evidence.evidence import Check
from symgrad.evidence.paths import Terms, sum_over_paths, terms
from symgrad.evidence.verdict import Verdict
from symgrad.network.network import Network

Case = tuple[int, dict[str, int]]
"""A depth, and the numbers of all index symbols, the depth's included."""


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
    try:
        if symbolic and (wrong := _wrong_step(form.network)):
            return Check(method, Verdict.UNKNOWN, wrong)
        for depth, at in used:
            if wrong := _wrong_case(form, depth, at):
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
    walked = sum_over_paths(form.network, of, wrt, depth)  # first: it is what refuses long paths
    return _difference(terms(M.at_index(form.map, at)), walked, f"at depth {depth}")


def _wrong_step(network: Network) -> str:
    """Compare the Jacobian of one step with the sum over the paths inside the step."""
    symbol = network.symbol
    for row, entries in step_jacobian(network).items():
        if row.lag:
            continue
        walked = _paths_inside(network, Quantity(row.name, Index(symbol)))
        for column in step_jacobian(network):
            read = Quantity(column.name, Index(symbol, -1 - column.lag))
            found = terms(entries.get(column, M.ZERO))
            if wrong := _difference(found, walked.get(read, Counter()), f"∂{row.name}[{symbol}]/∂{read}"):
                return wrong
    return ""


def _paths_inside(network: Network, of: Quantity) -> dict[Quantity, Terms]:
    """Return, for each quantity that step j reads from outside, the terms of all paths to of[j]."""
    equations = {e.target: e for e in network.steps}
    found: dict[Quantity, Terms] = {}
    pending: list[tuple[Quantity, tuple[M.LinearMap, ...]]] = [(of, ())]
    walked = 0
    while pending:
        q, maps = pending.pop()
        walked += 1
        if walked > 20_000:
            raise TooLarge("one step has too many paths to write out")
        if q in equations:
            row = local_jacobian(network, equations[q])
            pending += [(move(r, {}), (*maps, m)) for r, m in row.items()]
        else:
            found.setdefault(q, Counter()).update(terms(M.compose(*maps)))
    return found


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
    if M.at_index(general.map, {network.depth_symbol: last}) != form.map:
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
