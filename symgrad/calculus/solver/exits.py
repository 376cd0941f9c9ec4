"""How X leaves the states: R = ∂X/∂S_σ, through the last state that it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from symgrad.algebra import map_algebra as M
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position, symbols
from symgrad.algebra.index_sum import Bound
from symgrad.algebra.linear_map import LinearMap, Named
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.algebra.span import Span
from symgrad.calculus.bound import apart, bound, collapse, moved_key, under
from symgrad.calculus.jacobian import through
from symgrad.calculus.solver.question import Question, Vector
from symgrad.calculus.state import Component, step_row

Rows = dict[tuple[Position, tuple[Span, ...]], dict[Component, LinearMap]]
"""How X depends on the states, by the step at which they stand and the sums that bind its letter."""


Place = tuple[Position, tuple[Span, ...], Component]
"""A part of the state at a step, and the sums that bind the letter of the step."""


@dataclass(frozen=True)
class Exit:
    """How X depends on the state at step σ (row), and on what it reads directly."""

    position: Position
    row: Vector
    shared: bool = False
    """Whether X has other exits besides."""
    spans: tuple[Span, ...] = ()
    """The sums that X takes over such steps; the last of them binds the letter of the position."""


def exits_of(asked: Question, y: Quantity) -> tuple[list[Exit], LinearMap]:
    """Return how X depends on states, and how on y directly."""
    rows: Rows = {}
    direct: list[LinearMap] = []
    for read, m in _reads_of(asked, y).items():
        if not asked.is_step_quantity(read):
            direct.append(collapse(read, m, y, asked))
            continue
        if isinstance(read, Bound):
            read, m = apart(read, m, symbols((*asked.of.indices, *y.indices)))
        for place, path in _back_under(asked, read, m, y) if isinstance(read, Bound) else _back(asked, read, m, y):
            if place is None:
                direct.append(path)
            else:
                position, spans, component = place
                row = rows.setdefault((position, spans), {})
                row[component] = M.add(row.get(component, ZERO), path)
    exits = [Exit(position, row, len(rows) > 1, spans) for (position, spans), row in rows.items()]
    return exits, M.add(*direct)


def _reads_of(asked: Question, y: Quantity) -> Mapping[Quantity, LinearMap]:
    """Return X's row over quantities at given layers, parameters and openings."""
    if asked.is_step_quantity(asked.of):
        return {asked.of: IDENTITY}
    row = through(asked.network, asked.network.closings, {asked.of: IDENTITY}, y)
    if asked.depth is None:
        return row
    at_depth: dict[Quantity, LinearMap] = {}
    for q, m in row.items():
        moved, placed = moved_key(q, m, {asked.network.depth_symbol: asked.depth})
        if not isinstance(q, Bound):
            asked.network.resolve(q, asked.depth)
        at_depth[moved] = M.add(at_depth[moved], placed) if moved in at_depth else placed
    return at_depth


def _back(asked: Question, read: Quantity, m: LinearMap, y: Quantity) -> Iterator[tuple[Place | None, LinearMap]]:
    """Yield how X depends, through a quantity of a step, on the last state before it; None for y itself.

    What is no state is carried back through its own step.
    """
    position = read.index
    assert position is not None  # step quantities carry an index
    if isinstance(position, int) and position <= 0:
        yield (0, (), Component(read.name, -position)), m
    elif Component(read.name) in asked.jacobian:
        yield (position, (), Component(read.name)), m
    else:
        same_step = asked.is_step_quantity(y) and y.index is not None and asked.meets(position, y.index)
        start = read.at(Index(asked.network.symbol))
        for q, inner in step_row(asked.network, start, y.name if same_step else None).items():
            key, placed = moved_key(q, inner, {asked.network.symbol: position})
            lag = -q.index.offset if isinstance(q.index, Index) else 0
            if asked.is_step_quantity(q) and lag >= 1:
                yield (position - 1, (), Component(q.name, lag - 1)), M.compose(m, placed)
            elif q == y and not symbols(q.indices):
                yield None, M.compose(m, Named(read, y, placed))
            else:
                yield None, collapse(key, M.compose(m, placed), y, asked)


def _back_under(asked: Question, read: Bound, m: LinearMap, y: Quantity) -> Iterator[tuple[Place | None, LinearMap]]:
    """Yield how Σ_t depends on the states at t and on y; what is no state is carried back to these in its step."""
    position, spans = read.index, _of_the_step(asked, read)
    assert isinstance(position, Index)  # a letter that the sum binds
    if Component(read.name) in asked.jacobian:
        yield (position, spans, Component(read.name)), m
        return
    held = {c.name for c in asked.jacobian} | ({y.name} if asked.is_step_quantity(y) else set())
    start = bound(read.one.at(Index(asked.network.symbol)), tuple(s for s in read.spans if s not in spans))
    for q, inner in step_row(asked.network, start, *sorted(held - {read.name})).items():
        key, placed = moved_key(q, inner, {asked.network.symbol: position})
        lag = -q.index.offset if isinstance(q.index, Index) else 0
        component = Component(q.name, max(lag - 1, 0))
        if isinstance(q.index, Index) and component in asked.jacobian:
            yield (position - min(lag, 1), spans, component), M.compose(m, placed)
        elif q.name == y.name:
            path = M.compose(m, Named(read.one, y, placed) if q == y and not symbols(q.indices) else placed)
            for span in reversed(spans):
                key, path = under(span, key, path)
            yield None, collapse(key, path, y, asked)


def _of_the_step(asked: Question, read: Bound) -> tuple[Span, ...]:
    """Return the sums of a key that bind the letter of the step, and those that its range depends on."""
    assert isinstance(read.index, Index)
    wanted, kept = {read.index.symbol}, []
    for span in reversed(read.spans):
        if span.symbol in wanted:
            kept.append(span)
            wanted |= span.free
    return tuple(reversed(kept))
