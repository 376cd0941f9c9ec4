"""Check a derivative in the scope in which it is claimed, the names inside it, and its first order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import count, pairwise
from typing import Any

import numpy as np

from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import everywhere, quantities, replaced
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import Named
from symgrad.algebra.substitution import move
from symgrad.arithmetic import arithmetic
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import placed, reads
from symgrad.claims.differential import Differential
from symgrad.evidence.draw import Draw
from symgrad.evidence.evidence import Check, Evidence, least
from symgrad.evidence.induction import Case
from symgrad.evidence.partials import check_partials
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import cases_of, test_functions, verify
from symgrad.network.bind import bind_map, bind_network
from symgrad.network.graph import acts_otherwise
from symgrad.network.network import Network

EXPONENTS = (10, 20, 30, 40, 50, 60)
"""Δ runs through 2^-10 ... 2^-60."""


def check(claim: Differential, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of ∂of/∂wrt = map: of the map as a whole, and of each name that stands in it."""
    form = in_scope(claim.form, claim.scope)
    yield from verify(form, seed, digits).checks
    if claim.first_order:
        yield _check_first_order(form, seed, digits)
    yield from _check_names(claim.form, seed, digits)
    if (wrong := check_partials(claim.form)) is not None:
        yield wrong


# --- the scope ------------------------------------------------------------------------------------


def in_scope(form: ClosedForm, scope: str) -> ClosedForm:
    """Return the derivative as a total one, of what its scope leaves of the network."""
    network = form.network
    if scope == "equation":
        return _alone(form)
    if scope == "step" and form.of.name not in network.defined:
        if form.wrt.index in (Index(network.depth_symbol), form.depth):
            return replace(form, network=replace(network, openings=(), steps=()))
        return _first_step(form, form.wrt.index, 0)
    if scope == "step":
        return _first_step(_apart(form), form.of.index, 1)
    return form


def _alone(form: ClosedForm) -> ClosedForm:
    """Return the claim about the one equation of ``of``, with all that it reads held fixed.

    The equation of a step gets another name on its left, for what it reads of the steps before is given then;
    and so does the s[0] that it reads at every step, which is the s[j-1] of the first one alone.
    """
    network, of = form.network, form.of
    openings, steps, closings = (
        tuple(e for e in group if e.target.name == of.name)
        for group in (network.openings, network.steps, network.closings)
    )
    if not steps or (isinstance(of.index, int) and of.index < 1):
        return replace(form, network=replace(network, openings=openings, steps=steps, closings=closings))
    [step] = steps
    numbered = {q for q in quantities(step.value) if isinstance(q.index, int) and q.name in network.defined}
    fixed = {q: Quantity(_free(network, f"{q.name}_at"), q.index) for q in numbered if isinstance(of.index, Index)}
    name = _free(network, of.name)
    alone, target = Quantity(name, of.index), Quantity(name, step.target.index)
    shapes = {**network.shapes, target: network.shape(step.target)}
    shapes |= {new: network.shape(old) for old, new in fixed.items()}
    equation = replace(step, target=target, value=_renamed(step.value, fixed))
    m = map_tree.rewrite(form.map, lambda e: _renamed(e, {**fixed, of: alone}))
    network = replace(network, openings=(), steps=(equation,), closings=(), shapes=shapes)
    return replace(form, network=network, of=alone, wrt=fixed.get(form.wrt, form.wrt), map=m)


def _apart(form: ClosedForm) -> ClosedForm:
    """Return the claim with another name for the s[0] that every step reads: that of the first step is given."""
    network = form.network
    read = {q for e in network.steps for q in quantities(e.value)}
    numbered = {q for q in read if isinstance(q.index, int) and q.name in network.defined}
    if not numbered or not isinstance(form.of.index, Index):
        return form
    fixed = {q: Quantity(_free(network, f"{q.name}_at_{q.index}")) for q in numbered}
    shapes = {**network.shapes, **{new: network.shape(old) for old, new in fixed.items()}}
    steps = tuple(replace(e, value=_renamed(e.value, fixed)) for e in network.steps)
    m = map_tree.rewrite(form.map, lambda e: _renamed(e, fixed))
    network = replace(network, openings=(), steps=steps, shapes=shapes)
    return replace(form, network=network, wrt=fixed.get(form.wrt, form.wrt), map=m)


def _free(network: Network, name: str) -> str:
    """Return a name that the network does not have."""
    return next(n for n in (f"{name}_{'next' * k}" for k in count(1)) if n not in network.names)


def _renamed(e: Expression, names: Mapping[Quantity, Quantity]) -> Expression:
    return replaced(e, lambda x: names.get(x) if isinstance(x, Quantity) else None)


def _first_step(form: ClosedForm, position: Position | None, first: int) -> ClosedForm:
    """Return the claim with ``position`` put at 0 or 1: the state before the first step is given, so held fixed."""
    match position:
        case Index(symbol, offset):
            at = {symbol: first - offset}
            of, wrt, m = placed(form.of, at), placed(form.wrt, at), map_tree.at_index(form.map, at)
        case int(n):
            shift = first - n
            of, wrt, m = (
                _shifted(form.of, shift),
                _shifted(form.wrt, shift),
                map_tree.rewrite(form.map, lambda e: _moved(e, shift)),
            )
        case _:
            return form
    return replace(form, network=replace(form.network, openings=()), of=of, wrt=wrt, map=m, depth=1)


def _shifted(q: Quantity, by: int) -> Quantity:
    return Quantity(q.name, q.index + by) if isinstance(q.index, int) else q


def _moved(e: Expression, by: int) -> Expression:
    def moved(x: Expression) -> Expression:
        match x:
            case Quantity():
                return _shifted(x, by)
            case Partial(of, wrt, value, immediate):
                return Partial(_shifted(of, by), _shifted(wrt, by), value, immediate)
        return x

    return everywhere(e, moved)


# --- the names ------------------------------------------------------------------------------------


def _check_names(form: ClosedForm, seed: int, digits: int) -> Iterator[Check]:
    """Check each ∂p/∂q that is printed by its name against the map that stands for it."""
    found = list(dict.fromkeys(map_tree.names(form.map)))
    verdicts = []
    for named in found:
        evidence = _name_evidence(form.network, form.depth, named, seed, digits)
        if evidence.verdict is Verdict.REFUTED:
            said = f"{'∂⁺' if named.immediate else '∂'}{named.of}/∂{named.wrt} is another map"
            yield Check("names", Verdict.REFUTED, said, counterexample=evidence.counterexample)
            return
        verdicts.append(evidence.verdict)
    if found:
        said = f"each of {len(found)} names is the derivative that it says"
        yield Check("names", least(verdicts), said, required=True)


@lru_cache(maxsize=4096)
def _name_evidence(network: Network, depth: int | None, named: Named, seed: int, digits: int) -> Evidence:
    form = ClosedForm(network, named.of, named.wrt, depth, named.map)
    scope = "equation" if _is_one_edge(network, named) else named.scope
    return verify(in_scope(form, scope), seed, digits)


def _is_one_edge(network: Network, named: Named) -> bool:
    """Tell whether the equation of ∂of/∂wrt reads wrt, and wrt acts on no other way: partial and total agree."""
    for e in network.equations:
        symbols = {network.symbol: named.of.index} if isinstance(named.of.index, int | Index) else {}
        if e.target.name == named.of.name and move(e.target, symbols) == named.of:
            for q in quantities(e.value):
                if move(q, symbols) == named.wrt:
                    return not acts_otherwise(network.by_name, e.target, q)
    return False


# --- the first order ------------------------------------------------------------------------------


def _check_first_order(form: ClosedForm, seed: int, digits: int) -> Check:
    """Check that (Δof - map Δwrt) / Δ tends to 0 with Δ: at each halving of digits it must fall by half as much."""
    method, described = "first order", f"balls of {2 * digits} digits"
    bindings = test_functions(form.network, seed)
    bound = replace(form, network=bind_network(form.network, bindings), map=bind_map(form.map, bindings))
    cases = list(cases_of(form))
    for case in cases:
        errors = _errors(bound, case, seed, 2 * digits)
        if errors is None:
            return Check(method, Verdict.UNKNOWN, "a value is not finite", described, seed, len(cases))
        if any(later > earlier / 2**9 for earlier, later in pairwise(errors)):
            shown = f"at depth {case[0]} the error per Δ is {', '.join(f'{float(e):.2e}' for e in errors)}"
            return Check(method, Verdict.REFUTED, "", described, seed, len(cases), shown)
    verdict = Verdict.SAMPLED if cases else Verdict.UNKNOWN
    return Check(method, verdict, "the error per Δ falls with Δ = 2^-10 ... 2^-60", described, seed, len(cases))


def _errors(form: ClosedForm, case: Case, seed: int, digits: int) -> list[Any] | None:
    """Return the largest entry of |(f(y + Δ v) - f(y))/Δ - map v| as a ball, for each Δ."""
    depth, at = case
    A, of, wrt = arithmetic("ball", digits), placed(form.of, at), placed(form.wrt, at)
    draw = Draw(form.network, depth, seed, asked=(form.of, form.wrt))
    direction = draw.array(wrt)
    with A.working():
        plain = _values(form, draw, A, of, None)
        linear = Evaluation(plain[0], plain[1]).apply(form.map, A.array(direction, np.shape(direction)), dict(at))
        errors = []
        for exponent in EXPONENTS:
            delta = Fraction(1, 2**exponent)
            step = A.array(direction * delta, np.shape(direction))
            changed = _values(form, draw, A, of, (wrt, step))[0][of]
            quotient = (changed - plain[0][of]) / A.number(delta)
            rest = quotient if linear is NOTHING else quotient - linear
            entries = [abs(x) for x in np.ravel(np.array(rest, dtype=object))]
            if not all(x.is_finite() for x in entries):
                return None
            errors.append(max(entries, key=lambda x: x.abs_upper()))
        return errors


def _values(form: ClosedForm, draw: Draw, A: Any, of: Quantity, change: Any) -> tuple[Any, Compiler]:
    values = draw.values(A)
    compiler = Compiler(values)
    forward(form.network, values, compiler, wanted={*reads(form.map), of}, change=change)
    return values, compiler
