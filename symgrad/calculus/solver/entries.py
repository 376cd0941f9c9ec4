"""How Y enters the states: E_m = ∂⁺S_m/∂Y, at each step m at which Y stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.algebra import map_algebra as M
from symgrad.algebra import map_tree
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position
from symgrad.algebra.map_algebra import IDENTITY, ZERO
from symgrad.calculus.assumption import Assumption
from symgrad.calculus.bound import collapse
from symgrad.calculus.solver.question import Question, Vector
from symgrad.calculus.state import Component, step_row


@dataclass(frozen=True)
class Entry:
    """How y acts on the state at step m."""

    of: Quantity
    position: Position
    column: Vector
    shared: bool = False
    """Whether y acts on other steps besides."""


def entries_of(asked: Question, y: Quantity) -> Iterator[Entry]:
    """Yield each step at which y, standing at an index of its own, acts on the state."""
    if y.index is None:
        return
    if y.name in asked.network.defined:
        if isinstance(y.index, int) and y.index <= 0:
            yield Entry(y, 0, {c: IDENTITY for c in asked.jacobian if c == Component(y.name, -y.index)})
        else:
            read = y.at(Index(asked.network.symbol))
            column = column_at(asked, y.index, read, y.name)
            if isinstance(y.index, Index) and Component(y.name, 1) in asked.jacobian:
                asked.assumptions.append(Assumption(y.index, 0))  # s[-1] is another part of the state at step 0
            state = Component(y.name)
            if isinstance(y.index, Index) and state in column and len(column) > 1:
                asked.assumptions.append(Assumption(y.index, 1))  # at 0 nothing else of that step follows
            yield Entry(y, y.index, column)
        return
    lags = sorted(asked.network.lags.get(y.name, ()))
    for lag in lags:
        m = y.index + lag
        if isinstance(m, Index) and asked.network.first_index(y.name) + lag < 1:
            asked.assumptions.append(Assumption(m, 1))
        if not (isinstance(m, int) and m < 1):
            read = y.at(Index(asked.network.symbol, -lag))
            yield Entry(y, m, column_at(asked, m, read), shared=len(lags) > 1)


def column_at(asked: Question, m: Position, read: Quantity, stop: str | None = None) -> Vector:
    """Return ∂S_m/∂read along the paths inside step m."""
    column = {}
    for c in asked.jacobian:
        if c.lag == 0:
            row = step_row(asked.network, Quantity(c.name, Index(asked.network.symbol)), stop)
            keys = [k for k in row if k.name == read.name and k.index == read.index]
            by = M.add(*(collapse(k, row[k], read, asked) for k in keys))
            if by != ZERO:
                column[c] = map_tree.at_index(by, {asked.network.symbol: m})
    return column
