"""A linear map as an array of numbers: applied to the unit arrays of the side that has fewer of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.linear_map import LinearMap
from symgrad.arithmetic import arithmetic
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler
from symgrad.calculus.values.values import Values

Shape = tuple[int, ...]
AT_ONCE = 2**21
"""Entries of float64 arrays that are computed at a time, 16 MB: a group of changes that a cache holds."""


def as_array(
    m: LinearMap,
    values: Values,
    compiler: Compiler,
    at: Mapping[str, int],
    of_shape: Shape,
    wrt_shape: Shape,
) -> Any:
    """Return m as an array with the axes (of..., wrt..., batch), of the change by each entry of ``wrt``.

    Where ``of`` has fewer entries than ``wrt``, the transposed map is applied to those of ``of``.
    """
    m = map_tree.unnamed(m)
    by_rows = size(of_shape) < size(wrt_shape) or not of_shape
    m, given, found = (M.transpose(m), of_shape, wrt_shape) if by_rows else (m, wrt_shape, of_shape)
    A = values.arithmetic
    if A.name == "float" and size(given) > 1:
        stacked = _stacked(_groups(m, values, at, given, found), given)
    else:
        evaluation = Evaluation(values, compiler)
        stacked = _stack([_or_zero(A, evaluation.apply(m, e, at), found) for e in basis(A, given)], given)
    if by_rows or not isinstance(stacked, np.ndarray):
        return stacked
    axes = range(len(given))
    return np.moveaxis(stacked, axes, [len(found) + i for i in axes])


def _groups(m: LinearMap, values: Values, at: Mapping[str, int], given: Shape, found: Shape) -> Iterator[Any]:
    """Yield what m makes of the unit arrays, many at a time: products of matrices, and not of columns."""
    many = _beside(values)
    evaluation, count = Evaluation(many), size(given)
    step = max(1, AT_ONCE // max(size(given), size(found)))
    for first in range(0, count, step):
        units = np.eye(count, min(step, count - first), -first)
        y = evaluation.apply(m, units.reshape(*given, -1), at)
        yield np.zeros((*found, units.shape[1])) if y is NOTHING else np.broadcast_to(y, (*found, units.shape[1]))


def _stacked(groups: Iterator[Any], given: Shape) -> Any:
    """Return what is made of the unit arrays with their places on the axes in front."""
    parts = list(groups)
    whole = np.moveaxis(parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1), -1, 0)
    return whole.reshape(given + whole.shape[1:])


def _beside(values: Values) -> Values:
    """Return values of float64 as those of many items, which all share them."""
    many = Values(values.network, arithmetic("batch"), values.depth)
    many.sizes, many.ends, many.sums = values.sizes, values.ends, values.sums
    for name, known in values.env.items():
        many.env[name] = {place: np.asarray(x)[..., np.newaxis] for place, x in known.items()}
    return many


def size(shape: Shape) -> int:
    """Return the number of entries of an array of this shape."""
    return int(np.prod(shape, dtype=int)) if shape else 1


def basis(A: Any, shape: Shape) -> list[Any]:
    """Return the unit arrays of a shape."""
    if not shape:
        return [A.array(1, ())]
    units = []
    for k in range(size(shape)):
        flat = [0] * size(shape)
        flat[k] = 1
        units.append(A.array(np.array(flat).reshape(shape), shape))
    return units


def _or_zero(A: Any, x: Any, shape: Shape) -> Any:
    if x is NOTHING:
        return A.array(np.zeros(shape, dtype=int), shape)
    return x


def _stack(items: list[Any], shape: Shape) -> Any:
    if not shape:
        return items[0]
    stacked = np.array(np.broadcast_arrays(*items)) if isinstance(items[0], np.ndarray) else np.array(items)
    return stacked.reshape(shape + stacked.shape[1:])
