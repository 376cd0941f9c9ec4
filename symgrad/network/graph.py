"""The order of the equations of one step, and what they read: the graph of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.index import Index, Position
from symgrad.network.equation import Equation


def in_order(equations: Sequence[Equation]) -> tuple[Equation, ...]:
    """Sort equations so that each reads only what stands before it; a cycle is an error."""
    by_target = {general(e.target): e for e in equations}
    done: dict[Target, Equation] = {}
    for start in equations:
        path: dict[Target, None] = {}
        pending: list[tuple[Target, bool]] = [(general(start.target), False)]
        while pending:
            q, leaving = pending.pop()
            if leaving:
                path.popitem()
                done[q] = by_target[q]
            elif q not in done:
                if q in path:
                    names = list(path)
                    _cycle(by_target[q], [by_target[x].target for x in [*names[names.index(q) :], q]])
                path[q] = None
                pending.append((q, True))
                reads = [r for r in dict.fromkeys(map(general, quantities(by_target[q].value))) if r in by_target]
                pending += [(r, False) for r in reversed(reads) if r not in done]
    return tuple(done.values())


def in_circles(equations: Sequence[Equation]) -> frozenset[str]:
    """Return the names that depend on themselves within one step of what a letter counts, as z[l,i] on z[l,i+k].

    a[l-1,i+k] is of another step than what reads it for a[l,i].
    """
    readers: dict[str, set[str]] = {}
    for e in equations:
        for q in quantities(e.value):
            if not any(isinstance(p, Index) and p.offset and Index(p.symbol) in e.target.indices for p in q.indices):
                readers.setdefault(q.name, set()).add(e.target.name)
    found = set()
    for name in {e.target.name for e in equations}:
        seen, pending = set[str](), [name]
        while pending:
            new = readers.get(pending.pop(), set()) - seen
            seen |= new
            pending += new
        if name in seen:
            found.add(name)
    return frozenset(found)


Target = tuple[str, Position | None]
"""What an equation defines: a name, and the index of the recurrence."""


def general(q: Quantity) -> Target:
    """Return what a quantity is in the order of equations, whatever its indices of families are."""
    return q.name, q.index


def _cycle(equation: Equation, path: Iterable[Quantity]) -> None:
    names = " -> ".join(map(str, path))
    equation.line.fail(
        f"the equations of one step run in a circle: {names}",
        "let one of them read the step before, for instance "
        + (f"{equation.target.name}[{equation.target.index}-1]" if equation.target.index else "a[j-1]"),
    )


def lags(equations: Iterable[Equation], symbol: str) -> dict[str, set[int]]:
    """Return for each name the lags with which one step reads it: a[j-1] is read with lag 1."""
    found: dict[str, set[int]] = {}
    for equation in equations:
        for q in quantities(equation.value):
            if isinstance(q.index, Index) and q.index.symbol == symbol:
                found.setdefault(q.name, set()).add(-q.index.offset)
    return found


Node = tuple[str, int | None]
"""A quantity by its name, and how many steps back it is read; None where that does not matter."""


def acts_otherwise(equations: Mapping[str, Sequence[Equation]], target: Quantity, q: Quantity) -> bool:
    """Tell whether q, which the equation of ``target`` reads, also acts on the target on another way.

    Where it does, the partial derivative of the one equation and the total derivative are different.
    ``equations``: by the names that they define.
    """
    counted = isinstance(q.index, Index)  # a quantity without an index may act from any step
    goal = (q.name, _lag(target, q) if counted else None)
    own = next(e for e in equations[target.name] if e.target == target)
    others = [p for p in quantities(own.value) if p != q]
    pending = [_node(own, p, 0 if counted else None) for p in others]
    seen = set(pending)
    while pending:
        name, back = pending.pop()
        for equation in equations.get(name, ()):
            reads = set(_reads(equation, back))
            if goal in reads:
                return True
            found = reads - seen
            seen |= found
            pending += [n for n in found if goal[1] is None or (n[1] or 0) <= goal[1]]
    return False


def _lag(target: Quantity, q: Quantity) -> int:
    ahead = target.index.offset if isinstance(target.index, Index) else 0
    return ahead - q.index.offset if isinstance(q.index, Index) else 0


def _reads(equation: Equation, back: int | None) -> list[Node]:
    return [_node(equation, q, back) for q in quantities(equation.value)]


def _node(equation: Equation, q: Quantity, back: int | None) -> Node:
    return q.name, None if back is None else back + _lag(equation.target, q)
