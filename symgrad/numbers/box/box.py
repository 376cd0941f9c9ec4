"""Boxes of parameters: an interval, or a number, for each scalar that a derivative reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index
from symgrad.arithmetic.interval import Interval
from symgrad.calculus.closed_form import ClosedForm, check_depth
from symgrad.calculus.numeric import idle, index_numbers, reads
from symgrad.calculus.values.values import Values
from symgrad.errors import NotDefined, UnknownName, ValuesError
from symgrad.network.syntax.read import read_quantity
from symgrad.numbers.extremum.objective import INTERVALS


@dataclass(frozen=True)
class Box:
    """The variables of a box, their intervals, and the depth; a variable is a quantity at a number."""

    form: ClosedForm
    depth: int
    variables: tuple[Quantity, ...]
    intervals: tuple[Interval, ...]
    at: Mapping[str, int]


def read_box(form: ClosedForm, given: Mapping[str, Any], depth: int | None, indices: Mapping[str, int]) -> Box:
    """Return the box; an entry for "w" holds for every layer, one for "w[2]" for that layer.

    Raises ValuesError for what is missing, empty or not scalar.
    """
    network = form.network
    check_depth(depth)
    depth = form.depth if form.depth is not None else depth
    if depth is None and not network.steps:
        depth = 1  # there is no layer
    if depth is None:
        raise ValuesError("the depth is not given", todo="pass depth=4, or derive at a depth")
    intervals = {str(read_quantity(name)): _interval(name, x) for name, x in given.items()}
    unread = idle(network, {*reads(form.map), form.wrt})
    variables, found = [], []
    for q in _scalars(form, depth):
        if q.name in unread:
            continue
        if str(q) not in intervals and q.name not in intervals:
            raise ValuesError(f"no interval is given for {q}", todo=f"give {q.name!r}: (-1, 1), or a number")
        variables.append(q)
        found.append(intervals[str(q)] if str(q) in intervals else intervals[q.name])
    known = {str(q) for q in variables} | {q.name for q in variables} | unread
    for name in intervals:
        if name not in known:
            raise UnknownName("parameter", name, known)
    numbers = index_numbers(form, Values(network, INTERVALS, depth), indices)
    return Box(form, depth, tuple(variables), tuple(found), numbers)


def _scalars(form: ClosedForm, depth: int) -> list[Quantity]:
    network, found = form.network, []
    for q in (*network.parameters, form.of, form.wrt):
        if network.shape(q) != ():
            raise NotDefined(f"{q} is no scalar", todo="enclose derivatives of scalar models; bound holds for all")
    for q in network.parameters:
        if isinstance(q.index, Index):
            last = network.last_index(q.name, depth)
            found += [Quantity(q.name, k) for k in range(network.first_index(q.name), last + 1)]
        else:
            found.append(q)
    return found


def _interval(name: str, x: Any) -> Interval:
    with INTERVALS.working():
        if not isinstance(x, tuple | list):
            return INTERVALS.interval(x, x)
        if len(x) != 2:
            raise ValuesError(f"{x!r} is no interval for {name}", todo="give two ends, (-1, 1), or a number")
        found = INTERVALS.interval(*x)
    if not (found.lo.is_finite() and found.hi.is_finite()):
        raise ValuesError(f"the interval {x!r} for {name} has no end", todo="give finite ends")
    if found.lo > found.hi:
        raise ValuesError(f"the interval {x!r} for {name} is empty", todo="put the smaller end first")
    return found
