"""The values that a user gives: names -> arrays, checked against the network and put into an arithmetic.

``"w"`` has the layers on its first axis, ``"W"`` is an array, ``"a[0]"`` a boundary value, ``"x"`` for
``x[j]`` has the time on its first axis. For float64 each may have one more, last axis: a batch.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, symbols
from symgrad.algebra.shape import show
from symgrad.arithmetic import arithmetic
from symgrad.calculus.values.family import check_ends, check_sums, put_family, put_members
from symgrad.calculus.values.put import layers_of, put_value, shape_found
from symgrad.calculus.values.values import Values, value_name
from symgrad.errors import UnknownName, ValuesError
from symgrad.network.network import Network
from symgrad.network.syntax.line import canonical
from symgrad.network.syntax.read import read_quantity

Given = Mapping[str, Any]


def read_values(
    network: Network,
    given: Given,
    arithmetic_name: str,
    digits: int | None,
    depth: int | None,
    idle: Collection[str] = (),
) -> Values:
    """Check a user's values and convert them; those of the names in ``idle`` may be left out.

    Raises ValuesError: names what is missing, superfluous or misshaped.
    """
    if not isinstance(given, Mapping):
        raise ValuesError(
            f"the values are a {type(given).__name__}", todo='give them by name: {"w": [1, 2], "a[0]": 0}'
        )
    data = {_key(network, name): value for name, value in given.items()}
    _check_names(network, data, idle)
    members = {name: data.pop(name) for name in network.members if name in data}
    needed = [q for q in network.parameters if value_name(q) in data]
    if depth is None and not network.grid:
        depth = depth_of(network, data)
    batched = arithmetic_name == "float" and any(_has_batch(network, q, data[value_name(q)]) for q in needed)
    values = Values(network, arithmetic("batch" if batched else arithmetic_name, digits), depth or 0)
    values.ends |= dict.fromkeys(network.depths, depth) if depth is not None else {}
    with values.arithmetic.working():
        for q in needed:
            put = put_family if q.further else put_value
            put(values, q, data[value_name(q)], batched)
        values.note_exponents()
    check_sums(values)
    check_ends(values)
    put_members(values, members)
    values.depth = values.ends[network.depth_symbol] if network.grid else values.depth
    return values


def depth_of(network: Network, data: Given) -> int:
    """Find the depth from the length of the first axis of what the layers or the time carry."""
    layered = [q for q in network.parameters if isinstance(q.index, Index) and not q.ahead]
    for q in sorted(layered, key=lambda q: q.name not in network.lags):
        if q.name in network.lags or network.reads_sums(q.name):
            return (
                len(layers_of(q, data[value_name(q)])) - network.last_index(q.name, 0) + network.first_index(q.name) - 1
            )
    if not network.steps and not any(isinstance(q.index, Index) for q in network.parameters):
        return 1
    raise ValuesError("the depth is not given and no value has layers on its first axis", todo="pass depth=...")


def _key(network: Network, name: str) -> str:
    if (network.grid and "[" in name) or "," in name:
        q = network.arranged(read_quantity(name, "value"))
        return value_name(q)
    match = re.fullmatch(r"\s*(\w+)\s*(?:\[\s*(-?\d+)\s*\])?\s*", name)
    if not match:
        raise ValuesError(f"{name!r} is not the name of a quantity", todo='write "W", "w" or "a[0]"')
    base, index = canonical(match.group(1)), match.group(2)
    return base if index is None else f"{base}[{int(index)}]"


def _check_names(network: Network, data: Given, idle: Collection[str]) -> None:
    names = [value_name(q) for q in network.parameters]
    missing = [n for n in names if n not in data and n not in idle]
    if missing:
        shapes = ", ".join(_describe(network, q) for q in network.parameters if value_name(q) in missing)
        raise ValuesError(f"no value is given for {', '.join(missing)}", todo=f"give {shapes}")
    for name in data:
        if name not in (*names, *network.members):
            raise UnknownName("value for", name, names)


def _describe(network: Network, q: Quantity) -> str:
    shape = show(network.shape(q))
    if symbols(q.further):
        return (
            f"{value_name(q)} (one {shape} for each {' and '.join(str(p) for p in q.indices if isinstance(p, Index))})"
        )
    return (
        f"{value_name(q)} (one {shape} for each layer)" if isinstance(q.index, Index) else f"{value_name(q)} ({shape})"
    )


def _has_batch(network: Network, q: Quantity, data: Any) -> bool:
    if q.further:
        for _ in symbols(q.indices):
            data = data[0] if isinstance(data, list | tuple | np.ndarray) and len(data) else data
        return len(shape_found(q, data)) == len(network.shape(q)) + 1
    if isinstance(q.index, Index):
        layers = layers_of(q, data)
        return len(layers) > 0 and len(shape_found(q, layers[0])) == len(network.shape(q)) + 1
    return len(shape_found(q, data)) == len(network.shape(q)) + 1
