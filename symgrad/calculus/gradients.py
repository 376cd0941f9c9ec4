"""The derivatives of one number by all quantities at once: one sweep forward, one sweep backward.

Reverse accumulation carries g_j = ∂C/∂s_j from the last layer to the first, and each layer's parameters take
their derivative from it on the way: the cost is that of a few evaluations of C, however many derivatives are
asked for. A closed form costs as much for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position, number, place, symbols
from symgrad.algebra.span import Span
from symgrad.arithmetic.events import float_events, kink_events
from symgrad.calculus.backward import Cotangents, backward
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import idle, tell
from symgrad.calculus.summed import SummedTape
from symgrad.calculus.values.read import read_values
from symgrad.calculus.values.values import Values, value_name
from symgrad.errors import IndexRangeError, ShapeError
from symgrad.network.network import Network
from symgrad.network.syntax.read import read_quantity


def gradients(
    network: Network,
    of: str,
    wrt: Iterable[str] | None,
    given: Mapping[str, Any],
    arithmetic: str = "float",
    digits: int | None = None,
    depth: int | None = None,
    summed: bool = False,
) -> dict[str, Any]:
    """Return ∂of/∂q of a number ``of``, by name: each in the shape of q, of all layers where q carries an index.

    summed: whether the gradients by what all items of a batch share are the sums over them. wrt: names as those of the
    values, "w", "W", "a[0]"; every parameter that is read for None. What carries an index has the layers where it
    exists on the first axis: an array, or a list where the shapes differ.
    """
    check_depth(depth)
    target = one_number(network, of)
    unread = idle(network, {target})
    names = _names(network, unread) if wrt is None else [wrt] if isinstance(wrt, str) else list(wrt)
    values = read_values(network, given, arithmetic, digits, depth, unread - {*names})
    target = network.resolve(target, None if network.grid else values.depth)
    places = {name: places_of(network, read_quantity(name), values) for name in names}
    wanted = {p.name for p in places.values()}
    compiler = Compiler(values)
    with values.arithmetic.working(), float_events() as events, kink_events() as kinks:
        forward(network, values, compiler, wanted=(target,))
        seed = values.arithmetic.ones_like(values[target])
        summed = summed and values.arithmetic.name == "batch"
        tape = SummedTape(values, compiler, wanted) if summed else None
        found = backward(network, values, target, seed, compiler, wanted, tape)
        result = {name: _collected(values, found, places[name], np.shape(seed), summed) for name in names}
    tell(f"the gradients of {of} were evaluated", arithmetic, events, kinks)
    return result


def one_number(network: Network, of: str) -> Quantity:
    """Return the quantity ``of``; IndexRangeError or ShapeError where it is not one number."""
    target = network.resolve(read_quantity(of, "of"))
    if isinstance(target.index, Index) and target.index.symbol != network.depth_symbol:
        raise IndexRangeError(
            f"the index {target.index.symbol} of {target} has no number",
            todo=f"give a number, or {target.name}[{network.depth_symbol}]",
        )
    if network.shape(target):
        raise ShapeError(
            f"{target} is an array, and a gradient is of one number",
            where=f"model {network.name}",
            todo=f"derive a number, or take the Jacobian: derivative({of!r}, ...)",
        )
    return target


def _names(network: Network, unread: Collection[str]) -> list[str]:
    """Return the names of all parameters, as values are given for them, but for those that nothing reads."""
    read = [q for q in network.parameters if q.name not in unread]
    return [value_name(q) for q in read]


@dataclass(frozen=True)
class Places:
    """Quantities of one name: one, or all its layers and members, an axis for each index that is left open."""

    name: str
    positions: tuple[int | range, ...]


def places_of(network: Network, q: Quantity, values: Values) -> Places:
    """Return where a quantity is: one, or all its layers and members for a name without an index."""
    depth = values.depth
    if q.indices or not network.names.get(q.name, False):
        q = network.resolve(q, None if network.grid else depth)
        if network.grid:
            return Places(q.name, tuple(_open(p, s, values) for p, s in zip(q.further, network.spans(q), strict=True)))
        if symbols(q.indices):
            raise IndexRangeError(f"the index of {q} has no number", todo=f"give a number, or {q.name} for all layers")
        return Places(q.name, q.indices)  # type: ignore[arg-type]  # all are numbers
    first = 1 if q.name in network.defined else network.first_index(q.name)
    last = depth if q.name in network.defined else network.last_index(q.name, depth)
    known = network.general(network.example(q.name))
    ends = {**values.ends, network.depth_symbol: depth}
    open_: list[int | range] = []
    for p, span in zip(known.further, network.spans(known), strict=True):
        numbers = list(span.numbers(ends))
        open_.append(p if isinstance(p, int) else range(numbers[0], numbers[-1] + 1))
    if known.index is not None:
        open_.insert(known.ahead, range(first, last + 1))
    return Places(q.name, tuple(open_))


def _open(p: Position, span: Span, values: Values) -> int | range:
    """Return an index of a grid: all of its range for its letter, as t in h[0,t], else a number, as T + 1 in b[T+1]."""
    if p == Index(span.symbol):
        numbers = list(span.numbers(values.ends))
        return range(numbers[0], numbers[-1] + 1)
    if not symbols((p,)) <= values.ends.keys():
        raise IndexRangeError(f"the index {p} has no number", todo=f"give a number, or {span.symbol} for all of them")
    return number(p, values.ends)


def _collected(values: Values, found: Cotangents, places: Places, batch: tuple[int, ...], summed: bool) -> Any:
    """Return the cotangents as arrays of their own, 0 where there is none, for every item of the batch or for all."""
    known, network, A = found.get(places.name, {}), values.network, values.arithmetic
    given = values.env.get(places.name, {}) if summed else {}
    parameters = {value_name(q) for q in network.parameters}

    def quantity(numbers: tuple[int, ...]) -> Quantity:
        return network.arranged(Quantity(places.name, *first_and_others(numbers)))

    def one(numbers: tuple[int, ...]) -> Any:
        at = numbers[0] if len(numbers) == 1 else place(numbers, {})
        g = known.get(at)
        if g is None:
            shape = values.shape(quantity(numbers))
            g = A.array(np.zeros(shape, dtype=int), shape)
        is_given = at in given and (places.name in parameters or str(quantity(numbers)) in parameters)
        if is_given and given[at].shape[-1] == 1:
            return A.of_all_items(g)[..., 0]  # type: ignore[attr-defined]
        return np.broadcast_to(g, g.shape[:-1] + batch) if batch and g.shape[-1:] != batch else g

    def along(positions: tuple[int | range, ...], numbers: tuple[int, ...]) -> Any:
        if not positions:
            return one(numbers)
        if isinstance(positions[0], int):
            return along(positions[1:], (*numbers, positions[0]))
        if len(places.positions) == 1 and not batch:
            layers = [known[k] if k in known else one((k,)) for k in positions[0]]
        else:
            layers = [along(positions[1:], (*numbers, k)) for k in positions[0]]
        shapes = {getattr(x, "shape", ()) for x in layers}
        differ = len(shapes) > 1 or any(isinstance(x, list) for x in layers)
        return [np.array(x) if isinstance(x, np.ndarray) else x for x in layers] if differ else np.array(layers)

    whole = along(places.positions, ())
    several = any(isinstance(p, range) for p in places.positions)
    return whole if several or not isinstance(whole, np.ndarray) else np.array(whole)


def first_and_others(numbers: tuple[int, ...]) -> tuple[int | None, tuple[int, ...]]:
    """Return indices as a quantity has them before it is known which is the recurrence's."""
    return (numbers[0], numbers[1:]) if numbers else (None, ())
