"""What is f(z) in a network: f(z) itself, or a quantity that an equation defines so."""

from __future__ import annotations

from symgrad.algebra.expression import Apply, Expression, Quantity, substitute
from symgrad.algebra.index import Index, difference
from symgrad.algebra.op import Op
from symgrad.network.network import Network


def as_output(network: Network, a: Expression) -> Apply | None:
    """Return f(z) where a is f(z) for a function f of a number; None where it is not.

    >>> import symgrad as sg
    >>> as_output(sg.model("chain"), Quantity("a", 2)).arguments
    (Quantity(name='z', index=2),)
    """
    found = definition(network, a) if isinstance(a, Quantity) else a
    return found if isinstance(found, Apply) and found.op.kind == "function" else None


def definition(network: Network, q: Quantity) -> Expression | None:
    """Return the right side of the equation that defines q, at its index; None where there is none for sure."""
    found: Expression | None = next((e.value for e in network.equations if e.target == q), None)
    if found is None and isinstance(q.index, int | Index) and _is_a_layer(network, q.index):
        steps = [e for e in network.steps if e.target == Quantity(q.name, Index(network.symbol))]
        found = substitute(steps[0].value, {network.symbol: q.index}) if steps else None
    return found


def _is_a_layer(network: Network, index: int | Index) -> bool:
    """Tell whether an index is seen to be 1 or more: 3, or the depth."""
    return index > 0 if isinstance(index, int) else index == Index(network.depth_symbol)


def output_of(network: Network, f: Op, x: Expression) -> Expression:
    """Return the quantity that is f(x) in the network, or f(x) itself."""
    for equation in network.equations:
        value, target = equation.value, equation.target
        if isinstance(value, Apply) and value.op == f:
            [argument] = value.arguments
            if argument == x:
                return target
            match argument, x, target.index:
                case Quantity(name, Index() as read), Quantity(other, int() | Index() as at), Index() as defined:
                    if name == other:
                        return Quantity(target.name, at + (difference(defined, read) or 0))
    return Apply(f, (x,))
