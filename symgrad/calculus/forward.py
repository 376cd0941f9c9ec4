"""Forward evaluation: the values of all quantities of a network, layer by layer, in any arithmetic.

One loop over the layers, no recursion over them: a depth of 100,000 costs 100,000 turns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from symgrad.algebra.expression import Apply, Constant, Expression, Number, Partial, Quantity, quantities
from symgrad.algebra.index import Index
from symgrad.algebra.shape import Shape
from symgrad.calculus.values import Values
from symgrad.errors import ModelError
from symgrad.network.equation import Equation
from symgrad.network.network import Network

Evaluator = Callable[[dict[str, dict[int | None, Any]], dict[str, int]], Any]
"""A compiled expression: (values by name and index, numbers of the index symbols) -> value."""


class Compiler:
    """Turns expressions into Python functions over given values; each is compiled once."""

    def __init__(self, values: Values) -> None:
        self.values, self.A = values, values.arithmetic
        self._compiled: dict[Expression, Evaluator] = {}

    def __call__(self, e: Expression) -> Evaluator:
        """Return the function that evaluates e."""
        if e not in self._compiled:
            self._compiled[e] = self._compile(e)
        return self._compiled[e]

    def _compile(self, e: Expression) -> Evaluator:
        match e:
            case Number(value):
                number = self.A.number(value)
                return lambda env, at: number
            case Quantity(name, Index(symbol, offset)):
                return lambda env, at: env[name][at[symbol] + offset]
            case Quantity(name, index):
                return lambda env, at: env[name][index]
            case Partial(_, _, value):
                return self(value)
            case Constant(kind, shape):
                return lambda env, at: self._constant(kind, shape, at)
            case Apply(op, (x,)):
                A, f, argument = self.A, op.value, self(x)
                return lambda env, at: f(A, argument(env, at))
            case Apply(op, (x, y)):
                A, f, left, right = self.A, op.value, self(x), self(y)
                return lambda env, at: f(A, left(env, at), right(env, at))
            case Apply(op, arguments):
                A, f, compiled = self.A, op.value, [self(a) for a in arguments]
                return lambda env, at: f(A, *[c(env, at) for c in compiled])
        raise ModelError(f"{e} cannot be evaluated")

    def _constant(self, kind: str, shape: Shape, at: dict[str, int]) -> Any:
        if kind == "pi":
            return self.A.pi
        sizes = [self.values.size(d, at) for d in shape]
        return self.A.eye(sizes[0]) if kind == "I" else self._ones(sizes)

    def _ones(self, sizes: list[int]) -> Any:
        left = self.A.ones_like(self.A.eye(sizes[0]))
        column = left[:, 0]
        if len(sizes) == 1:
            return column
        return self.A.outer(column, self.A.ones_like(self.A.eye(sizes[1]))[:, 0])


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

    Of the closing equations only those that ``wanted`` needs are evaluated, where it is given.
    """
    env, depth = values.env, values.depth
    if change and change[0].index in env.get(change[0].name, {}):
        env[change[0].name][change[0].index] += change[1]  # type: ignore[index]
        change = None
    at = {network.depth_symbol: depth}
    for equation in network.openings:
        _store(env, equation.target, compiler(equation.value)(env, at), change)
    steps = [
        (e.target.name, env.setdefault(e.target.name, {}), compiler(e.value)) for e in network.steps
    ]
    changed = (change[0].name, change[0].index) if change else None
    at = {network.symbol: 0}
    for j in range(1, depth + 1):
        at[network.symbol] = j
        for name, store, f in steps:
            store[j] = f(env, at)
            if changed == (name, j):
                store[j] = store[j] + change[1]  # type: ignore[index]
    at = {network.depth_symbol: depth}
    for equation in needed(network, wanted):
        _store(env, equation.target, compiler(equation.value)(env, at), change)


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


def _store(env: dict[str, dict[int | None, Any]], target: Quantity, value: Any, change: Change | None) -> None:
    index = target.index
    assert not isinstance(index, Index)  # steps are stored by forward itself
    added = change is not None and change[0] == target
    env.setdefault(target.name, {})[index] = value + change[1] if added else value  # type: ignore[index]
