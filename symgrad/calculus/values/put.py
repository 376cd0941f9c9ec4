"""One value, put where it belongs: its shape, its domain, its numbers in the arithmetic."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.algebra.dimension import moved, named
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.algebra.shape import Dimension, Shape, show
from symgrad.arithmetic.literal import exact, is_minus_infinity
from symgrad.calculus.values.values import Values
from symgrad.errors import ValuesError
from symgrad.network.domain import MINUS_INFINITY, met
from symgrad.network.network import Network


def layers_of(q: Quantity, data: Any) -> Any:
    """Return data with the layers on its first axis: an array, or a list of numbers or arrays of any shapes."""
    if isinstance(data, list | tuple) or np.ndim(data):
        return data
    raise ValuesError(
        f"the first axis of {q.name} has the layers, and a single number was given",
        todo=f"give {q.name} as a list or an array with one entry for each layer",
    )


def shape_found(q: Quantity, data: Any) -> tuple[int, ...]:
    """Return the shape of what a user gives."""
    try:
        return np.shape(data)
    except ValueError:
        raise ValuesError(
            f"the value of {q} has rows of different lengths", todo="give nested lists of one shape, or an array"
        ) from None


def put_value(values: Values, q: Quantity, data: Any, batched: bool) -> None:
    """Put what a user gives for a quantity where its values are kept."""
    network = values.network
    if q.index is None or isinstance(q.index, int):
        values.env.setdefault(q.name, {})[q.index] = one_value(values, q, data, batched)
        check_domain(network, q, data)
        return
    first, last = network.first_index(q.name), network.last_index(q.name, values.depth)
    count = last - first + 1
    if len(layers_of(q, data)) != count:
        raise ValuesError(
            f"the first axis of {q.name} has the layers {first} to {last}: {count} entries, not {len(data)}",
            todo=f"give {q.name} with {count} entries on its first axis, or another depth",
        )
    layers = values.env.setdefault(q.name, {})
    for k, item in enumerate(data, start=first) if network.domains(q) else ():
        check_domain(network, Quantity(q.name, k), item)
    if network.shape(q) == () and not batched:
        layers.update(enumerate(_convert(values, q, data, (count,)), start=first))
    elif isinstance(data, np.ndarray) and data.dtype != object:  # all layers are of one shape
        sizes = _sizes(values, Quantity(q.name, first), data.shape[1:], batched)
        for n, d in zip(sizes, network.shape(Quantity(q.name, Index(network.symbol))), strict=True):
            if any(x.index is not None for x in named(d)):
                for k in range(first + 1, last + 1):
                    _bind(values, moved(d, {network.symbol: k}), n, Quantity(q.name, k))
        layers.update(enumerate(_convert(values, q, data, (count, *sizes)), start=first))
    else:
        for k, item in enumerate(data, start=first):
            layers[k] = one_value(values, Quantity(q.name, k), item, batched)


def one_value(values: Values, q: Quantity, data: Any, batched: bool) -> Any:
    """Return what a user gives for a quantity at one place, in the arithmetic."""
    return _convert(values, q, data, _sizes(values, q, shape_found(q, data), batched))


def _sizes(values: Values, q: Quantity, found: tuple[int, ...], batched: bool) -> tuple[int, ...]:
    """Return the shape of a value in numbers, without the batch, and note what it tells of the dimensions."""
    shape: Shape = values.network.shape(q)
    sizes = found[:-1] if batched and len(found) == len(shape) + 1 else found
    if len(sizes) != len(shape):
        raise ValuesError(f"{q} has shape {show(shape)}, and the value given has shape {show(found)}")
    for d, n in zip(shape, sizes, strict=True):
        _bind(values, d, n, q)
    return sizes


def _bind(values: Values, d: int | Dimension, n: int, q: Quantity) -> None:
    if isinstance(d, Dimension) and d.terms:
        values.sums.append((d, n, q))
    elif isinstance(d, Dimension):
        index = values.depth + d.index.offset if isinstance(d.index, Index) else d.index
        key = Dimension(d.name, index)
        if key not in values.sizes:
            values.sizes[key] = n, str(q)
        known, source = values.sizes[key]
        if known != n:
            raise ValuesError(
                f"the dimension {key} is {known} in {source} and {n} in {q}",
                todo=f"give {q} and {source} in shapes that fit",
            )
    elif d != n:
        raise ValuesError(
            f"{q} has the dimension {d} in the model, and {n} in the value given", todo=f"give {q} in that shape"
        )


def check_domain(network: Network, q: Quantity, data: Any) -> None:
    """Check what the network assumes of a value; the sum of n floats may be off by their rounding, n 2^-53."""
    domain = met(network.domains(q))
    if domain is None:
        return
    array = np.array(data, dtype=object)
    rank = len(network.shape(q))
    for item in np.moveaxis(array, -1, 0) if array.ndim > rank else [array]:
        rows = [[_extended(x) if domain.infinite else exact(x) for x in row] for row in np.atleast_2d(item)]
        floats = any(isinstance(x, float | np.floating) for x in np.ravel(item))
        if not domain.contains(rows, Fraction(np.size(item), 2**53) if floats else Fraction(0)):
            raise ValuesError(
                f"{q} is declared {domain.name} ({domain.words}), and the value given is not",
                todo=f"give such a value, or remove the line that declares {q.name} {domain.name}",
            )


def _extended(x: Any) -> Fraction | float:
    return MINUS_INFINITY if is_minus_infinity(x) else exact(x)


def _convert(values: Values, q: Quantity, data: Any, shape: tuple[int, ...]) -> Any:
    A, may_be_infinite = values.arithmetic, any(d.infinite for d in values.network.domains(q))
    try:
        return (A.masked if may_be_infinite else A.array)(data, shape)
    except ValuesError as error:
        if not may_be_infinite and any(map(is_minus_infinity, np.ravel(np.array(data, dtype=object)))):
            todo = f"declare '{q.name}: mask' where its entries are 0 or -inf"
            raise ValuesError(f"the value of {q.name} holds -inf", todo=todo) from None
        raise ValuesError(f"the value of {q.name} cannot be read: {error.what}", todo=error.todo) from None
