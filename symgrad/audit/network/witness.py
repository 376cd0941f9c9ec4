"""A network with drawn weights, on which printed gradients are evaluated: exact fractions, or balls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from symgrad.algebra.expression import Apply
from symgrad.api.model import Model, parse
from symgrad.arithmetic import arithmetic
from symgrad.calculus.closed_form import closed_form
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import dense
from symgrad.calculus.values import Values
from symgrad.errors import SymgradError
from symgrad.evidence.draw import Draw
from symgrad.network.bind import opaque
from symgrad.network.read import builtin_names, read_builtin
from symgrad.reading.token import NotUnderstoodError

DEPTH, SEED, DIGITS = 4, 0, 40
WITNESSES = (("softsign", "exact"), ("logistic", "ball"), ("tanh", "ball"))
"""Activations for σ: one with exact values, which tells most claims apart, and the two that texts write out."""
COSTS = frozenset(["C", "L", "E", "J", "ell", "loss", "cost"])
"""Letters of a cost; it is a linear function of the last layer, with drawn weights."""
_INDEX = re.compile(r"([A-Za-z]+)?([+-]?\d+)?")
_COST = "cost_of_all"


def linear_cost(model: Model) -> Model:
    """Return a network with g·a_L in the place of its cost, for any g: ∂C/∂a_L is any row."""
    last = model.steps[-1].target.name
    rows = [row for row in model.text.splitlines() if not _is_closing(row, model)]
    return parse("\n".join([*rows, f"{_COST} = sum(g*{last}[{model.depth_symbol}])"]))


def _is_closing(row: str, model: Model) -> bool:
    name = row.partition("=")[0].strip()
    declared = row.partition(":")[0].strip()
    return name in {e.target.name for e in model.closings} or declared == "y"


@dataclass
class DrawnNetwork:
    """A network at drawn weights. ``env``: the values of all quantities, by name and index."""

    model: Model
    values: Values
    tolerant: bool
    maps: dict[tuple[str, str], Any] = field(default_factory=dict)

    def index(self, text: str, letters: dict[str, int]) -> int:
        """Return the number of an index such as k+1 or L."""
        found = _INDEX.fullmatch(text)
        if not found or not text or (found[1] and found[2] and found[2][0] not in "+-"):
            raise NotUnderstoodError(f"the index {text}")
        start = letters.get(found[1]) if found[1] else 0
        if start is None:
            raise NotUnderstoodError(f"the index {text}")
        return start + int(found[2] or 0)

    def key(self, symbol: str, letters: dict[str, int]) -> tuple[str, int | None]:
        """Return the quantity of the network that a letter with an index is; raises NotUnderstoodError for none."""
        name, _, index = symbol.partition("_")
        if symbol in self.values.env:
            name, index = symbol, ""
        if name not in self.values.env:
            if name in COSTS:
                return _COST, None
            raise NotUnderstoodError(f"{name} is no quantity of the network")
        layers = self.values.env[name]
        if not index and None in layers:
            return name, None
        number = self.index(index, letters)
        if number not in layers:
            raise NotUnderstoodError(f"{name} has no layer {number}")
        return name, number

    def value(self, symbol: str, letters: dict[str, int]) -> Any:
        """Return a quantity as a matrix; a vector is a column."""
        name, number = self.key(symbol, letters)
        return as_matrix(self.values.env[name][number])

    def derivative(self, of: str, wrt: str, letters: dict[str, int]) -> Any:
        """Return a total derivative in numerator layout; what is derived by a matrix has a column for each entry."""
        keys = self.key(of, letters), self.key(wrt, letters)
        above, below = (name if number is None else f"{name}[{number}]" for name, number in keys)
        names = above, below
        if names not in self.maps:
            try:
                form = closed_form(self.model, above, below, DEPTH)
                found = np.asarray(dense(form, self.values, Compiler(self.values), {}, "numerator"), dtype=object)
            except SymgradError as error:
                raise NotUnderstoodError(str(error).splitlines()[0]) from None
            m, n = (np.ndim(self.values.env[name][number]) for name, number in keys)
            axes = (*range(m), *range(m, m + n)[::-1])
            rows = int(np.prod(np.shape(self.values.env[keys[0][0]][keys[0][1]]), dtype=int))
            self.maps[names] = found.transpose(axes).reshape(rows, -1)
        return self.maps[names]

    def immediate(self, of: str, wrt: str, letters: dict[str, int]) -> Any:
        """Return ∂⁺of/∂wrt, with the layer before held constant: the total derivative less what comes through it."""
        _, number = self.key(of, letters)
        if number is None or number < 1:
            raise NotUnderstoodError("an immediate derivative")
        total = self.derivative(of, wrt, letters)
        if number == 1:
            return total
        last = self.model.steps[-1].target.name
        at = {**letters, "before": number - 1}
        before = f"{last}_before"
        return total - self.derivative(of, before, at).dot(self.derivative(before, wrt, at))

    def activation(self, symbol: str, letters: dict[str, int]) -> tuple[str, str]:
        """Return the quantity that is an activation of this one, a_3 for z_3, and this one with its index."""
        name, number = self.key(symbol, letters)
        for equation in self.model.steps:
            value = equation.value
            if isinstance(value, Apply) and [getattr(x, "name", "") for x in value.arguments] == [name] and number:
                return f"{equation.target.name}_{number}", f"{name}_{number}"
        raise NotUnderstoodError(f"an activation of {symbol}")

    def is_array(self, symbol: str) -> bool:
        """Tell whether a letter is a vector or a matrix of the network."""
        layers = self.values.env.get(symbol) or self.values.env.get(symbol.partition("_")[0], {})
        return any(np.ndim(x) > 0 for x in layers.values())

    def same(self, x: Any, y: Any) -> bool:
        """Tell whether two matrices are equal, or balls that overlap."""
        if x.shape != y.shape:
            return False
        differences = (x - y).ravel()
        if self.tolerant:
            return all(d.is_finite() and d.contains(0) for d in differences)
        return all(d == 0 for d in differences)


def as_matrix(x: Any) -> Any:
    """Return a number, a vector or a matrix as a matrix."""
    array = np.asarray(x, dtype=object)
    return array.reshape(1, 1) if array.ndim == 0 else array.reshape(-1, 1) if array.ndim == 1 else array


@lru_cache(maxsize=32)
def witnesses(model: str) -> tuple[DrawnNetwork, ...]:
    """Return a network, built-in by its name or from its equations, with each activation; raises SymgradError."""
    network = linear_cost(read_builtin(model, kind=Model) if model in builtin_names() else parse(model))
    names = [op.name for op in opaque(network).values() if op.kind == "function"]
    found = []
    for activation, kind in WITNESSES if names else WITNESSES[-1:]:
        bound = network.bind(**dict.fromkeys(names, activation)) if names else network
        number_system = arithmetic(kind, DIGITS if kind == "ball" else None)
        with number_system.working():
            values = Draw(bound, DEPTH, SEED).values(number_system)
            forward(bound, values, Compiler(values))
        found.append(DrawnNetwork(bound, values, kind == "ball"))
    return tuple(found)
