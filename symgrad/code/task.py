"""What a program computes: the equations of both passes, each with its loops and what it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from symgrad.algebra.differential import Cotangent
from symgrad.algebra.expression import Expression, Quantity
from symgrad.algebra.expression_tree import nodes, quantities, reads, replaced
from symgrad.algebra.index import Position, minus, symbols
from symgrad.algebra.span import Span, holds, reach
from symgrad.calculus.equations.backward_equation import BackwardEquation, BackwardPass, Summand
from symgrad.network.network import Network

VALUE, COTANGENT = "value", "cotangent"
Key = tuple[str, str]
"""A kind and a name: a value of the forward pass, or a cotangent."""


@dataclass(frozen=True)
class Read:
    """What is read: a key at positions, for all values of the letters of sums."""

    key: Key
    positions: tuple[Position, ...]
    sums: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Task:
    """target = the sum of the summands, for each value of the letters of its spans."""

    key: Key
    target: Quantity
    summands: tuple[Summand, ...]
    spans: tuple[Span, ...]
    reads: tuple[Read, ...] = field(compare=False, repr=False, default=())
    asked: bool = False
    """Whether it is the gradient by a parameter: summed over the items that share it."""

    @property
    def positions(self) -> tuple[Position, ...]:
        """The indices of the target."""
        return self.target.indices


def _read(e: Expression, sums: tuple[Span, ...]) -> Iterator[Read]:
    for q, under in reads(e):
        yield Read((VALUE, q.name), q.indices, (*sums, *under))
    for x in nodes(e):
        if isinstance(x, Cotangent):
            yield Read((COTANGENT, x.wrt.name), x.wrt.indices, sums)


def forward_tasks(network: Network, wanted: Iterable[str]) -> list[Task]:
    """Return the equations that the names ``wanted`` need."""
    names, known = set(wanted), set[str]()
    while names != known:
        known = set(names)
        names |= {q.name for e in network.equations if e.target.name in names for q in quantities(e.value)}
    return [
        Task((VALUE, e.target.name), e.target, (Summand((), e.value),), network.free(e), tuple(_read(e.value, ())))
        for e in network.equations
        if e.target.name in names
    ]


def backward_tasks(equations: BackwardPass) -> list[Task]:
    """Return the backward equations; those of what was asked for are gradients."""
    network = equations.network
    given = set(network.parameters)
    found = [
        Task(
            (COTANGENT, e.wrt.name), e.wrt, e.summands, e.ranges, tuple(_reads_of(e)), _is_given(network, e.wrt, given)
        )
        for e in equations.equations
    ]
    return [t for t in found if not any(_covers(u, t) for u in found)]


def _covers(u: Task, t: Task) -> bool:
    """Tell whether a task computes what another one computes at one step, as z[l] for every l and z[1]."""
    if u.key != t.key or not u.spans or t.spans:
        return False
    spans = {s.symbol: s for s in u.spans}
    for p, q in zip(u.positions, t.positions, strict=True):
        first, last = reach(p, spans)
        if holds(minus(first, q) - 1, {}) or holds(minus(q, last) - 1, {}):
            return False
    return True


def _is_given(network: Network, q: Quantity, given: set[Quantity]) -> bool:
    """Tell whether q is a parameter, or one of its layers."""
    return q in given or (q.name not in network.by_name and network.general(q) in given)


def by_outputs(t: Task, output: Callable[[Expression], Quantity | None]) -> Task:
    """Return a task that reads f(x), and not x, for a slope f'(x) that is written by it."""
    found: list[Read] = []
    for s in t.summands:
        found += _read(replaced(s.front, output), ())
        found += _read(replaced(s.value, output), s.sums)
    return replace(t, reads=tuple(found))


def _reads_of(e: BackwardEquation) -> Iterator[Read]:
    for s in e.summands:
        yield from _read(s.front, ())
        yield from _read(s.value, s.sums)


def free_letters(task: Task) -> frozenset[str]:
    """Return the letters of the loops of a task."""
    return symbols(task.positions)
