"""Forward evaluation: the values of all quantities of a network, layer by layer, in any arithmetic.

One loop over the layers, no recursion over them: a depth of 100,000 costs 100,000 turns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import prod
from typing import Any

import numpy as np

from symgrad.algebra.expression import Apply, Constant, Expression, Number, Partial, Quantity, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.shape import Shape
from symgrad.calculus.values import Values
from symgrad.errors import ModelError
from symgrad.network.equation import Equation
from symgrad.network.network import Network

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
            case Quantity(name, Index() as index):
                return _at_index(self.values.env.setdefault(name, {}), index)
            case Quantity(name, (int() | None) as index):
                known = self.values.env.setdefault(name, {})
                return lambda at: known[index]
            case Partial(_, _, value):
                return self(value)
            case Apply(op, arguments):
                return _applied(op.on(self.A), [self(a) for a in arguments])
        raise ModelError(f"{e} cannot be evaluated")

    def _array(self, kind: str, shape: Shape, at: Numbers) -> Any:
        """Return the identity matrix, or an array of ones."""
        sizes = tuple(self.values.size(d, at) for d in shape)
        return self.A.eye(sizes[0]) if kind == "I" else self.A.array(np.ones(sizes, dtype=int), sizes)


def _always(value: Any) -> Evaluator:
    return lambda at: value


def _at_index(layers: dict[int | None, Any], index: Index) -> Evaluator:
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
    if change and change[0].index in env.get(change[0].name, {}):
        layers = env[change[0].name]
        layers[change[0].index] = layers[change[0].index] + change[1]
        change = None
    at = {network.depth_symbol: depth}
    for equation in _openings(network, wanted):
        _store(env, equation.target, compiler(equation.value)(at), change)
    steps = [(e.target.name, env.setdefault(e.target.name, {}), compiler(e.value)) for e in network.steps]
    changed = (change[0].name, change[0].index) if change else None
    at = {network.symbol: 0}
    for j in range(1, depth + 1):
        at[network.symbol] = j
        for name, store, f in steps:
            store[j] = f(at)
            if changed and changed == (name, j):
                store[j] = store[j] + change[1]  # type: ignore[index]
    at = {network.depth_symbol: depth}
    for equation in needed(network, wanted):
        _store(env, equation.target, compiler(equation.value)(at), change)


def needed(network: Network, wanted: Iterable[Quantity] | None) -> list[Equation]:
    """Return the closing equations that give the quantities ``wanted``, in order; all of them for None."""
    if wanted is None:
        return list(network.closings)
    reads, kept = set(wanted), []
    for equation in reversed(network.closings):
        if equation.target in reads:
            kept.append(equation)
            reads |= set(quantities(equation.value))
    return kept[::-1]


def _openings(network: Network, wanted: Iterable[Quantity] | None) -> list[Equation]:
    if wanted is None:
        return list(network.openings)
    wanted = set(wanted)
    reads = {q for e in (*network.steps, *needed(network, wanted)) for q in quantities(e.value)} | wanted
    fixed = {Quantity(q.name, e.target.index) for q in reads for e in network.openings if q.name == e.target.name}
    kept: list[Equation] = []
    for equation in reversed(network.openings):
        if equation.target in fixed | reads:
            kept.append(equation)
            reads |= set(quantities(equation.value))
    return kept[::-1]


def _store(env: dict[str, dict[int | None, Any]], target: Quantity, value: Any, change: Change | None) -> None:
    index = target.index
    assert not isinstance(index, Index)  # steps are stored by forward itself
    added = change is not None and change[0] == target
    env.setdefault(target.name, {})[index] = value + change[1] if added else value  # type: ignore[index]
