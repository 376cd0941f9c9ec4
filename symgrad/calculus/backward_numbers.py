"""Backward equations as numbers: the gradients that they give at a user's values, in any arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import symbols
from symgrad.algebra.substitution import move
from symgrad.arithmetic.events import float_events, kink_events
from symgrad.calculus.backward_values import BackwardValues, numberings
from symgrad.calculus.closed_form import check_depth
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass
from symgrad.calculus.forward import Compiler, forward
from symgrad.calculus.numeric import idle, tell
from symgrad.calculus.values.read import read_values
from symgrad.errors import IndexRangeError
from symgrad.network.network import Network


def evaluate(
    equations: BackwardPass,
    given: Mapping[str, Any],
    arithmetic: str = "float",
    digits: int | None = None,
    depth: int | None = None,
) -> dict[str, Any]:
    """Return ∂of/∂q for each quantity that was asked for, by name, computed by the equations."""
    check_depth(depth)
    if equations.depth is not None and depth not in (None, equations.depth):
        raise IndexRangeError(
            f"these equations are of depth {equations.depth}, and {depth} was asked for",
            todo="derive them with a symbolic depth to evaluate them at any",
        )
    network = equations.network
    unread = idle(network, {equations.of}) - {q.name for q in equations.asked}
    values = read_values(network, given, arithmetic, digits, equations.depth or depth, unread)
    at_depth = {**values.ends, network.depth_symbol: values.depth}
    of = move(equations.of, at_depth)
    for a in equations.assumptions:
        if not a.holds(at_depth):
            raise IndexRangeError(f"these equations hold for {a}", todo="give another depth")
    compiler = Compiler(values)
    with values.arithmetic.working(), float_events() as events, kink_events() as kinks:
        forward(network, values, compiler, wanted=(of,))
        found = BackwardValues(equations, values, compiler)
        result = {
            asked_name(q): of_asked(equations.equations, found.__getitem__, network, q, at_depth)
            for q in equations.asked
        }
    tell(f"the backward equations of {of} were evaluated", arithmetic, events, kinks)
    return result


def asked_name(q: Quantity) -> str:
    """Return the name under which a user finds what was asked for: "W", and "W[1]" for one of them."""
    return str(q) if q.indices and not symbols(q.indices) else q.name


def of_asked(
    equations: Iterable[BackwardEquation],
    found: Callable[[Quantity], Any],
    network: Network,
    q: Quantity,
    at_depth: Mapping[str, int],
) -> Any:
    """Return the derivative by one quantity, or by it at all its steps and members, an axis for each index."""
    if not symbols(q.indices):
        return found(move(q, at_depth))
    every = {
        place: one
        for e in equations
        if e.wrt.name == q.name
        for at in numberings(e.ranges, at_depth)
        if _is_member(network, one := move(e.wrt, at)) and (place := one.indices)
    }
    return _nested(found, every, ())


def _is_member(network: Network, q: Quantity) -> bool:
    """Tell whether q is a step, and not what a state starts from."""
    return q.name not in network.defined or all(isinstance(p, int) and p > 0 for p in q.indices)


def _nested(found: Callable[[Quantity], Any], every: Mapping[tuple[Any, ...], Quantity], place: tuple[Any, ...]) -> Any:
    if place in every:
        return found(every[place])
    n = len(place)
    along = sorted({p[n] for p in every if p[:n] == place})
    steps = [_nested(found, every, (*place, k)) for k in along]
    shapes = {np.shape(x) for x in steps if not isinstance(x, list)}
    return steps if len(shapes) != 1 or any(isinstance(x, list) for x in steps) else np.array(steps)
