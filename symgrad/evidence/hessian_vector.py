"""Verify the equations of a Hessian times a direction: the backward pass, each derivative along the direction, points.

chain rule      each equation along the direction has exactly the terms ∂f/∂q q̇ of what its equation reads; with the
                induction for the backward pass they are the derivatives of all that is computed
dual numbers    backpropagation, by the pull-backs of the operations, in Taylor numbers v + v̇ ε: what stands before ε
                in ∂C/∂W is the product of the Hessian with the direction. No equation of ours is in it, no linear map
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Cotangent, Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import nodes, quantities, replaced
from symgrad.algebra.index import Index
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.substitution import free_symbols, move
from symgrad.arithmetic import arithmetic
from symgrad.calculus.along import DOT, dotted, with_numbers_for_ones
from symgrad.calculus.applied import by_output, indicators
from symgrad.calculus.backward import Cotangents, backward
from symgrad.calculus.bound import one
from symgrad.calculus.cotangent import applied
from symgrad.calculus.equations.backward_equation import BackwardEquation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.hessian_vector import HessianVectorPass, is_zero
from symgrad.calculus.hessian_vector_values import HessianVectorValues
from symgrad.calculus.jacobian import local_jacobian
from symgrad.calculus.normal.term import ZERO
from symgrad.calculus.normal.total import normal, summands
from symgrad.calculus.values.values import Values
from symgrad.errors import SymgradError
from symgrad.evidence.backward import FINER, POINTS, checks, depths
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import ATTEMPTS, Draw
from symgrad.evidence.evidence import Check
from symgrad.evidence.paths import terms
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import test_functions
from symgrad.network.bind import bind_network
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.syntax.line import Line

WORST_FIRST = (Comparison.DISJOINT, Comparison.UNDEFINED, Comparison.WIDE, Comparison.AGREE)


def checks_along(h: HessianVectorPass, seed: int = 0, digits: int = 60) -> tuple[Check, ...]:
    """Return the checks of the equations, but for that of their page; nothing is proved unless both parts are."""
    first, chain = checks(h.first, seed, digits), prove(h)
    proved = Verdict.PROVED in {c.verdict for c in first} and chain.verdict is Verdict.PROVED
    found = (*first, chain) if proved else tuple(map(_of_a_part, (*first, chain)))
    return (*found, at_points(h, seed, digits))


def _of_a_part(c: Check) -> Check:
    return c if c.verdict is not Verdict.PROVED else replace(c, verdict=Verdict.SAMPLED, required=True)


# --- the chain rule ---------------------------------------------------------------------------------------


def prove(h: HessianVectorPass) -> Check:
    """Compare each equation along the direction with the local Jacobians of the equation that it differentiates."""
    method = "chain rule, equation by equation"
    try:
        rule = _ChainRule(h)
        for said, of, along in rule.pairs():
            if wrong := rule.wrong(of, along):
                return Check(method, Verdict.UNKNOWN, f"{said}: {wrong}")
    except SymgradError as error:
        return Check(method, Verdict.UNKNOWN, error.what)
    return Check(method, Verdict.PROVED, "each has the terms of what its equation reads")


@dataclass(frozen=True)
class _ChainRule:
    """Compares f with R{f}, in a network in which cotangents are quantities: ∂C/∂z is C/z."""

    h: HessianVectorPass

    @cached_property
    def network(self) -> Network:
        source = self.h.source
        shapes, letters = dict(source.shapes), dict(source.letters)
        for of in (self.h.of, self.h.along):
            shapes |= {_as_quantity(of, q): shape for q, shape in source.shapes.items()}
            letters |= {_as_quantity(of, Quantity(name)).name: own for name, own in source.letters.items()}
        return replace(source, shapes=shapes, letters=letters)

    @cached_property
    def moving(self) -> dict[str, str]:
        """By the names of quantities and of cotangents that change, the names of their derivatives."""
        names = {name: name + DOT for name in self.h.moving}
        names |= {f"{loss}/{a}": f"{loss}{DOT}/{a}" for loss, a in self._of_matrices}
        return names | {f"{self.h.of.name}/{e.wrt.name}": f"{self.h.along.name}/{e.wrt.name}" for e in self.h.errors}

    @property
    def _of_matrices(self) -> set[tuple[str, str]]:
        """The opaque losses of matrices, each with a matrix: its derivative by that is named, and so is that along."""
        values = (x for e in self.h.second for s in e.summands for x in nodes(s.value))
        moved = (x for x in values if isinstance(x, Partial) and _kind(x.value) == "partial along")
        return {(x.of.name.removesuffix(DOT), x.wrt.name) for x in moved}

    def _plain(self, e: Expression) -> Expression:
        """Return e with quantities for cotangents and for the derivatives of losses of matrices; others by values."""

        def plain(x: Expression) -> Expression | None:
            match x:
                case Cotangent(of, wrt):
                    return _as_quantity(of, wrt)
                case Partial(of, wrt, value):
                    kept = _kind(value) == "partial along" or (of.name, wrt.name) in self._of_matrices
                    return _as_quantity(of, wrt) if kept else self._plain(value)
            return None

        return with_numbers_for_ones(replaced(e, plain))

    def pairs(self) -> Iterator[tuple[str, Expression, Expression]]:
        """Yield what is differentiated, and its derivative, for all that is printed; sums over the same range apart."""
        h = self.h
        plain = {dotted(e.target): e.value for e in h.source.equations}
        for e in h.forward:
            if not is_zero(e.value):
                yield str(e.target), plain[e.target], e.value
        first = {(e.wrt, e.ranges): e for e in h.first.equations}
        for along in h.second:
            of = first[along.wrt, along.ranges]
            for sums in {s.sums for x in (of, along) for s in x.summands}:
                yield f"∂{h.along}/∂{along.wrt}", _under(of, sums), _under(along, sums)

    def wrong(self, of: Expression, along: Expression) -> str:
        """Return where a derivative along the direction has other terms than the local Jacobians, "" for nowhere."""
        changes = set(self.moving.values())
        for term in summands(self.network, self._plain(along)) if along != ZERO else ():
            if not any(q.name in changes for f in term.factors for q in quantities(f)):
                return "a term does not change along the direction"
        found = self._jacobian_of_changes(self._plain(along), changes)
        wanted = {
            replace(q, name=self.moving[q.name]): m
            for q, m in self._jacobian(self.network, self._plain(of)).items()
            if q.name in self.moving
        }
        for q, m in found.items():
            if any(r.name in changes for e in map_tree.expressions(m) for r in quantities(e)):
                return f"it is not linear in {one(q)}"
        for q in {**found, **wanted}:
            if not self._same(q, found.get(q, M.ZERO), wanted.get(q, M.ZERO)):
                return f"the term of {one(q)} is another"
        return ""

    def _jacobian(self, network: Network, e: Expression) -> dict[Quantity, LinearMap]:
        line = Line(network.name, 1, "")
        return dict(local_jacobian(network, Equation(Quantity("the right side"), e, line)))

    def _jacobian_of_changes(self, e: Expression, changes: set[str]) -> dict[Quantity, LinearMap]:
        """Return the Jacobian by what has a dot; all else is constant, whatever is in it."""
        held: dict[Quantity, Expression] = {}

        def constant(x: Expression) -> Expression | None:
            if isinstance(x, Number | Constant) or any(q.name in changes for q in quantities(x)):
                return None
            q = Quantity(f"held {len(held)}", None, tuple(Index(s) for s in sorted(free_symbols(x))))
            held[q] = x
            return q

        e = replaced(e, constant)
        shapes = {q: self.network.shape_of(x) for q, x in held.items()}
        network = replace(self.network, shapes={**self.network.shapes, **shapes})

        def back(x: Expression) -> Expression:
            return replaced(x, lambda y: held.get(y) if isinstance(y, Quantity) else None)

        return {q: map_tree.rewrite(m, back) for q, m in self._jacobian(network, e).items() if q.name in changes}

    def _same(self, q: Quantity, m: LinearMap, other: LinearMap) -> bool:
        """Tell whether two maps are equal: term by term, or as what they do to a change, in its normal form."""
        m, other = (map_tree.rewrite(x, self._canonical) for x in (m, other))
        if terms(m) == terms(other):
            return True
        both = [applied(self.network, x, one(q)) for x in (m, other)]
        return None not in both and len({self._unordered(x) for x in both if x is not None}) == 1

    def _unordered(self, e: Expression) -> frozenset[object]:
        """Return the terms of a sum, whatever the order of their factors."""
        found: dict[object, Fraction] = {}
        for t in summands(self.network, normal(self.network, e)):
            key = frozenset(t.factors.items()), t.axes
            found[key] = found.get(key, Fraction(0)) + t.number
        return frozenset((key, n) for key, n in found.items() if n)

    def _canonical(self, e: Expression) -> Expression:
        return normal(self.network, by_output(self.network, indicators(self.network, e)))


def _kind(e: Expression) -> str:
    return e.op.kind if isinstance(e, Apply) else ""


def _under(e: BackwardEquation, sums: object) -> Expression:
    whole: Expression = ZERO
    for s in e.summands:
        if s.sums == sums:
            part = s.front * s.value
            whole = part if whole == ZERO else whole + part
    return whole


def _as_quantity(of: Quantity, wrt: Quantity) -> Quantity:
    return Quantity(f"{of.name}/{wrt.name}", wrt.index, wrt.further, wrt.ahead)


# --- points -------------------------------------------------------------------------------------------------


class AlongDirection:
    """A drawn network along its drawn direction, in Taylor numbers: each quantity and each cotangent with its change.

    draw: of the network with dotted names, in which those of parameters are the direction.
    """

    def __init__(self, h: HessianVectorPass, draw: Draw, network: Network, digits: int) -> None:
        self.A, self.T = arithmetic("ball", digits), arithmetic("taylor", digits)
        self.of = move(h.of, {**draw.ends, network.depth_symbol: draw.depth})
        values = Values(network, self.T, draw.depth)
        asked = {q.name for q in h.first.asked}
        with self.T.working():
            drawn = draw.values(self.T)
            values.sizes, values.ends = drawn.sizes, drawn.ends
            for q in network.parameters:
                for place in [place for name, place in draw.exact if name == q.name]:
                    change = draw.exact.get((q.name + DOT, place)) if q.name in asked else None
                    values.env.setdefault(q.name, {})[place] = self._number(drawn.env[q.name][place], change)
            values.note_exponents()
            compiler = Compiler(values)
            forward(network, values, compiler, wanted=None)
            seed = self._number(self.T.array(1, ()), None)
            self.cotangents: Cotangents = backward(network, values, self.of, seed, compiler, set(network.names))
        self.values = values

    def _number(self, x: Any, change: Any) -> Any:
        """Return x + change ε."""
        if change is None:
            return x
        zero = self.T.array(np.zeros(np.shape(change), dtype=int), np.shape(change))
        with self.A.working():
            direction = self.A.array(change, np.shape(change))
        return x + self.T.variable(zero, direction)  # type: ignore[attr-defined]

    def quantity(self, q: Quantity) -> Any:
        """Return q̇ in balls."""
        return _tangents(self.values.env[q.name][q.place({})])

    def product(self, q: Quantity) -> Any:
        """Return R{∂of/∂q} in balls, in the shape of q."""
        found = self.cotangents.get(q.name, {}).get(q.place({}))
        if found is None:
            return _tangents(self.values.env[q.name][q.place({})] * self.T.number(0))
        return _tangents(found)


def _tangents(x: Any) -> Any:
    if isinstance(x, np.ndarray):
        return np.frompyfunc(lambda v: v.tangent, 1, 1)(x)
    return x.tangent


def at_points(h: HessianVectorPass, seed: int, digits: int) -> Check:
    """Compare the numbers that the equations give with backpropagation in Taylor numbers."""
    method, described = "dual numbers through backpropagation", f"balls of {digits} digits"
    functions = test_functions(h.network, seed)
    bound, plain = (bind_network(n, functions) for n in (h.network, h.first.network))
    used = depths(h.first, POINTS)
    if not used:
        return Check(method, Verdict.UNKNOWN, "there is no depth to compare at", described, seed, required=True)
    for depth in used:
        result, draw = Comparison.UNDEFINED, None
        for finer, attempt in product(FINER, ATTEMPTS):
            draw = Draw(bound, depth, seed, attempt)
            try:
                result = _compared(h, draw, bound, plain, finer * digits, functions)
            except SymgradError as error:
                return Check(method, Verdict.UNKNOWN, error.what, described, seed, required=True)
            if result not in (Comparison.UNDEFINED, Comparison.WIDE):
                break
        if result is Comparison.DISJOINT:
            where = f"at depth {depth}, {draw}"
            return Check(method, Verdict.REFUTED, "", described, seed, len(used), where, required=True)
        if result is not Comparison.AGREE:
            return Check(method, Verdict.UNKNOWN, f"the balls are {result.value}", described, seed, required=True)
    shown = f"depth {', '.join(map(str, used))}"
    return Check(method, Verdict.SAMPLED, shown, described, seed, len(used), required=True)


def _compared(
    h: HessianVectorPass, draw: Draw, bound: Network, plain: Network, digits: int, functions: Any
) -> Comparison:
    witness = AlongDirection(h, draw, plain, digits)
    found = []
    with witness.A.working():
        values = draw.values(witness.A)
        mine = HessianVectorValues(h, values, functions)
        found = [compare(mine.product(q), witness.product(q)) for q in mine.products()]
    return next((c for c in WORST_FIRST if c in found), Comparison.UNDEFINED)
