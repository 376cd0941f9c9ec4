"""The order in which the equations of a grid are computed: h[l,t] after h[l-1,t] and h[l,t-1], b[t] after b[t+1].

A grid is a network with several recurrences, or one that runs backwards, or a step that reads a sum of steps. At
numbers for the ends of its ranges each equation stands for one at each of its indices; they are put in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import reads
from symgrad.algebra.index import Place
from symgrad.algebra.span import Span
from symgrad.errors import TooLarge
from symgrad.network.equation import Equation
from symgrad.network.network import Network

MOST = 200_000
"""Equations at numbers that are put in order."""

Key = tuple[str, Place]


@dataclass(frozen=True)
class Instance:
    """An equation at numbers: the place that it defines, and what its letters are."""

    equation: Equation
    place: Place
    numbers: tuple[tuple[str, int], ...]

    @property
    def at(self) -> dict[str, int]:
        """The numbers of the letters, those of the ends of ranges included."""
        return dict(self.numbers)


def scheduled(network: Network, ends: Mapping[str, int]) -> tuple[Instance, ...]:
    """Return the equations of a grid at numbers, each after those that it reads.

    Raises ReadError where they read each other in a circle, TooLarge beyond 200,000 of them.
    """
    return _scheduled(network, tuple(sorted(ends.items())))


@lru_cache(maxsize=64)
def _scheduled(network: Network, ends: tuple[tuple[str, int], ...]) -> tuple[Instance, ...]:
    known = {(i.equation.target.name, i.place): i for i in _instances(network, dict(ends))}
    done: dict[Key, Instance] = {}
    for start in known:
        path: dict[Key, None] = {}
        pending: list[tuple[Key, bool]] = [(start, False)]
        while pending:
            key, leaving = pending.pop()
            if leaving:
                path.popitem()
                done[key] = known[key]
            elif key not in done:
                if key in path:
                    _circle(known[key].equation, list(path), key)
                path[key] = None
                pending.append((key, True))
                pending += [(r, False) for r in read_places(known[key]) if r in known and r not in done]
    return tuple(done.values())


def _instances(network: Network, ends: Mapping[str, int]) -> Iterator[Instance]:
    count = 0
    fixed = {(e.target.name, e.target.place(ends)) for e in network.grid if not network.free(e)}
    for e in network.grid:
        spans = network.free(e)
        for numbers in product(*(s.numbers(ends) for s in spans)):
            at = {**ends, **{s.symbol: n for s, n in zip(spans, numbers, strict=True)}}
            place = e.target.place(at)
            if spans and (e.target.name, place) in fixed:
                continue  # it has an equation of its own
            count += 1
            if count > MOST:
                raise TooLarge(f"the network has more than {MOST:,} quantities", todo="give smaller numbers")
            yield Instance(e, place, tuple(at.items()))


def read_places(i: Instance) -> Iterator[Key]:
    """Yield the places that an equation reads at its numbers, each term of a sum for itself."""
    for q, spans in reads(i.equation.value):
        for at in under(spans, i.at):
            yield q.name, q.place(at)


def under(spans: tuple[Span, ...], at: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield the numbers of the letters that sums bind, beside those that are known."""
    if not spans:
        yield dict(at)
        return
    for n in spans[0].numbers(at):
        yield from under(spans[1:], {**at, spans[0].symbol: n})


def _circle(e: Equation, path: list[Key], key: Key) -> None:
    names = " -> ".join(_shown(k) for k in [*path[path.index(key) :], key])
    what = f"the equations run in a circle: {names}"
    e.line.fail(what, f"let {e.target.name} be read at indices that come before its own, in one direction")


def _shown(key: Key) -> str:
    name, place = key
    return name if place is None else str(Quantity(name, None, place if isinstance(place, tuple) else (place,)))
