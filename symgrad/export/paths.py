"""A derivative as the sum of its paths, each a product of Jacobians: 2^L of them through L residual blocks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from symgrad.algebra.linear_map import LinearMap
from symgrad.calculus.multiplied import multiplied_out
from symgrad.export.derivative import Presentation


@dataclass(frozen=True)
class PathsPresentation(Presentation):
    """A closed form with its products of sums multiplied out; nothing in it has a name but what has one anyway."""

    @cached_property
    def _named(self) -> LinearMap:
        return self.closed.map

    def _written(self, m: LinearMap) -> LinearMap:
        return multiplied_out(super()._written(m))
