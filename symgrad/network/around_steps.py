"""The equations before the steps and after them, and the depth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count

from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Index, symbols
from symgrad.network.advice import BEYOND, meant_as_index
from symgrad.network.equation import Equation
from symgrad.network.graph import in_order


def split_around_steps(others: Sequence[Equation], stepped: set[str]) -> tuple[list[Equation], list[Equation]]:
    """Tell the closing equations, which read a layer (perhaps through another), from the openings."""
    closing: set[Quantity] = set()
    readers: dict[str, list[Equation]] = {}
    pending: list[Equation] = []
    for e in others:
        for q in quantities(e.value):
            readers.setdefault(q.name, []).append(e)
            if isinstance(q.index, Index) or (q.name in stepped and isinstance(q.index, int) and q.index > 0):
                pending.append(e)
    while pending:
        e = pending.pop()
        if e.target.index is None and e.target not in closing:
            closing.add(e.target)
            pending += readers.get(e.target.name, ())
    symbols = {q.index.symbol: e for e in others for q in _at_the_end(e.value)}  # type: ignore[union-attr]
    if len(symbols) > 1:
        line = list(symbols.values())[-1].line
        names = " and ".join(symbols)
        todo = "use one symbol for the depth, such as L"
        for e in symbols.values():  # h_t = f(h[t-1])
            if (meant := meant_as_index(e.target.name)) and any(q.name == meant[0] for q in quantities(e.value)):
                line, todo = e.line, f"write '{meant[0]}[{meant[1]}] = ...', with the index in brackets"
        line.fail(f"the closing equations use two depths, {names}", todo)
    for e in others:
        for q in _at_the_end(e.value):
            if q.name in stepped and q.index.offset > 0:  # type: ignore[union-attr]
                e.line.fail(f"{q} lies beyond the last layer", BEYOND, e.line.span(q)[0])
            if e.target.index is not None:
                e.line.fail(f"{e.target} is where the recurrence starts and cannot read {q}", "read parameters only")
    return [e for e in others if e.target not in closing], [e for e in others if e.target in closing]


def _at_the_end(e: Expression) -> list[Quantity]:
    """Return what e reads at the depth, or near it: not what a sum over the steps reads."""
    return [
        q for q, spans in reads(e) if isinstance(q.index, Index) and q.index.symbol not in {s.symbol for s in spans}
    ]


def grid_parts(grid: Sequence[Equation]) -> tuple[list[Equation], list[Equation], list[Equation]]:
    """Tell what a grid computes from parameters alone or starts from, its recurrences, and what reads these."""
    stepped = [e for e in grid if symbols(e.target.indices)]
    others = [e for e in grid if e not in stepped]
    after = {e.target.name for e in stepped}
    for _ in others:
        readers = (e for e in others if after & {q.name for q in quantities(e.value)})
        after |= {e.target.name for e in readers if not e.target.indices}
    last = [e for e in others if not e.target.indices and e.target.name in after]
    starts = [e for e in others if e.target.indices]
    first = in_order([e for e in others if e not in last and e not in starts])
    return [*first, *starts], stepped, list(in_order(last))


def depth_symbol_of(equations: Sequence[Equation], closings: Sequence[Equation], symbol: str) -> str:
    """Return the symbol of the depth, which no equation reads as a number."""
    symbols = [q.index.symbol for e in closings for q in _at_the_end(e.value)]  # type: ignore[union-attr]
    if not symbols:
        used = {symbol, *(q.name for e in equations for q in (e.target, *quantities(e.value)))}
        return next(s for s in chain(("L", "T", "N"), (f"L{n}" for n in count(1))) if s not in used)
    return symbols[0]
