"""A function by cases: what it is in which interval, at a place, and beside one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from flint import fmpq

from symgrad.arithmetic.dyadic import fraction
from symgrad.audit.chance.region import Interval, Region, met, region
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Chain, Node, Number
from symgrad.reading.value import UndefinedError, Value, evaluate


@dataclass(frozen=True)
class Case:
    """What a function is where one of several conditions holds; without any: where no other case does."""

    value: Node
    where: tuple[tuple[Chain, ...], ...]


@dataclass(frozen=True)
class Part:
    """What a function is in one interval."""

    inside: Interval
    value: Node


@dataclass(frozen=True)
class ByCases:
    """name(letter) with some primes, by its cases."""

    name: str
    letter: str
    primes: int
    cases: tuple[Case, ...]

    def parts(self, letters: Mapping[str, Value] | None = None) -> tuple[Part, ...]:
        """Return what it is in which intervals, in their order; they may meet at their ends.

        letters: the values of the other letters. Raises NotUnderstoodError or UndefinedError where a condition is not
        understood, or two hold together.
        """
        given = letters or {}
        found = [Part(i, c.value) for c in self.cases for i in _regions(c, self.letter, given)]
        others = [c.value for c in self.cases if not c.where]
        if len(others) > 1:
            raise NotUnderstoodError("two cases for all else")
        found += (Part(i, value) for value in others for i in complement([p.inside for p in found]))
        for n, part in enumerate(found):
            if any(_meet(part.inside, other.inside) for other in found[:n]):
                raise NotUnderstoodError("cases that hold together")
        return tuple(sorted(found, key=_Order))

    def zero_elsewhere(self) -> ByCases:
        """Return it with 0 where no case holds, as a density is."""
        whole = any(not c.where for c in self.cases)
        return self if whole else replace(self, cases=(*self.cases, Case(Number(Fraction(0), "0"), ())))

    def node_of(self, end: Value) -> Node:
        """Return an end of an interval as a formula."""
        if isinstance(end, fmpq):
            return as_number(end)
        for side in (s.node for c in self.cases for chains in c.where for chain in chains for s in chain.sides):
            for node in () if side is None else (side, Apply("neg", (side,))):
                try:
                    value = evaluate(node, {})
                except (NotUnderstoodError, UndefinedError):
                    continue
                if value is not None and not isinstance(value, list) and (end - value).contains(0):
                    return node
        raise NotUnderstoodError("an end that is not printed")


def as_number(x: fmpq) -> Node:
    """Return a fraction as a formula."""
    value: Fraction = fraction(x)
    whole = Number(Fraction(abs(value.numerator)), str(abs(value.numerator)))
    size: Node = whole
    if value.denominator != 1:
        size = Apply("/", (whole, Number(Fraction(value.denominator), str(value.denominator))))
    return size if value >= 0 else Apply("neg", (size,))


def at(parts: tuple[Part, ...], place: Value) -> Node:
    """Return what a function is at a place; raises NotUnderstoodError where no case or several hold."""
    found = [p.value for p in parts if holds(p.inside, place)]
    if len(found) != 1:
        raise NotUnderstoodError("no case, or several")
    return found[0]


def beside(parts: tuple[Part, ...], place: Value, sign: int) -> Node:
    """Return what a function is right of a place, or left of it where the sign is -1."""
    for p in parts:
        low, high = p.inside.low, p.inside.high
        if sign > 0 and (low is None or low <= place) and (high is None or high > place):
            return p.value
        if sign < 0 and (high is None or high >= place) and (low is None or low < place):
            return p.value
    raise NotUnderstoodError("no case beside a place")


def holds(inside: Interval, place: Value) -> bool:
    """Tell whether a number is in an interval; raises UndefinedError where it cannot be told from an end.

    >>> holds(Interval(fmpq(0), fmpq(1), high_open=True), fmpq(1))
    False
    """
    return not inside.met(Interval(place, place)).is_empty


def complement(intervals: list[Interval]) -> Iterator[Interval]:
    """Yield the intervals outside of others."""
    rest: Region = (Interval(),)
    for i in intervals:
        sides: Region = ()
        if i.low is not None:
            sides = (*sides, Interval(None, i.low, False, not i.low_open))
        if i.high is not None:
            sides = (*sides, Interval(i.high, None, not i.high_open, False))
        rest = met(rest, sides)
    yield from rest


def _regions(case: Case, letter: str, letters: Mapping[str, Value]) -> Iterator[Interval]:
    for chains in case.where:
        found: Region = (Interval(),)
        for chain in chains:
            found = met(found, region(chain, letter, letters))
        if not found:
            raise NotUnderstoodError("a case that never holds")
        yield from found


def _meet(one: Interval, other: Interval) -> bool:
    """Tell whether two intervals have more than one number in common."""
    both = one.met(other)
    return not both.is_empty and (both.low is None or both.high is None or bool(both.low < both.high))


class _Order:
    """The order of parts by where they begin; of two at one place the point comes first."""

    def __init__(self, part: Part) -> None:
        self.i = part.inside

    def __lt__(self, other: _Order) -> bool:
        a, b = self.i.low, other.i.low
        if a is None or b is None:
            return a is None and b is not None
        return bool(a < b) or (not a > b and self.i.high is not None and bool(self.i.high <= a))
