"""Forward evaluation: the values of all quantities of a network, layer by layer, in any arithmetic.

One loop over the layers, no recursion over them: a depth of 100,000 costs 100,000 turns.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from math import prod
from typing import Any

import numpy as np

from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Place, number, symbols
from symgrad.algebra.index_sum import IndexNumber, IndexSum
from symgrad.algebra.shape import Shape
from symgrad.calculus.values.values import Values
from symgrad.errors import ModelError
from symgrad.network.equation import Equation
from symgrad.network.network import Network
from symgrad.network.schedule import scheduled

Numbers = Mapping[str, int]
"""The numbers that index symbols stand for."""

Evaluator = Callable[[Numbers], Any]
"""A compiled expression: numbers of the index symbols -> value."""


class Compiler:
    """Turns expressions into Python functions over given values; each is compiled once."""

    def __init__(self, values: Values) -> None:
        self.values, self.A = values, values.arithmetic
        self._compiled: dict[Expression, Evaluator] = {}

    def __call__(self, e: Expression) -> Evaluator:
        """Return the function that evaluates e; it reads the values as they are when it is called."""
        if e not in self._compiled:
            self._compiled[e] = self._compile(e)
        return self._compiled[e]

    def _compile(self, e: Expression) -> Evaluator:
        match e:
            case Number(value):
                return _always(self.A.number(value))
            case Constant("pi"):
                return _always(self.A.pi)
            case Constant("e"):
                return _always(self.A.exp(self.A.number(1)))
            case Constant("size", shape):
                return lambda at: self.A.number(prod(self.values.size(d, at) for d in shape))
            case Constant(kind, shape):
                return lambda at: self._array(kind, shape, at)
            case IndexNumber(position):
                return lambda at: self.A.number(number(position, at))
            case IndexSum():
                return self._over(e)
            case Quantity(name, Index() as index, ()):
                return _at_index(self.values.env.setdefault(name, {}), index)
            case Quantity(name, None, (Index() as index,)):
                return _at_index(self.values.env.setdefault(name, {}), index)
            case Quantity(name):
                return _at_place(self.values.env.setdefault(name, {}), e)
            case Partial(_, _, value):
                return self(value)
            case Apply(op, arguments):
                return _applied(op.on(self.A), [self(a) for a in arguments])
        raise ModelError(f"{e} cannot be evaluated")

    def _over(self, e: IndexSum) -> Evaluator:
        """Return the sum or the product over an index; the empty ones are 0 and 1."""
        body, span, put = self(e.body), e.range, operator.add if e.kind == "sum" else operator.mul

        def over(at: Numbers) -> Any:
            inner = dict(at)
            total: Any = None
            for k in span.numbers(at):
                inner[span.symbol] = k
                x = body(inner)
                total = x if total is None else put(total, x)
            return self._empty(e, at) if total is None else total

        return over

    def _empty(self, e: IndexSum, at: Numbers) -> Any:
        sizes = tuple(self.values.size(d, at) for d in self.values.network.shape_of(e.body))
        return self.A.array(np.zeros(sizes, dtype=int) if e.kind == "sum" else np.ones(sizes, dtype=int), sizes)

    def _array(self, kind: str, shape: Shape, at: Numbers) -> Any:
        """Return the identity matrix, or an array of ones."""
        sizes = tuple(self.values.size(d, at) for d in shape)
        return self.A.eye(sizes[0]) if kind == "I" else self.A.array(np.ones(sizes, dtype=int), sizes)


def _always(value: Any) -> Evaluator:
    return lambda at: value


def _at_place(known: dict[Place, Any], q: Quantity) -> Evaluator:
    if not symbols(q.indices):
        place = q.place({})
        return lambda at: known[place]
    return lambda at: known[q.place(at)]


def _at_index(layers: dict[Place, Any], index: Index) -> Evaluator:
    symbol, offset = index
    return (lambda at: layers[at[symbol] + offset]) if offset else (lambda at: layers[at[symbol]])


def _applied(f: Callable[..., Any], arguments: list[Evaluator]) -> Evaluator:
    match arguments:
        case [x]:
            return lambda at: f(x(at))
        case [x, y]:
            return lambda at: f(x(at), y(at))
    return lambda at: f(*[x(at) for x in arguments])


Change = tuple[Quantity, Any]
"""A quantity, its index a number, and what is added to its value as soon as it is known."""


def forward(
    network: Network,
    values: Values,
    compiler: Compiler,
    wanted: Iterable[Quantity] | None = None,
    change: Change | None = None,
) -> None:
    """Fill ``values`` with every quantity that the network defines, up to the depth of the values.

    Of the opening and the closing equations only those that the steps or ``wanted`` need are evaluated, where it is
    given: a loss that is infinite in float64 says nothing of its gradient.
    """
    env, depth = values.env, values.depth
    changed = (change[0].name, change[0].place({})) if change else None
    if changed and changed[1] in env.get(changed[0], {}):
        layers = env[changed[0]]
        layers[changed[1]] = layers[changed[1]] + change[1]  # type: ignore[index]
        changed = None

    def store(e: Equation, f: Evaluator, at: dict[str, int]) -> None:
        known = env.setdefault(e.target.name, {})
        for place, inner in instances(network, e.target, at):
            known[place] = f(inner)
            if changed and changed == (e.target.name, place):
                known[place] = known[place] + change[1]  # type: ignore[index]

    if network.grid:
        kept = {e.target for e in needed(network, wanted)} if wanted is not None else None
        for i in scheduled(network, values.ends):
            if kept is not None and i.equation.target not in kept:
                continue
            known = env.setdefault(i.equation.target.name, {})
            known[i.place] = compiler(i.equation.value)(i.at)
            if changed == (i.equation.target.name, i.place):
                known[i.place] = known[i.place] + change[1]  # type: ignore[index]
        return
    at = {**values.ends, network.depth_symbol: depth}
    for equation in _openings(network, wanted):
        store(equation, compiler(equation.value), at)
    plain = [(e, env.setdefault(e.target.name, {}), compiler(e.value)) for e in network.steps]
    for j in range(1, depth + 1):
        at[network.symbol] = j
        for e, known, f in plain:
            if e.target.further or changed:
                store(e, f, at)
            else:
                known[j] = f(at)
    at = {**values.ends, network.depth_symbol: depth}
    for equation in needed(network, wanted):
        store(equation, compiler(equation.value), at)


def instances(network: Network, target: Quantity, at: Numbers) -> Iterator[tuple[Place, dict[str, int]]]:
    """Yield each place that a left side stands for at a step, with the numbers of its indices.

    at: the numbers of the step and of the ends of ranges.
    """
    spans = [s for s in network.spans(target) if s.symbol in symbols(target.further)]
    for numbers in product(*(s.numbers(at) for s in spans)):
        inner = {**at, **{s.symbol: n for s, n in zip(spans, numbers, strict=True)}}
        yield target.place(inner), inner


def needed(network: Network, wanted: Iterable[Quantity] | None) -> list[Equation]:
    """Return the closing equations, or those of a grid, that give the quantities ``wanted``; all of them for None."""
    if wanted is None:
        return list(network.closings)
    reads, kept = {q.name for q in wanted}, []
    if network.grid:  # what runs in circles of names is read as a whole
        known = None
        while known != reads:
            known = set(reads)
            reads |= {q.name for e in network.grid if e.target.name in reads for q in quantities(e.value)}
        return [e for e in network.grid if e.target.name in reads]
    for equation in reversed(network.closings):
        if equation.target.name in reads:
            kept.append(equation)
            reads |= {q.name for q in quantities(equation.value)}
    return kept[::-1]


def _openings(network: Network, wanted: Iterable[Quantity] | None) -> list[Equation]:
    if wanted is None:
        return list(network.openings)
    wanted = set(wanted)
    reads = {q for e in (*network.steps, *needed(network, wanted)) for q in quantities(e.value)} | wanted
    names = {q.name for q in reads}
    kept: list[Equation] = []
    for equation in reversed(network.openings):
        if equation.target.name in names:
            kept.append(equation)
            names |= {q.name for q in quantities(equation.value)}
    return kept[::-1]
