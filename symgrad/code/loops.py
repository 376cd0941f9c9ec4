"""The order of a program: tasks after those that they read, in as few loops as that takes.

What reads itself at another step needs a loop, in one direction; what does not may stand in any. The loops are found
from the outside in, by the circles in which tasks read each other: Allen and Kennedy, Optimizing Compilers for Modern
Architectures (2001), section 2.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from symgrad.algebra.index import Index, Position, coefficient, difference, minus
from symgrad.algebra.span import Span, holds, reach
from symgrad.code.task import Read, Task
from symgrad.errors import NotDefined


@dataclass(frozen=True)
class Loop:
    """for symbol = lower..upper, from the last to the first where ``down``: the body.

    carried: whether a step reads another one, so that the order matters.
    """

    span: Span
    body: tuple[Block, ...]
    down: bool = False
    carried: bool = False

    @property
    def tasks(self) -> Iterator[Task]:
        """The tasks in it."""
        for b in self.body:
            yield from b.tasks if isinstance(b, Loop) else (b,)


Block = Loop | Task


def ordered(tasks: list[Task]) -> list[Block]:
    """Return tasks in their order, in loops; NotDefined where no order of loops will do."""
    return _fused(_blocks(tasks, ()))


def _blocks(tasks: list[Task], outer: tuple[str, ...]) -> list[Block]:
    before = {
        n: {m for m, u in enumerate(tasks) if any(_meet(t, r, u, outer) for r in t.reads)} for n, t in enumerate(tasks)
    }
    found: list[Block] = []
    for circle in _circles(before):
        members = [tasks[n] for n in sorted(circle)]
        if len(circle) == 1 and not before[circle[0]] & set(circle):
            found.append(_nest(members[0], outer))
        else:
            found.append(_loop(members, outer))
    return found


def _nest(task: Task, outer: tuple[str, ...]) -> Block:
    block: Block = task
    for span in reversed([s for s in task.spans if s.symbol not in outer]):
        block = Loop(span, (block,))
    return block


def _loop(tasks: list[Task], outer: tuple[str, ...]) -> Loop:
    """Return the loop that carries what the tasks read of each other."""
    for symbol in (s.symbol for s in tasks[0].spans):
        if symbol in outer or any(symbol not in {s.symbol for s in t.spans} for t in tasks):
            continue
        steps = [_step(t, r, u, symbol) for t in tasks for u in tasks for r in t.reads if _meet(t, r, u, outer)]
        signs = {(d > 0) - (d < 0) for d in steps if d is not None} - {0}
        if None in steps or len(signs) != 1:
            continue
        spans = [next(s for s in t.spans if s.symbol == symbol) for t in tasks]
        body = _blocks(tasks, (*outer, symbol))
        return Loop(_hull(spans), tuple(body), down=signs == {1}, carried=True)
    names = ", ".join(dict.fromkeys(str(t.target) for t in tasks))
    raise NotDefined(f"no order of loops computes {names}", todo="evaluate it with symgrad: model.gradients(...)")


def _hull(spans: list[Span]) -> Span:
    lower, upper = spans[0].lower, spans[0].upper
    for s in spans[1:]:
        down, up = difference(s.lower, lower), difference(s.upper, upper)
        if down is None or up is None:
            raise NotDefined(f"loops over {s} and {spans[0]} together", todo="give the depth as a number")
        lower, upper = (s.lower if down < 0 else lower), (s.upper if up > 0 else upper)
    return Span(spans[0].symbol, lower, upper)


def _meet(t: Task, r: Read, u: Task, outer: tuple[str, ...]) -> bool:
    """Tell whether t may read what u computes, at the same numbers of the letters of the loops outside."""
    if r.key != u.key:
        return False
    if any(_step(t, r, u, s) not in (0, None) for s in outer):
        return False
    mine = {s.symbol: s for s in (*t.spans, *r.sums)}
    for p, target in zip(r.positions, u.positions, strict=True):
        low, high = reach(p, mine)
        spans = {s.symbol: s for s in u.spans}
        first, last = reach(target, spans)
        if _less(high, first) or _less(last, low):
            return False
    return True


def _less(p: Position, q: Position) -> bool:
    return holds(minus(q, p) - 1, {})  # each letter is 1 or more


def _step(t: Task, r: Read, u: Task, symbol: str) -> int | None:
    """Return how far ahead t reads u along a letter, None where that is no number."""
    for p, target in zip(r.positions, u.positions, strict=True):
        if target == Index(symbol) and coefficient(p, symbol) == 1:
            gap = minus(p, Index(symbol))
            return gap if isinstance(gap, int) else None
    return None


def _circles(before: dict[int, set[int]]) -> Iterator[list[int]]:
    """Yield the strongly connected parts of a graph, each after those that it reads (Tarjan), without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    for start in before:
        pending = [(start, iter(sorted(before[start])))] if start not in index else []
        for n, _ in pending:
            index[n] = low[n] = len(index)
            stack.append(n)
        while pending:
            n, others = pending[-1]
            m = next(others, None)
            if m is None:
                pending.pop()
                if pending:
                    low[pending[-1][0]] = min(low[pending[-1][0]], low[n])
                if low[n] == index[n]:
                    circle: list[int] = []
                    while not circle or circle[-1] != n:
                        circle.append(stack.pop())
                    yield circle
            elif m not in index:
                index[m] = low[m] = len(index)
                stack.append(m)
                pending.append((m, iter(sorted(before[m]))))
            elif m in stack:
                low[n] = min(low[n], index[m])


def _fused(blocks: list[Block]) -> list[Block]:
    """Return blocks, those that are neighbours in one loop where none reads what the other computes at another step."""
    found: list[Block] = []
    for b in blocks:
        last = found[-1] if found else None
        together = _together(last, b) if isinstance(b, Loop) and isinstance(last, Loop) else None
        if together is None:
            found.append(b)
        else:
            found[-1] = together
    return found


def _together(x: Loop, y: Loop) -> Loop | None:
    """Return two neighbours as one loop; what has an order of its own comes first, as errors before gradients."""
    symbol = x.span.symbol
    if y.carried or y.span.symbol != symbol or not all(isinstance(b, Task) for b in (*x.body, *y.body)):
        return _equal(x, y)
    met = [(t, r, u) for t in y.tasks for r in t.reads for u in x.tasks if r.key == u.key]
    if any(r.sums or _step(t, r, u, symbol) != 0 for t, r, u in met) or x.span.without or y.span.without:
        return _equal(x, y)
    try:
        span = _hull([x.span, y.span])
    except NotDefined:
        return None
    if span.within or any(s.within for s in (x.span, y.span)):
        return _equal(x, y)
    return Loop(span, (*x.body, *y.body), x.down, x.carried)


def _equal(x: Loop, y: Loop) -> Loop | None:
    """Return two loops of one range, of which none needs an order, as one."""
    if x.span != y.span or x.carried or y.carried:
        return None
    if any(r.key == u.key for t in y.tasks for r in t.reads for u in x.tasks):
        return None
    return Loop(x.span, tuple(_fused([*x.body, *y.body])))
