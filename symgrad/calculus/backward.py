"""Reverse accumulation over the unrolled network: backpropagation, by the pull-backs of the operations.

It shares with the closed forms the equations and nothing else: no linear maps, no step Jacobian.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgrad.algebra.expression import Apply, Constant, Expression, Number, Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.op import Op
from symgrad.calculus.forward import Compiler
from symgrad.calculus.values import Values
from symgrad.errors import ModelError
from symgrad.network.equation import Equation
from symgrad.network.network import Network

Cotangents = dict[str, dict[int | None, Any]]
"""By name and index: the derivative of the chosen quantity, in the shape of the quantity."""

Pull = Callable[[Any, Any, dict[str, int]], None]
"""A compiled pull-back: (cotangent, value of the expression, index numbers); adds to the cotangents."""


def backward(network: Network, values: Values, of: Quantity, seed: Any, compiler: Compiler) -> Cotangents:
    """Return the cotangents of all quantities, for the cotangent ``seed`` of the quantity ``of``.

    ``values`` holds the forward values. The cost is linear in the depth.
    """
    tape = _Tape(values, compiler)
    depth, symbol = values.depth, network.symbol
    last = of.index if isinstance(of.index, int) else depth
    tape.add(of.name, of.index if not isinstance(of.index, Index) else depth + of.index.offset, seed)
    at = {network.depth_symbol: depth}
    for equation in reversed(network.closings):
        tape.pull(equation, at)
    at = {symbol: 0}
    steps = [(tape.compiled(e), tape.found.setdefault(e.target.name, {}), values.env[e.target.name]) for e in
             reversed(network.steps)]
    for j in range(min(last, depth), 0, -1):
        at[symbol] = j
        for pull, cotangents, known in steps:
            g = cotangents.get(j)
            if g is not None:
                pull(g, known[j], at)
    for equation in reversed(network.openings):
        tape.pull(equation, {})
    return tape.found


class _Tape:
    def __init__(self, values: Values, compiler: Compiler) -> None:
        self.values, self.A, self.compile = values, values.arithmetic, compiler
        self.found: Cotangents = {}
        self._pulls: dict[int, Pull] = {}

    def add(self, name: str, index: int | None, g: Any) -> None:
        """Add to the cotangent of a quantity."""
        known = self.found.setdefault(name, {})
        known[index] = known[index] + g if index in known else g

    def compiled(self, equation: Equation) -> Pull:
        """Return the pull-back of an equation's right side."""
        return self._pull(equation.value)

    def pull(self, equation: Equation, at: dict[str, int]) -> None:
        """Pull the cotangent of one equation that carries no step index."""
        target = equation.target
        index = target.index
        assert not isinstance(index, Index)  # noqa: S101
        g = self.found.get(target.name, {}).get(index)
        if g is not None:
            self.compiled(equation)(g, self.values.env[target.name][index], at)

    def _pull(self, e: Expression) -> Pull:
        match e:
            case Quantity(name, Index(symbol, offset)):
                known = self.found.setdefault(name, {})

                def add_at(g: Any, _: Any, at: dict[str, int]) -> None:
                    index = at[symbol] + offset
                    known[index] = known[index] + g if index in known else g

                return add_at
            case Quantity(name, index):
                return lambda g, _, at: self.add(name, index, g)
            case Number() | Constant():
                return lambda g, _, at: None
            case Apply(op, arguments):
                return self._apply(op, arguments)
        raise ModelError(f"{e} cannot be differentiated")

    def _apply(self, op: Op, arguments: tuple[Expression, ...]) -> Pull:
        A, env, rule = self.A, self.values.env, op.pullback
        inner = [(self.compile(a), self._pull(a)) for a in arguments]
        if len(inner) == 1:
            [(argument, pull)] = inner

            def unary(g: Any, y: Any, at: dict[str, int]) -> None:
                x = argument(env, at)
                pull(rule(A, g, y, x)[0], x, at)

            return unary

        def several(g: Any, y: Any, at: dict[str, int]) -> None:
            xs = [value(env, at) for value, _ in inner]
            for (_, pull), x, gx in zip(inner, xs, rule(A, g, y, *xs), strict=True):
                pull(gx, x, at)

        return several


