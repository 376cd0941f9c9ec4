"""The numbers that backward equations give: each cotangent by those on its right side, in any arithmetic.

What an equation reads is computed before it, with no recursion over the steps; the cost is linear in the depth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.span import Span
from symgrad.algebra.substitution import move
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler
from symgrad.calculus.meeting import Back
from symgrad.calculus.unfold import stable
from symgrad.calculus.values.values import Values
from symgrad.errors import NotDefined

Numbers = dict[str, int]
Change = Callable[[LinearMap], LinearMap]
"""What is done to the maps before they are applied: the binding of functions."""


def numberings(spans: Collection[Span], at: Mapping[str, int]) -> Iterator[Numbers]:
    """Yield the numbers of the symbols of some spans, the first span outermost, with the numbers in ``at``."""
    found = [dict(at)]
    for span in spans:
        if missing := span.free - {*at, *(s.symbol for s in spans)}:
            raise NotDefined(f"the end {min(missing)} of a sum has no number here", todo="write --form product")
        found = [{**known, span.symbol: n} for known in found for n in span.numbers(known)]
    yield from found


class BackwardValues:
    """The cotangents of one backward pass, at values of the quantities; called inside ``arithmetic.working()``."""

    def __init__(
        self, equations: BackwardPass, values: Values, compiler: Compiler, change: Change = lambda m: m
    ) -> None:
        self.equations, self.values, self.change = equations, values, change
        self.apply = Evaluation(values, compiler).apply
        self.depth = {**values.ends, equations.network.depth_symbol: values.depth}
        self.instances: dict[Quantity, tuple[BackwardEquation, Numbers]] = {}
        for e in equations.equations:
            for at in numberings(e.ranges, self.depth):
                self.instances[move(e.wrt, at)] = e, at
        self.found: dict[Quantity, Any] = {}
        """What is known; ∂of/∂of is 1."""
        of = move(equations.of, self.depth)
        self.seed = values.arithmetic.ones_like(values[of])
        self.found[of] = self.seed
        self._maps: dict[int, tuple[Back, LinearMap]] = {}

    def __getitem__(self, q: Quantity) -> Any:
        """Return ∂of/∂q, its index a number, in the shape of q."""
        found = self.value(q)
        if found is not NOTHING:
            return found
        shape = self.values.shape(q)
        return self.values.arithmetic.array(np.zeros(shape, dtype=int), shape)

    def value(self, q: Quantity) -> Any:
        """Return ∂of/∂q, or nothing where it is 0."""
        pending = [(q, False)]
        while pending:
            x, entered = pending.pop()
            if x in self.found:
                continue
            if x not in self.instances:
                raise NotDefined(f"no backward equation gives the derivative by {x}", todo="ask for it: wrt=[...]")
            e, at = self.instances[x]
            if entered:
                self.found[x] = self._total(e.readers, at)
            else:
                pending.append((x, True))
                pending += [(r, False) for b in e.readers for r in self._read(b, at) if r not in self.found]
        return self.found[q]

    def _read(self, b: Back, at: Numbers) -> Iterator[Quantity]:
        """Yield the quantities whose cotangents a reader pulls back."""
        for inner in numberings(b.sums, at):
            if isinstance(b.source, Quantity):
                if b.source != self.equations.of:
                    yield move(b.source, inner)
            else:
                for x in b.source:
                    yield from self._read(x, inner)

    def _total(self, readers: Iterable[Back], at: Numbers) -> Any:
        total = NOTHING
        for b in readers:
            for inner in numberings(b.sums, at):
                total = _plus(total, self._pulled(b, inner))
        return total

    def _pulled(self, b: Back, at: Numbers) -> Any:
        """Return what one reader gives; a loss is pulled back past the output that it is made for."""
        if isinstance(b.source, Quantity):
            of = b.source == self.equations.of
            return self._back(b, b.map, self.seed if of else self.found[move(b.source, at)], at)
        direct = [x for x in b.source if x.source == self.equations.of and not x.sums]
        total = NOTHING
        if direct:
            total = self._back(b, M.compose(M.add(*[x.map for x in direct]), b.map), self.seed, at)
        g = self._total([x for x in b.source if x not in direct], at)
        return _plus(total, self._back(b, b.map, g, at))

    def _back(self, b: Back, m: LinearMap, g: Any, at: Numbers) -> Any:
        return self.apply(M.transpose(self.change(self._stable(m))), g, at)

    def _stable(self, m: LinearMap) -> LinearMap:
        if id(m) not in self._maps:
            depth = self.depth
            self._maps[id(m)] = m, stable(self.equations.network, map_tree.at_index(m, depth), self.values.depth)  # type: ignore[assignment]
        return self._maps[id(m)][1]


def _plus(x: Any, y: Any) -> Any:
    if x is NOTHING or y is NOTHING:
        return y if x is NOTHING else x
    return x + y
