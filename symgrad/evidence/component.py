"""Check a derivative that is written component by component, against the map of the closed form, at points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from symgrad.algebra import map_algebra as M
from symgrad.algebra.linear_map import LinearMap
from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.calculus.closed_form import derive
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import placed, reads
from symgrad.calculus.values.values import Values
from symgrad.claims.component import Component, letter_of
from symgrad.errors import SymgradError
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.draw import Draw
from symgrad.evidence.evidence import Check
from symgrad.evidence.induction import Case
from symgrad.evidence.verdict import Verdict
from symgrad.evidence.verify import cases_of, test_functions, verify
from symgrad.network.bind import bind_expression, bind_map, bind_network
from symgrad.network.formula import value
from symgrad.network.syntax.read import read_quantity

Tables = dict[str, Any]
"""Values of the letters, by name: each an array with one axis for each of its subscripts."""


def check(claim: Component, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks: of the map as the derivative, and of the components against the map."""
    closed = verify(claim.form, seed, digits)
    if closed.verdict is Verdict.REFUTED:
        yield from closed.checks
        return
    A, method, described, count = arithmetic("ball", digits), "components at points", f"balls of {digits} digits", 0
    for depth, at in _admitted(claim):
        point = _Point(claim, depth, at, seed, A)
        with A.working():
            comparison = compare(point.matrix(), point.components())
        if comparison is Comparison.DISJOINT:
            shown = f"at depth {depth} with {point.draw}"
            yield Check(method, Verdict.REFUTED, "", described, seed, count, shown)
            return
        if comparison is not Comparison.AGREE:
            yield Check(method, Verdict.UNKNOWN, f"at depth {depth} the balls are {comparison.value}", described, seed)
            return
        count += 1
    verdict = min(Verdict.SAMPLED, closed.verdict) if count else Verdict.UNKNOWN
    yield Check(method, verdict, "every entry, at sizes 2 and 3", described, seed, count)


def _admitted(claim: Component) -> Iterator[Case]:
    """Yield the cases in which each letter exists: there is no W[l+1] behind the last layer."""
    network = claim.form.network
    for depth, at in cases_of(claim.form):
        with suppress(SymgradError):
            for _, meaning in claim.letters:
                for q in meaning.removeprefix("∂").split("/∂"):
                    network.resolve(placed(read_quantity(q), at), depth)
            yield depth, at


class _Point:
    """A network with numbers for its parameters, at one depth."""

    def __init__(self, claim: Component, depth: int, at: Mapping[str, int], seed: int, A: Arithmetic) -> None:
        self.claim, self.at, self.A, form = claim, dict(at), A, claim.form
        self.bindings = test_functions(form.network, seed)
        self.network = bind_network(form.network, self.bindings)
        self.of, self.wrt = placed(form.of, at), placed(form.wrt, at)
        self.draw = Draw(self.network, depth, seed)
        with A.working():
            self.values: Values = self.draw.values(A)
            self.compiler = Compiler(self.values)
            forward(self.network, self.values, self.compiler, wanted={*reads(form.map), self.of})

    def matrix(self) -> Any:
        """Return the derivative as an array, entries of ``of`` before those of ``wrt``."""
        return self._dense(bind_map(self.claim.form.map, self.bindings), self.of, self.wrt)

    def _dense(self, m: LinearMap, of: Any, wrt: Any) -> Any:
        above, below = self.values.shape(of, self.at), self.values.shape(wrt, self.at)
        evaluation, found = Evaluation(self.values, self.compiler), np.empty(above + below, dtype=object)
        for entry in np.ndindex(*above):
            unit = np.zeros(above, dtype=int)
            unit[entry] = 1
            row = evaluation.apply(M.transpose(m), self.A.array(unit, above), self.at)
            found[entry] = (
                np.zeros(below, dtype=int) if row is NOTHING else np.reshape(np.array(row, dtype=object), below)
            )
        return found

    def components(self) -> Any:
        """Return the claimed entries, in the same order."""
        claim, tables = self.claim, self._tables()
        shape = self.values.shape(self.of, self.at) + self.values.shape(self.wrt, self.at)
        lengths = dict(zip(claim.subscripts, shape, strict=True)) | self._lengths(tables)
        expression, found = bind_expression(claim.formula.expression, self.bindings), np.empty(shape, dtype=object)
        for entry in np.ndindex(*shape):
            fixed = dict(zip(claim.subscripts, entry, strict=True))
            total = arb(0)
            if not claim.diagonal or len(set(entry)) == 1:
                for numbers in product(*(range(lengths[s]) for s in claim.summed)):
                    numbering = fixed | dict(zip(claim.summed, numbers, strict=True))
                    letters = {v: _entry(tables, v, numbering) for v in claim.formula.variables}
                    total += value(expression, self.A, letters)
            found[entry] = total
        return found

    def _tables(self) -> Tables:
        tables: Tables = {}
        for name, meaning in self.claim.letters:
            if meaning.startswith("∂"):
                of, wrt = (placed(read_quantity(q), self.at) for q in meaning[1:].split("/∂"))
                tables[name] = self._dense(derive(self.network, of, wrt, self.values.depth).map, of, wrt)
            else:
                tables[name] = np.array(self.values[placed(read_quantity(meaning), self.at)], dtype=object)
        return tables

    def _lengths(self, tables: Tables) -> dict[str, int]:
        found: dict[str, int] = {}
        for variable in self.claim.formula.variables:
            name, subscripts = letter_of(variable)
            found |= dict(zip(subscripts, np.shape(tables[name]), strict=True))
        return found


def _entry(tables: Tables, variable: str, numbering: Mapping[str, int]) -> Any:
    name, subscripts = letter_of(variable)
    return tables[name][tuple(numbering[s] for s in subscripts)]
