"""Two sums of products are equal: decided exactly, without writing the products out.

A closed form and the sum over all paths are both polynomials in the local Jacobians, which do not commute. Each is
read as an acyclic automaton with exact weights: a product is a word, a path through the automaton spells it, and its
weight is how often it occurs. Two such automata give every word the same weight if and only if no reachable vector of
their difference has a final weight; the reachable vectors are followed letter by letter, and those that depend
linearly on others add nothing (Schützenberger 1961; Tzeng 1992). So 2^22 paths through 66 equations cost 66 steps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Number, Quantity
from symgrad.algebra.linear_map import (
    Block,
    Compose,
    Identity,
    IndexedSum,
    LinearMap,
    Named,
    Product,
    Scale,
    Sum,
    Transpose,
    Zero,
)
from symgrad.errors import TooLarge
from symgrad.evidence.paths import Graph, with_plain_letters

MOST_STATES = 20_000
"""States of an automaton at most."""

Vector = dict[int, Fraction]
"""Weights of states."""


class Automaton:
    """States, and the letters on the edges between them; built from the left of a product to its right."""

    def __init__(self) -> None:
        self.edges: defaultdict[int, list[tuple[LinearMap, int, Fraction]]] = defaultdict(list)
        self.states = 0

    def start(self) -> Vector:
        """Return a new state to begin at."""
        return {self._new(): Fraction(1)}

    def _new(self) -> int:
        self.states += 1
        if self.states > MOST_STATES:
            raise TooLarge("the closed form has too many factors to be compared with the paths")
        return self.states

    def spell(self, m: LinearMap, begin: Vector) -> Vector:
        """Return where the words of a map end that begin at the states given."""
        [end] = self._spell(m, [begin])
        return end

    def _spell(self, m: LinearMap, begin: list[Vector]) -> list[Vector]:
        """Return the ends by columns of a block, for beginnings by its rows; one of each for other maps."""
        match m:
            case Zero():
                return [{}]
            case Identity():
                return begin
            case Scale(Number(q)):
                return [{s: w * q for s, w in v.items()} for v in begin]
            case Named(_, _, inner):
                return self._spell(inner, begin)
            case Transpose(Named(_, _, inner)):
                return self._spell(M.transpose(inner), begin)
            case Compose(maps):
                for x in maps:
                    begin = self._spell(x, begin)
                return begin
            case Sum(maps):
                return [_total(*ends) for ends in zip(*(self._spell(x, begin) for x in maps), strict=True)]
            case Block(rows):
                ends = [[self.spell(x, v) for x in row] for row, v in zip(rows, begin, strict=True)]
                return [_total(*column) for column in zip(*ends, strict=True)]
            case Product(symbol, int(lower), int(upper), body, descending):
                for j in range(upper, lower - 1, -1) if descending else range(lower, upper + 1):
                    begin = self._spell(map_tree.at_index(body, {symbol: j}), begin)
                return begin
            case IndexedSum() if not m.range.free:
                every = [self._spell(map_tree.at_index(m.body, {m.symbol: k}), begin) for k in m.range.numbers({})]
                return [_total(*ends) for ends in zip(*every, strict=True)]
        return [self._letter(with_plain_letters(m), v) for v in begin]

    def _letter(self, letter: LinearMap, begin: Vector) -> Vector:
        if not begin:
            return {}
        end = self._new()
        for state, weight in begin.items():
            self.edges[state].append((letter, end, weight))
        return {end: Fraction(1)}

    def walk(self, graph: Graph, of: Quantity) -> dict[Quantity, Vector]:
        """Return, for each quantity of a graph, where the words of the paths from ``of`` to it end."""
        reached = {of: self.start()}
        for q, row in graph:
            for read, m in row:
                reached[read] = _total(reached.get(read, {}), self.spell(m, reached[q]))
        return reached


def same(graph: Graph, of: Quantity, forms: Mapping[Quantity, LinearMap]) -> bool:
    """Tell whether each form has exactly the products of the paths from ``of`` to its quantity.

    ``graph`` begins with ``of``. False where the products as written differ; they may still be equal as numbers.
    """
    automaton = Automaton()
    walked = automaton.walk(graph, of)
    [first] = walked[of]
    for q, m in forms.items():
        begin = automaton.start()
        final = {s: -w for s, w in automaton.spell(m, begin).items()}
        if not same_words(automaton, _total(begin, {first: Fraction(1)}), _total(final, walked.get(q, {}))):
            return False
    return True


def _total(*vectors: Vector) -> Vector:
    total: Vector = {}
    for v in vectors:
        for state, weight in v.items():
            total[state] = total.get(state, Fraction(0)) + weight
    return total


def same_words(automaton: Automaton, begin: Vector, final: Vector) -> bool:
    """Tell whether every word has the weight 0, from the states ``begin`` to the states ``final``."""
    basis: dict[int, Vector] = {}
    pending = [begin]
    while pending:
        v = pending.pop()
        if sum((w * final.get(s, 0) for s, w in v.items()), Fraction(0)):
            return False
        after: defaultdict[LinearMap, Vector] = defaultdict(dict)
        for state, weight in v.items():
            for letter, end, w in automaton.edges.get(state, ()):
                after[letter][end] = after[letter].get(end, Fraction(0)) + weight * w
        for reached in after.values():
            rest = _reduced(reached, basis)
            if rest:
                basis[max(rest)] = rest
                pending.append(rest)
    return True


def _reduced(v: Vector, basis: Mapping[int, Vector]) -> Vector:
    """Return what is left of a vector when multiples of the basis, each with its greatest state, are taken off."""
    rest = {s: w for s, w in v.items() if w}
    while rest:
        pivot = max((s for s in rest if s in basis), default=0)
        if not pivot:
            return rest
        row = basis[pivot]
        factor = rest[pivot] / row[pivot]
        for state, weight in row.items():
            left = rest.get(state, Fraction(0)) - factor * weight
            if left:
                rest[state] = left
            else:
                rest.pop(state, None)
    return rest
