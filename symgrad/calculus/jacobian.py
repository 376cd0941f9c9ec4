"""Local Jacobians: of one equation by what it reads, and through the equations of one step.

The paths inside a step add; along a path the maps multiply. Equations are eliminated last to first, so
that a quantity's paths are summed before they are carried on: the sum stays factored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from symgrad.algebra import linear_map as M
from symgrad.algebra.expression import Apply, Argument, Expression, Partial, Quantity
from symgrad.algebra.linear_map import IDENTITY, LinearMap, Named
from symgrad.network.equation import Equation
from symgrad.network.graph import acts_otherwise
from symgrad.network.network import Network
from symgrad.ops.function import partial

Row = Mapping[Quantity, LinearMap]
"""The derivative of one quantity by each of those it depends on."""

Local = Callable[[Network, Equation], Row]
"""What gives the Jacobian of one equation: ``local_jacobian``, or ``named_jacobian``."""


@lru_cache(maxsize=4096)
def local_jacobian(network: Network, equation: Equation) -> Row:
    """Return ∂target/∂q for each quantity q that the equation reads, the others held fixed."""
    return _jacobian(network, equation.value, equation.target)


@lru_cache(maxsize=4096)
def named_jacobian(network: Network, equation: Equation) -> Row:
    """Return the local Jacobian with each entry under its name; ∂⁺ where q also acts on another way."""

    def scope(q: Quantity) -> str:
        several = q.name in network.fixed or acts_otherwise(network.equations, equation.target, q)
        return "equation" if several else "total"

    return {q: Named(equation.target, q, m, scope(q)) for q, m in local_jacobian(network, equation).items()}


def _jacobian(network: Network, e: Expression, name: Quantity | None = None) -> Row:
    match e:
        case Quantity():
            return {e: IDENTITY}
        case Apply(op, arguments) if op.kind == "scalar":
            maps = _named_partials(network, e, name or Quantity(op.name))
        case Apply(op, arguments):
            given = tuple(Argument(a, network.shape_of(a)) for a in arguments)
            maps = op.jacobian(M, given, network.shape_of(e))
        case _:
            return {}
    row: dict[Quantity, LinearMap] = {}
    for m, argument in zip(maps, arguments, strict=True):
        _accumulate(row, m, _jacobian(network, argument))
    return row


def _named_partials(network: Network, e: Apply, name: Quantity) -> tuple[LinearMap, ...]:
    """Return the rows ∂C/∂a_L of C = cost(a[L], y), each under its name where its argument is a quantity."""
    maps = []
    for i, argument in enumerate(e.arguments):
        value: Expression = Apply(partial(e.op.name, e.op.record, i), e.arguments)
        if isinstance(argument, Quantity) and e.arguments.count(argument) == 1:
            own = any(x.target == name for x in network.equations)
            value = Partial(name, argument, value, own and acts_otherwise(network.equations, name, argument))
        maps.append(M.row(value, network.shape_of(argument)))
    return tuple(maps)


def _accumulate(row: dict[Quantity, LinearMap], m: LinearMap, more: Row) -> None:
    for q, inner in more.items():
        path = M.compose(m, inner)
        row[q] = M.add(row[q], path) if q in row else path


def through(
    network: Network,
    equations: Sequence[Equation],
    row: Row,
    stop: Quantity | None = None,
    local: Local = local_jacobian,
) -> dict[Quantity, LinearMap]:
    """Carry a row backwards through equations, in order, until only what they do not define is left.

    ``stop`` is held as a variable of its own: the paths end there. ``local`` gives the Jacobian of one
    equation; with ``named_jacobian`` the result is the chain rule as it is written, before values are put in.
    """
    carried = dict(row)
    for equation in reversed(equations):
        if equation.target in carried and equation.target != stop:
            _accumulate(carried, carried.pop(equation.target), local(network, equation))
    return {q: m for q, m in carried.items() if m != M.ZERO}
