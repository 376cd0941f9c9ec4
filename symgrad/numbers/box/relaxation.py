"""A scalar gradient over a box, where what a layer computes is a variable of the box beside the parameters.

z_j = w_j a_{j-1} + b_j is then a constraint: a box on which no z_j meets its right side holds no point of
the network. So σ'(z_4) and a_4 = σ(z_4) narrow together when z_4 is bisected, and b_4, which no other place
reads, need not be bisected at all: z_4 - w_4 a_3 meets the interval of b_4, or it does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from flint import arb

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.algebra.linear_map import LinearMap
from symgrad.algebra.map_tree import rewrite
from symgrad.algebra.substitution import move
from symgrad.arithmetic.interval import INFINITY, Interval
from symgrad.calculus.evaluate import NOTHING, Evaluation
from symgrad.calculus.forward import Compiler, needed
from symgrad.calculus.numeric import reads
from symgrad.calculus.values.values import Values
from symgrad.network.equation import Equation
from symgrad.numbers.box.box import Box
from symgrad.numbers.box.monotone import tightened
from symgrad.numbers.box.sparse import Sparse
from symgrad.numbers.extremum.dual import Dual, DualNumber
from symgrad.numbers.extremum.objective import INTERVALS

Place = tuple[Interval, ...]
"""An interval for each parameter, then for each quantity that is a variable."""

LINE = Interval(-INFINITY, INFINITY)


class Empty(Exception):  # noqa: N818  # a signal
    """A place that holds no point of the network."""


class Step(NamedTuple):
    """One equation of the unrolled network; variable: its number, where its target is a variable of the place."""

    target: Quantity
    equation: Equation
    at: dict[str, int]
    variable: int | None


class View(NamedTuple):
    """What is known of the gradient over a place; weights: how much each variable matters, by its number."""

    place: Place
    value: Interval
    slopes: dict[int, Interval]
    weights: dict[int, float]


@dataclass(frozen=True)
class _Tools:
    values: Values
    evaluation: Evaluation
    programs: list[Any]
    one: Any


class Relaxation:
    """The gradient of a box as a function of parameters and of quantities that equations constrain."""

    def __init__(self, box: Box) -> None:
        self.box, self.map = box, rewrite(box.form.map, tightened)
        self.steps, self.separate = _constrained(box, _unrolled(box, self.map), {q.name for q in reads(self.map)})
        joined = {move(q, s.at) for s in self.steps if s.variable is not None for q in quantities(s.equation.value)}
        self.free = frozenset(i for i, q in enumerate(box.variables) if q not in joined)
        """The parameters that no constraint reads: the greatest value lies at an end where a slope has a sign."""
        self.size = len(box.variables) + sum(s.variable is not None for s in self.steps)
        self.dual = Dual(INTERVALS)
        self._plain, self._dual = self._prepare(INTERVALS), self._prepare(self.dual)

    def _prepare(self, A: Any) -> _Tools:
        values = Values(self.box.form.network, A, self.box.depth)
        compiler = Compiler(values)
        programs = [compiler(tightened(s.equation.value)) for s in self.steps]
        return _Tools(values, Evaluation(values, compiler), programs, A.number(1))

    @property
    def unconstrained(self) -> bool:
        """Whether the parameters are the only variables."""
        return self.size == len(self.box.intervals)

    def start(self) -> Place:
        """Return the whole box."""
        return (*self.box.intervals, *[LINE] * (self.size - len(self.box.intervals)))

    def range(self, place: Place) -> Interval:
        """Enclose the values over a place; Empty where it holds no point of the network."""
        tools = self._plain
        self._put(tools, place)
        for s, program in zip(self.steps, tools.programs, strict=True):
            value = program(s.at)
            self._store(tools, s, value if s.variable is None else _meet(value, place[s.variable]))
        return self._gradient(tools, INTERVALS)

    def at_centre(self, place: Place) -> Interval:
        """Return the value at the middle of every variable, where the constraints need not hold."""
        tools = self._plain
        self._put(tools, place)
        for s, program in zip(self.steps, tools.programs, strict=True):
            self._store(tools, s, program(s.at) if s.variable is None else place[s.variable])
        return self._gradient(tools, INTERVALS)

    def view(self, place: Place) -> View:
        """Enclose the values and the slopes by each variable over a place, narrowed by its constraints."""
        tools, narrow, local = self._dual, list(place), {}
        self._put(tools, tuple(self._seeded(i, x) for i, x in enumerate(place[: len(self.box.intervals)])))
        for s, program in zip(self.steps, tools.programs, strict=True):
            value = program(s.at)
            if s.variable is not None:
                local[s.variable] = value.d.entries if value.d is not None else {}
                narrow[s.variable] = _meet(value.v, place[s.variable])
                value = self._seeded(s.variable, narrow[s.variable])
            self._store(tools, s, value)
        y = self._gradient(tools, self.dual)
        slopes = {} if y.d is None else y.d.entries
        return View(tuple(narrow), y.v, slopes, self._weights(narrow, slopes, local))

    def _weights(
        self, place: list[Interval], slopes: dict[int, Interval], local: dict[int, dict[int, Interval]]
    ) -> dict[int, float]:
        size = {i: _size(d) for i, d in slopes.items()}
        if not self.separate:
            for z in sorted(local, reverse=True):
                for i, d in local[z].items():
                    size[i] = size.get(i, 0.0) + size.get(z, 0.0) * _size(d)
        return {i: s * float(place[i].width) for i, s in size.items()}

    def _seeded(self, i: int, x: Interval) -> DualNumber:
        return DualNumber(x, None if x.lo == x.hi else Sparse({i: INTERVALS.number(1)}))

    def _put(self, tools: _Tools, place: tuple[Any, ...]) -> None:
        for q, x in zip(self.box.variables, place, strict=False):
            tools.values.env.setdefault(q.name, {})[q.index] = x  # type: ignore[index]  # a number, or None

    def _store(self, tools: _Tools, step: Step, value: Any) -> None:
        tools.values.env.setdefault(step.target.name, {})[step.target.index] = value  # type: ignore[index]

    def _gradient(self, tools: _Tools, A: Any) -> Any:
        found = tools.evaluation.apply(self.map, tools.one, dict(self.box.at))
        return A.number(0) if found is NOTHING else found


def _unrolled(box: Box, m: LinearMap) -> Iterator[Step]:
    """Yield the equations of every layer."""
    network = box.form.network
    last = {network.depth_symbol: box.depth}
    layers = [(e, {network.symbol: j, **last}) for j in range(1, box.depth + 1) for e in network.steps]
    ends = [(e, last) for e in needed(network, reads(m))]
    for equation, at in [*((e, last) for e in network.openings), *layers, *ends]:
        yield Step(move(equation.target, at), equation, dict(at), None)


def _constrained(box: Box, steps: Iterable[Step], read: set[str]) -> tuple[list[Step], bool]:
    """Make a variable of each target whose equation alone reads some parameter, as z_j does b_j.

    Also tell whether no two constraints share a variable that the gradient does not read.
    """
    steps = list(steps)
    uses = Counter(move(q, s.at) for s in steps for q in quantities(s.equation.value))
    alone = {q for q in box.variables if uses[q] == 1 and q.name not in read}
    sources: dict[Quantity, Counter[Quantity]] = {q: Counter([q]) for q in box.variables}
    shared: Counter[Quantity] = Counter()
    found, number = [], len(box.variables)
    for s in steps:
        reads_ = [move(q, s.at) for q in quantities(s.equation.value)]
        below = sum((sources[q] for q in reads_), Counter())
        own = len(set(reads_)) > 1 and not alone.isdisjoint(reads_)
        sources[s.target] = Counter([s.target]) if own else below
        shared += below if own else Counter()
        found.append(s._replace(variable=number if own else None))
        number += own
    direct = {q for name in read for target, below in sources.items() if target.name == name for q in below}
    return found, all(n == 1 or q in direct for q, n in shared.items())


def _meet(x: Interval, y: Interval) -> Interval:
    lo, hi = max(x.lo, y.lo), min(x.hi, y.hi)
    if lo > hi:
        raise Empty
    return Interval(lo, hi)


def _size(x: Interval) -> float:
    return float(max(abs(x.lo), abs(x.hi), key=lambda end: end if end.is_finite() else arb("inf")))
