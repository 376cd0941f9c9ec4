"""Local Jacobians: of one equation by what it reads, and through the equations of one step.

The paths inside a step add; along a path the maps multiply. Equations are eliminated last to first, so
that a quantity's paths are summed before they are carried on: the sum stays factored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Apply, Argument, Expression, Quantity
from symgrad.algebra.expression_tree import applications
from symgrad.algebra.index import Index, fresh
from symgrad.algebra.index_sum import Bound, IndexSum, index_sum
from symgrad.algebra.linear_map import Compose, LinearMap, Named, Sum
from symgrad.algebra.map_algebra import IDENTITY
from symgrad.algebra.substitution import free_symbols, substitute
from symgrad.calculus.bound import below, meets, one, put, under
from symgrad.errors import TooLarge
from symgrad.network.equation import Equation
from symgrad.network.graph import acts_otherwise, general
from symgrad.network.network import Network
from symgrad.ops.function import partial

Row = Mapping[Quantity, LinearMap]
"""The derivative of one quantity by each of those it depends on."""


@lru_cache(maxsize=4096)
def local_jacobian(network: Network, equation: Equation) -> Row:
    """Return ∂target/∂q for each quantity q that the equation reads, the others held fixed."""
    return _jacobian(network, equation.value, equation.target)


@lru_cache(maxsize=4096)
def named_jacobian(network: Network, equation: Equation) -> Row:
    """Return the local Jacobian with each entry under its name, but 0; ∂⁺ where q also acts on another way."""

    def named(q: Quantity, m: LinearMap) -> LinearMap:
        summed = isinstance(q, Bound) and q.name in network.defined  # s_t acts through later steps too
        several = summed or q.name in network.fixed or acts_otherwise(network.by_name, equation.target, one(q))
        return m if m == M.ZERO else Named(equation.target, one(q), m, "equation" if several else "total")

    return {q: named(q, m) for q, m in local_jacobian(network, equation).items()}


def _jacobian(network: Network, e: Expression, name: Quantity | None = None) -> Row:
    match e:
        case Quantity():
            return {e: IDENTITY}
        case Apply(op, arguments) if op.kind == "scalar":
            maps = _named_partials(network, e, name or Quantity(op.name))
        case Apply(op, arguments) if op.kind == "partial" and name is not None:
            maps = _second_partials(network, e, name)
        case Apply(op, arguments):
            given = tuple(Argument(a, network.shape_of(a)) for a in arguments)
            maps = op.jacobian(M, given, network.shape_of(e))
        case IndexSum():
            return _of_sum(network, e)
        case _:
            return {}
    paths: dict[Quantity, list[LinearMap]] = {}
    for m, argument in zip(maps, arguments, strict=True):
        _accumulate(paths, m, _jacobian(network, argument))
    return {q: M.add(*found) for q, found in paths.items()}


def _of_sum(network: Network, e: IndexSum) -> Row:
    """Return Σ_k dp_k for a sum, and Σ_k (∏_{s ≠ k} p_s) dp_k for a product."""
    paths: dict[Quantity, list[LinearMap]] = {}
    factor: LinearMap = IDENTITY
    if e.kind == "prod":
        other = fresh(e.symbol, {e.symbol, *free_symbols(e.body), *e.range.free})
        others = e.range._replace(symbol=other, without=(*e.without, Index(e.symbol)))
        shape = network.shape_of(e.body)
        rest = index_sum(others, substitute(e.body, {e.symbol: Index(other)}), "prod")
        factor = M.elementwise(Argument(rest, shape), Argument(e.body, shape), shape)
    for q, m in _jacobian(network, e.body).items():
        put(paths, *under(e.range, q, M.compose(factor, m)))
    return {q: M.add(*found) for q, found in paths.items()}


def _named_partials(network: Network, e: Apply, name: Quantity) -> tuple[LinearMap, ...]:
    """Return the rows ∂C/∂a_L of C = cost(a[L], y), each under its name where its argument is a quantity."""
    maps = []
    for i, argument in enumerate(e.arguments):
        value: Expression = Apply(partial(e.op.name, e.op.record, i), e.arguments)
        others = e.arguments[:i] + e.arguments[i + 1 :]
        named = isinstance(argument, Quantity) and not any(_may_be(argument, other) for other in others)
        if isinstance(argument, Quantity) and named and not _is_called_otherwise(network, e, argument, name):
            own = any(x.target == name for x in network.by_name.get(name.name, ()))
            value = Partial(name, argument, value, own and acts_otherwise(network.by_name, name, argument))
        maps.append(M.row(value, network.shape_of(argument)))
    return tuple(maps)


def _is_called_otherwise(network: Network, e: Apply, q: Quantity, name: Quantity) -> bool:
    """Tell whether a function is called with q and other arguments too: then ∂f/∂q does not say which is meant."""
    if name.name != e.op.name:
        return False
    calls = (a for x in network.equations for a in applications(x.value) if a.op.name == e.op.name)
    return any(q in a.arguments and a.arguments != e.arguments for a in calls)


def _second_partials(network: Network, e: Apply, name: Quantity) -> tuple[LinearMap, ...]:
    """Return the maps ∂²C/∂a∂a of ∂C/∂a, each under its name where its argument is a quantity."""
    given = tuple(Argument(a, network.shape_of(a)) for a in e.arguments)
    maps = e.op.jacobian(M, given, network.shape_of(e))
    return tuple(
        map_tree.rewrite(m, lambda x, a=a: Partial(name, a, x)) if isinstance(a, Quantity) else m  # type: ignore[misc]
        for m, a in zip(maps, e.arguments, strict=True)
    )


def _may_be(q: Quantity, e: Expression) -> bool:
    """Tell whether e is q, or is at some depth, as a[2] is a[L] at L = 2: then a derivative by q says too little."""
    if not isinstance(e, Quantity) or e.name != q.name:
        return False
    fixed = [p.index for p in (q, e) if isinstance(p.index, int)]
    return e == q or (len(fixed) == 1 and fixed[0] > 0)


FACTORED = 100
"""Leaves from which the factors are taken out that the terms of a sum share."""
LARGEST = 10_000
"""Leaves beyond which a derivative is not written."""


def _accumulate(paths: dict[Quantity, list[LinearMap]], m: LinearMap, more: Row) -> None:
    for q, inner in more.items():
        put(paths, q, M.compose(m, inner))


def bounded(q: Quantity, m: LinearMap, known: dict[int, tuple[LinearMap, int]]) -> LinearMap:
    """Return a map with shared factors taken out where it is large; TooLarge where it stays larger than a page."""
    if map_tree.extent(m, known) <= FACTORED:
        return m
    m = M.factored(m)
    if map_tree.extent(m, known) > LARGEST:
        raise TooLarge(
            f"the derivative by {q} has more than {LARGEST:,} factors: the equations read each other on too many paths",
            todo="let fewer equations of one step read each other, or take numbers: model.gradients(...)",
        )
    return m


def through(
    network: Network,
    equations: Sequence[Equation],
    row: Row,
    *stops: Quantity | None,
) -> dict[Quantity, LinearMap]:
    """Carry a row backwards through equations, in order, until only what they do not define is left.

    ``stops`` are held as variables of their own: the paths end there. The result is the chain rule as it is written,
    in names of derivatives, before their values are put in.
    """
    paths = {q: [m] for q, m in row.items()}
    known: dict[int, tuple[LinearMap, int]] = {}
    held = {general(stop) for stop in stops if stop is not None}
    for equation in reversed(equations):
        if general(equation.target) in held:
            continue
        for q in [q for q in paths if meets(equation.target, q)]:
            m = M.add(*paths.pop(q))
            if isinstance(m.maps[-1] if isinstance(m, Compose) else m, Sum):  # a product of leaves is no larger
                m = bounded(equation.target, m, known)
            if q == equation.target:
                _accumulate(paths, m, named_jacobian(network, equation))
                continue
            for r, inner in named_jacobian(network, equation).items():
                put(paths, *below(equation.target, q, m, r, inner))
    carried = {q: M.add(*maps) for q, maps in paths.items()}
    return {q: m for q, m in carried.items() if m != M.ZERO}
