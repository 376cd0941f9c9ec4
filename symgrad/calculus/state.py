"""The state that a recurrence carries from step to step, and the Jacobian of one step.

A component (q, d) of the state at step j is the quantity q[j-d]; a step that reads only a[j-1] has the
one component (a, 0), one that also reads a[j-2] has (a, 1) besides, which a step shifts on.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_algebra import IDENTITY
from symgrad.calculus.jacobian import through
from symgrad.network.network import Network


class Component(NamedTuple):
    """Quantity q[j-lag] as a part of the state at step j."""

    name: str
    lag: int = 0

    def at(self, step: Position) -> Quantity:
        """Return the quantity that the component is at a step: (a, 1) at step j is a[j-1]."""
        return Quantity(self.name, step - self.lag)


Jacobian = Mapping[Component, Mapping[Component, LinearMap]]


@lru_cache(maxsize=4096)
def components(network: Network) -> tuple[Component, ...]:
    """Return the components of the state: each quantity that a later step reads."""
    return tuple(
        Component(e.target.name, lag) for e in network.steps for lag in range(max(network.lags.get(e.target.name, {0})))
    )


def step_symbol(network: Network) -> Index:
    """Return the index j of the step."""
    return Index(network.symbol)


@lru_cache(maxsize=4096)
def step_row(network: Network, of: Quantity, *stops: str | None) -> Mapping[Quantity, LinearMap]:
    """Return the derivative of a quantity at step j by all that step j reads from outside, and by each stop[j]."""
    held = [Quantity(stop, step_symbol(network)) for stop in stops if stop is not None]
    return through(network, network.steps, {of: IDENTITY}, *held)


@lru_cache(maxsize=4096)
def step_jacobian(network: Network) -> Jacobian:
    """Return J_j = ∂(state at j)/∂(state at j-1), by its entries that are not zero."""
    j = step_symbol(network)
    jacobian: dict[Component, dict[Component, LinearMap]] = {}
    for c in components(network):
        if c.lag:
            jacobian[c] = {Component(c.name, c.lag - 1): IDENTITY}
            continue
        jacobian[c] = {
            Component(q.name, j.offset - q.index.offset - 1): m
            for q, m in step_row(network, Quantity(c.name, j)).items()
            if isinstance(q.index, Index) and q.name in network.defined
        }
    return jacobian
