"""The derivative of a quantity of a grid by another, at a number for the depths: the sum over the paths, factored.

The equations at their numbers are eliminated from the last to the first, so that the paths to a quantity are summed
before they are carried on: of h[L,T] by h[l,t] the sum over the lattice paths from (l, t) to (L, T).
"""

from __future__ import annotations

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import symbols
from symgrad.algebra.index_sum import Bound
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_algebra import IDENTITY
from symgrad.algebra.substitution import move
from symgrad.calculus.jacobian import bounded, local_jacobian
from symgrad.errors import IndexRangeError, NotDefined
from symgrad.network.network import Network
from symgrad.network.schedule import Instance, read_places, scheduled, under


def grid_form(network: Network, of: Quantity, wrt: Quantity, depth: int | None) -> LinearMap:
    """Return ∂of/∂wrt of a grid; of and wrt have numbers for indices.

    Raises NotDefined without a number for the depths, IndexRangeError for a quantity that is not there.
    """
    if depth is None:
        raise NotDefined(
            f"∂{of}/∂{wrt} of several recurrences, or of one that reads the step after it, is not written at a "
            "symbolic depth",
            todo="give the depth as a number, --depth 3, or write --form backward",
        )
    ends = dict.fromkeys(network.depths, depth)
    families = {s.symbol for s in network.ranges.values() if s.free - set(ends)}
    if families:
        raise NotDefined(
            f"how many members {min(families)} runs through is not known",
            todo=f"write a number in the range of {min(families)}: '{min(families)}: range(1, 4)'",
        )
    for q in (of, wrt):
        for letter in sorted(symbols(q.indices)):
            raise IndexRangeError(f"the index {letter} of {q} has no number", todo="give a number in its place")
    order = scheduled(network, ends)
    _check(order, of, wrt)
    paths: dict[Quantity, list[LinearMap]] = {of: [IDENTITY]}
    known: dict[int, tuple[LinearMap, int]] = {}
    for i in reversed(order):
        target = move(i.equation.target, i.at)
        if target in paths and target != wrt:
            m = bounded(target, M.add(*paths.pop(target)), known)
            for q, inner in _row(network, i):
                paths.setdefault(q, []).append(M.compose(m, inner))
    return M.add(*paths.get(wrt, [M.ZERO]))


def _row(network: Network, i: Instance) -> list[tuple[Quantity, LinearMap]]:
    """Return the local Jacobian of an equation at its numbers, each term of a sum for itself."""
    found = []
    for q, m in local_jacobian(network, i.equation).items():
        for at in under(q.spans if isinstance(q, Bound) else (), i.at):
            found.append((move(q.one if isinstance(q, Bound) else q, at), map_tree.at_index(m, at)))
    return found


def _check(order: tuple[Instance, ...], *asked: Quantity) -> None:
    there = {(i.equation.target.name, i.place) for i in order}
    there.update(key for i in order for key in read_places(i))
    for q in asked:
        if (q.name, q.place({})) not in there:
            places = [p for name, p in there if name == q.name and p is not None]
            numbers = [p if isinstance(p, tuple) else (p,) for p in places]
            first, last = min(numbers, default=()), max(numbers, default=())
            shown = [str(Quantity(q.name, None, n)) for n in (first, last)]
            raise IndexRangeError(f"{q} does not exist", todo=f"give numbers from {shown[0]} to {shown[1]}")
