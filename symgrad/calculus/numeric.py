"""A derivative as numbers: evaluate a closed form at given values, in any arithmetic."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import symbols as symbols_of
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.substitution import move
from symgrad.arithmetic.events import FloatEvents, KinkEvents, float_events, kink_events
from symgrad.calculus.closed_form import ClosedForm, check_depth
from symgrad.calculus.dense import as_array, size
from symgrad.calculus.forward import Compiler, forward, needed
from symgrad.calculus.layout_name import check_layout
from symgrad.calculus.letters import letters_in_sums
from symgrad.calculus.unfold import stable
from symgrad.calculus.values.read import read_values
from symgrad.calculus.values.values import Values
from symgrad.errors import IndexRangeError, KinkWarning, PrecisionWarning, TooLarge, UnknownName
from symgrad.network.network import Network

MOST_ENTRIES = 10_000_000
"""Entries of a derivative that are computed as one array."""


def evaluate(
    form: ClosedForm,
    given: Mapping[str, Any],
    arithmetic: str = "float",
    digits: int | None = None,
    depth: int | None = None,
    indices: Mapping[str, int] | None = None,
    layout: str = "numerator",
) -> Any:
    """Return ∂of/∂wrt as a number or an array.

    The shape is that of ``of`` followed by that of ``wrt`` turned round (numerator layout), or that of
    ``wrt`` followed by that of ``of`` turned round (denominator layout); a batch axis comes last.
    Exact in "exact", enclosed in "ball", to working precision in "mp" and "float". A float64 result that
    under- or overflowed comes with a PrecisionWarning, a slope in "ball" or "exact" that was taken exactly at a kink,
    where it is a convention, with a KinkWarning.
    """
    check_layout(layout)
    unread = idle(form.network, {*reads(form.map), form.wrt})
    values = read_values(form.network, given, arithmetic, digits, _depth(form, depth), unread)
    at_depth = map_tree.at_index(form.map, {form.network.depth_symbol: values.depth})
    form = replace(form, map=stable(form.network, at_depth, values.depth))
    index_numbers(form, values, indices or {})  # before the quantities are computed that may not exist
    compiler = Compiler(values)
    with values.arithmetic.working(), float_events() as events, kink_events() as kinks:
        forward(form.network, values, compiler, wanted=reads(form.map))
        result = dense(form, values, compiler, indices or {}, layout)
    tell(f"∂{form.of}/∂{form.wrt} was evaluated", arithmetic, events, kinks)
    return result


def tell(what: str, arithmetic: str, events: FloatEvents, kinks: KinkEvents) -> None:
    """Warn the caller of the public name, two calls up, where float64 under- or overflowed, or a slope is a convention.

    what: a sentence, "the gradients of C were evaluated".
    """
    names = {
        "underflow": "underflow",
        "overflow": "overflow",
        "divide": "division by 0",
        "invalid": "invalid operation",
    }
    lost = [said for name, said in names.items() if getattr(events, name)] if arithmetic == "float" else []
    if lost:
        warnings.warn(
            f"float64 {' and '.join(lost)} while {what}: the result is not accurate; use arithmetic='ball' or 'mp'",
            PrecisionWarning,
            stacklevel=4,
        )
    if kinks.met:
        warnings.warn(
            f"{what} exactly at a kink, where a slope is a convention (PyTorch's: 0 of relu and of abs) and no limit",
            KinkWarning,
            stacklevel=4,
        )


def idle(network: Network, wanted: Collection[Quantity]) -> set[str]:
    """Return the names that only closing equations read which ``wanted`` does not need, as the target y."""
    equations = (*network.openings, *network.steps, *needed(network, wanted))
    read = {q.name for e in equations for q in quantities(e.value)} | {q.name for q in wanted}
    return {q.name for q in network.parameters if q.name not in read}


def _depth(form: ClosedForm, depth: int | None) -> int | None:
    """Return the depth to evaluate at, None where the values tell it; a form of one depth has that alone."""
    check_depth(depth)
    if form.depth is not None and depth not in (None, form.depth):
        raise IndexRangeError(
            f"this derivative is of depth {form.depth}, and {depth} was asked for",
            todo="derive it with a symbolic depth to evaluate it at any",
        )
    return depth if form.depth is None else form.depth


def reads(m: LinearMap) -> set[Quantity]:
    """Return the quantities whose values a map needs."""
    return {q for e in map_tree.expressions(m) for q in quantities(e)}


def index_numbers(form: ClosedForm, values: Values, indices: Mapping[str, int]) -> dict[str, int]:
    """Return the number of each index symbol of the form, and check that they suit its assumptions."""
    symbols = symbols_of((*form.of.indices, *form.wrt.indices))
    for unread in set(indices) - symbols - {form.network.depth_symbol, *values.ends}:
        raise UnknownName("index symbol", unread, symbols, where=f"∂{form.of}/∂{form.wrt}")
    at = {**values.ends, form.network.depth_symbol: values.depth, **indices}
    for q in (form.of, form.wrt):
        for symbol in sorted(symbols_of(q.indices) - set(at)):
            raise IndexRangeError(f"the index {symbol} of {q} has no number", todo=f"pass indices={{'{symbol}': 2}}")
        if symbols_of(q.indices):
            form.network.resolve(placed(q, at), values.depth)
    for assumption in form.assumptions:
        if not assumption.holds(at):
            numbers = ", ".join(f"{symbol} = {n}" for symbol, n in at.items())
            raise IndexRangeError(
                f"the closed form of ∂{form.of}/∂{form.wrt} holds for {assumption}, and not for {numbers}",
                todo="give other numbers, or derive it by a quantity with this index",
            )
    _check_members(form, at)
    return at


def _check_members(form: ClosedForm, at: Mapping[str, int]) -> None:
    """Check that the members of families that X and Y are exist at the sizes of the values."""
    if form.network.grid:
        return  # whose form is that of quantities that exist
    for letter, span in letters_in_sums(form.network, form.of, form.wrt).items():
        if span.free <= at.keys() and at[letter] not in span.numbers(at):
            raise IndexRangeError(f"{letter} = {at[letter]} is not in its range, {span}", todo="give another number")
    for q in (form.of, form.wrt):
        if q.name in form.network.by_name and q in form.network.parameters:
            continue  # what a recurrence starts from lies outside of its range
        placed_one = move(q, at)
        for p, span in zip(placed_one.further, form.network.extents(q), strict=False):
            if span.free <= at.keys() and isinstance(p, int) and p not in (known := list(span.numbers(at))):
                there = f"from {known[0]} to {known[-1]}" if known else "nowhere"
                raise IndexRangeError(
                    f"{placed_one} does not exist: {span.symbol} runs {there} with these values",
                    todo="give another index, or values with more members",
                )


def placed(q: Quantity, at: Mapping[str, int]) -> Quantity:
    """Return a quantity with its index as a number."""
    return move(q, at)


def dense(
    form: ClosedForm, values: Values, compiler: Compiler, indices: Mapping[str, int], layout: str = "numerator"
) -> Any:
    """Return the closed form as a dense array, with the forward values known."""
    at = index_numbers(form, values, indices)
    of_shape, wrt_shape = (values.shape(placed(q, at), at) for q in (form.of, form.wrt))
    if (count := size(of_shape) * size(wrt_shape)) > MOST_ENTRIES:
        raise TooLarge(
            f"∂{form.of}/∂{form.wrt} has {count:,} entries at these values; at most {MOST_ENTRIES:,} are computed",
            todo="differentiate a number, such as a loss, or evaluate at smaller arrays",
        )
    whole = as_array(form.map, values, compiler, at, of_shape, wrt_shape)
    return _arrange(values.arithmetic, whole, len(of_shape), layout)


def _arrange(A: Any, x: Any, outer: int, layout: str) -> Any:
    """Turn the axes (of..., wrt..., batch) into the order of a layout."""
    if not isinstance(x, np.ndarray):
        return x
    rank = A.rank(x)
    first, second = list(range(outer)), list(range(outer, rank))
    order = [*first, *second[::-1]] if layout == "numerator" else [*second, *first[::-1]]
    return x.transpose([*order, *range(rank, x.ndim)])
