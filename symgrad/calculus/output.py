"""What is f(z) in a network: f(z) itself, or a quantity that an equation defines so."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Expression, Quantity, substitute
from symgrad.algebra.index import Index
from symgrad.network.network import Network


def as_output(network: Network, a: Expression) -> Apply | None:
    """Return f(z) where a is f(z) for a function f of a number; None where it is not.

    >>> import symgrad as sg
    >>> as_output(sg.model("chain"), Quantity("a", 2)).arguments
    (Quantity(name='z', index=2),)
    """
    found: Expression | None = a
    if isinstance(a, Quantity):
        found = next((e.value for e in network.equations if e.target == a), None)
        if found is None and isinstance(a.index, int | Index) and _is_a_layer(network, a.index):
            steps = [e for e in network.steps if e.target == Quantity(a.name, Index(network.symbol))]
            found = substitute(steps[0].value, {network.symbol: a.index}) if steps else None
    return found if isinstance(found, Apply) and found.op.kind == "function" else None


def _is_a_layer(network: Network, index: int | Index) -> bool:
    """Tell whether an index is seen to be 1 or more: 3, or the depth."""
    return index > 0 if isinstance(index, int) else index == Index(network.depth_symbol)
