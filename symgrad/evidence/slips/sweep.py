"""A derivative by backpropagation, right or with a slip, as one array for each quantity that it is by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np
from flint import arb

from symgrad.algebra.expression import Quantity, written
from symgrad.algebra.index import Place, place
from symgrad.calculus.backward import backward
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.gradients import first_and_others, places_of
from symgrad.calculus.numeric import idle
from symgrad.calculus.values.read import read_values
from symgrad.calculus.values.values import Values
from symgrad.errors import TooLarge
from symgrad.evidence.slips.tape import Slip, SlippedTape
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity

Parts = Mapping[str, Any]
"""Arrays by the names of the quantities that the derivative is by: W[1], W[2], ..., each in the derivative's layout."""
MOST_ROWS = 64
"""Entries of what is differentiated: each is a sweep of its own."""


@dataclass
class Asked:
    """∂of/∂wrt at given values; in numerator layout ``of`` goes down, but a number's derivative has wrt's shape."""

    network: Network
    of: str
    wrt: str
    given: Mapping[str, Any]
    depth: int | None = None
    layout: str = "numerator"
    _known: dict[tuple[str, int | None, int], _Forward] = field(default_factory=dict)

    def right(self, arithmetic: str, digits: int | None = None) -> Parts:
        """Return the derivative in an arithmetic; raises ValuesError and as ``Model.gradients``."""
        return self.with_slip(None, arithmetic, digits)

    def with_slip(self, slip: Slip | None, arithmetic: str, digits: int | None = None, rounded: int = 0) -> Parts:
        """Return what backpropagation gives with something wrong in it; rounded: to so many bits the values are."""
        return self._forward(arithmetic, digits, rounded).parts(slip, self.layout)

    def of_others(self, arithmetic: str, digits: int | None = None, rounded: int = 0) -> Parts:
        """Return the derivatives by every other quantity, by name."""
        return self._forward(arithmetic, digits, rounded).others()

    @cached_property
    def sizes(self) -> dict[str, int]:
        """What the dimensions and the depth are in numbers, by their names."""
        values = self._forward("ball", 60).values
        found = {str(d): n for d, (n, _) in values.sizes.items()}
        return found | ({self.network.depth_symbol: values.depth} if self.network.steps else {}) | values.ends

    def depth_number(self) -> int:
        """Return the number of steps."""
        return self._forward("ball", 60).values.depth

    def _forward(self, arithmetic: str, digits: int | None, rounded: int = 0) -> _Forward:
        key = arithmetic, digits, rounded
        if key not in self._known:
            self._known[key] = _Forward.at(self, arithmetic, digits, rounded)
        return self._known[key]


@dataclass
class _Forward:
    """The values of all quantities, from which sweeps go back."""

    values: Values
    compiler: Compiler
    of: Quantity
    name: str
    places: list[Place]

    @classmethod
    def at(cls, asked: Asked, arithmetic: str, digits: int | None, rounded: int) -> _Forward:
        check_depth(asked.depth)
        network = asked.network
        above, below = network.resolve(read_quantity(asked.of, "of")), read_quantity(asked.wrt, "wrt")
        values = read_values(
            network, asked.given, arithmetic, digits, asked.depth, idle(network, {above}) - {below.name}
        )
        above = network.resolve(above, None if network.grid else values.depth)
        found = places_of(network, below, values)
        compiler = Compiler(values)
        with values.arithmetic.working():
            for layers in values.env.values() if rounded else ():
                layers.update({p: x * arb(1, 2**-rounded) for p, x in layers.items()})
            forward(network, values, compiler, wanted=(above, below))
        numbers = product(*(p if isinstance(p, range) else (p,) for p in found.positions))
        return cls(values, compiler, above, found.name, [place(n, {}) for n in numbers])

    def parts(self, slip: Slip | None, layout: str) -> Parts:
        """Return the derivative, with a slip."""
        seeds = list(self._seeds())
        with self.values.arithmetic.working():
            swept = [self._swept(slip, seed, {self.name}) for seed in seeds]
            return {
                str(written(self.name, p)): self._laid_out([s(self.name, p) for s in swept], layout)
                for p in self.places
            }

    def others(self) -> Parts:
        """Return the derivatives of a number by all quantities but the one that is asked for."""
        with self.values.arithmetic.working():
            [seed] = self._seeds()
            names = set(self.values.env) - {self.name}
            swept = self._swept(None, seed, names)
            return {str(written(n, p)): swept(n, p) for n in sorted(names) for p in self.values.env[n]}

    def _seeds(self) -> list[Any]:
        A, shape = self.values.arithmetic, np.shape(self.values[self.of])
        count = int(np.prod(shape, dtype=int))
        if count > MOST_ROWS:
            raise TooLarge(f"{self.of} has {count:,} entries", todo=f"take a quantity of at most {MOST_ROWS}")
        with A.working():
            return [
                A.array(row, shape) if shape else A.number(1) for row in np.eye(count, dtype=int).reshape(-1, *shape)
            ]

    def _swept(self, slip: Slip | None, seed: Any, names: set[str]) -> Any:
        values = self.values
        tape = SlippedTape(values, self.compiler, names, slip)
        found = backward(values.network, values, self.of, seed, self.compiler, names, tape)

        def one(name: str, p: Place) -> Any:
            g = found.get(name, {}).get(p)
            if g is not None:
                return g
            numbers = () if p is None else p if isinstance(p, tuple) else (p,)
            shape = values.shape(values.network.arranged(Quantity(name, *first_and_others(numbers))))
            return values.arithmetic.array(np.zeros(shape, dtype=int), shape) if shape else values.arithmetic.number(0)

        return one

    def _laid_out(self, rows: list[Any], layout: str) -> Any:
        above = np.ndim(self.values[self.of])
        if not above:
            return rows[0]
        whole = np.array(rows, dtype=object).reshape(*np.shape(self.values[self.of]), *np.shape(rows[0]))
        down, across = range(above), range(above, whole.ndim)
        axes = (*down, *reversed(across)) if layout == "numerator" else (*across, *reversed(down))
        return whole.transpose(axes)
