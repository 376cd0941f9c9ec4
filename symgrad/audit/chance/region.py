"""Where a random variable is in an event: the intervals of X in |X - μ| < 2σ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flint import arb, fmpq

from symgrad.audit.chance.laws.law import root
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Chain, Node, Number, Symbol, Tuple, symbols
from symgrad.reading.value import UndefinedError, Value, evaluate

TURNED = {"<": ">", "≤": "≥", ">": "<", "≥": "≤", "=": "=", "≠": "≠"}


@dataclass(frozen=True)
class Interval:
    """Numbers between two ends, None where there is no end; whether the ends are left out."""

    low: Value | None = None
    high: Value | None = None
    low_open: bool = False
    high_open: bool = False

    def moved(self, by: Value) -> Interval:
        """Return it with a number added."""
        low, high = (None if end is None else end + by for end in (self.low, self.high))
        return Interval(low, high, self.low_open, self.high_open)

    def scaled(self, by: Value) -> Interval:
        """Return it multiplied with a number."""
        if not (by > 0 or by < 0):
            raise UndefinedError("a factor 0")
        low, high = (None if end is None else end * by for end in (self.low, self.high))
        if by > 0:
            return Interval(low, high, self.low_open, self.high_open)
        return Interval(high, low, self.high_open, self.low_open)

    def met(self, other: Interval) -> Interval:
        """Return what is in both."""
        low, low_open = _inner(self.low, self.low_open, other.low, other.low_open, 1)
        high, high_open = _inner(self.high, self.high_open, other.high, other.high_open, -1)
        return Interval(low, high, low_open, high_open)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is in it; raises UndefinedError where its ends cannot be told apart."""
        if self.low is None or self.high is None:
            return False
        if self.low < self.high:
            return False
        if self.low > self.high:
            return True
        if _is_same(self.low, self.high):
            return self.low_open or self.high_open
        raise UndefinedError("ends that cannot be told apart")

    def integers(self) -> tuple[fmpq | None, fmpq | None]:
        """Return the first and the last integer in it."""
        return _integer(self.low, self.low_open, 1), _integer(self.high, self.high_open, -1)


def _inner(a: Value | None, a_open: bool, b: Value | None, b_open: bool, sign: int) -> tuple[Value | None, bool]:
    if a is None or b is None:
        return (b, b_open) if a is None else (a, a_open)
    if _is_same(a, b):
        return a, a_open or b_open
    if not (a < b or a > b):
        raise UndefinedError("ends that cannot be told apart")
    return (a, a_open) if (a - b) * sign > 0 else (b, b_open)


def _is_same(a: Value, b: Value) -> bool:
    """Tell whether two ends are one, as the π of two conditions: a ball with the same middle and radius is the same."""
    if isinstance(a, arb) and isinstance(b, arb):
        return bool(a.mid() == b.mid() and a.rad() == b.rad())
    return bool(a == b)


def _integer(end: Value | None, is_open: bool, sign: int) -> fmpq | None:
    if end is None:
        return None
    if isinstance(end, fmpq):
        up, whole = fmpq(-((-end.p) // end.q)), end.q == 1
        down = fmpq(end.p // end.q)
        if whole:
            return end + (sign if is_open else 0)
        return up if sign > 0 else down
    found = (end.ceil() if sign > 0 else end.floor()).unique_fmpz() if isinstance(end, arb) else None
    if found is None:
        raise UndefinedError("an end beside an integer")
    return fmpq(found)


Region = tuple[Interval, ...]
"""Intervals that do not meet."""


def region(chain: Chain, letter: str, letters: Mapping[str, Value]) -> Region:
    """Return where a letter is, as a chain of relations says: 1 < X ≤ 2."""
    found: Region = (Interval(),)
    for left, relation, right in chain.links():
        if left.node is None or right.node is None:
            raise NotUnderstoodError("an event")
        sides = [letter in symbols(n) for n in (left.node, right.node)]
        if all(sides):
            raise NotUnderstoodError("an event with a random variable on both sides")
        if sides[1] and relation in TURNED:
            found = _met(found, _where(right.node, TURNED[relation], left.node, letter, letters))
        elif sides[0]:
            found = _met(found, _where(left.node, relation, right.node, letter, letters))
    if not chain.relations:
        raise NotUnderstoodError("an event without a relation")
    return found


def _met(one: Region, other: Region) -> Region:
    return tuple(both for a in one for b in other if not (both := a.met(b)).is_empty)


def met(one: Region, other: Region) -> Region:
    """Return what is in two regions."""
    return _met(one, other)


def _where(node: Node, relation: str, bound: Node, letter: str, letters: Mapping[str, Value]) -> Region:
    """Return where a letter is in a relation of a formula with it to one without."""
    if relation == "∈":
        if not isinstance(bound, Tuple) or len(bound.items) != 2:
            raise NotUnderstoodError("a set")
        low, high = (None if _is_infinite(item) else evaluate(item, letters) for item in bound.items)
        return solved(node, letter, Interval(low, high), letters)
    if _is_infinite(bound):
        return (Interval(),)
    end = evaluate(bound, letters)
    if isinstance(end, list):
        raise NotUnderstoodError("an event of vectors")
    match relation:
        case "<" | "≤":
            parts: Region = (Interval(None, end, False, relation == "<"),)
        case ">" | "≥":
            parts = (Interval(end, None, relation == ">"),)
        case "=":
            parts = (Interval(end, end),)
        case "≠":
            parts = (Interval(None, end, False, True), Interval(end, None, True))
        case _:
            raise NotUnderstoodError(f"the relation {relation}")
    return tuple(i for part in parts for i in solved(node, letter, part, letters))


def _is_infinite(node: Node) -> bool:
    return Symbol("∞") in (node, node.arguments[0] if isinstance(node, Apply) and node.name == "neg" else node)


def solved(node: Node, letter: str, inside: Interval, letters: Mapping[str, Value]) -> Region:
    """Return where a letter is if a formula with it is in an interval.

    >>> from fractions import Fraction
    >>> x, two = Symbol("X"), Number(Fraction(2), "2")
    >>> solved(Apply("abs", (Apply("-", (x, two)),)), "X", Interval(None, fmpq(1)), {})[0].low
    1
    """
    match node:
        case Symbol(name) if name == letter:
            return (inside,)
        case Apply("neg", (a,)):
            return solved(a, letter, inside.scaled(fmpq(-1)), letters)
        case Apply("+", (a, b)) if letter not in symbols(b):
            return solved(a, letter, inside.moved(-evaluate(b, letters)), letters)
        case Apply("+", (a, b)) if letter not in symbols(a):
            return solved(b, letter, inside.moved(-evaluate(a, letters)), letters)
        case Apply("-", (a, b)) if letter not in symbols(b):
            return solved(a, letter, inside.moved(evaluate(b, letters)), letters)
        case Apply("-", (a, b)) if letter not in symbols(a):
            return solved(b, letter, inside.moved(-evaluate(a, letters)).scaled(fmpq(-1)), letters)
        case Apply("*", (a, b)) if letter not in symbols(a):
            return solved(b, letter, inside.scaled(1 / _nonzero(evaluate(a, letters))), letters)
        case Apply("*", (a, b)) if letter not in symbols(b):
            return solved(a, letter, inside.scaled(1 / _nonzero(evaluate(b, letters))), letters)
        case Apply("/", (a, b)) if letter not in symbols(b):
            return solved(a, letter, inside.scaled(_nonzero(evaluate(b, letters))), letters)
        case Apply("abs", (a,)):
            return tuple(i for part in _of_size(inside) for i in solved(a, letter, part, letters))
        case Apply("^", (a, Number(two))) if two == 2:
            ends = [None if end is None else fmpq(-1) if end < 0 else root(end) for end in (inside.low, inside.high)]
            size = Interval(ends[0], ends[1], inside.low_open, inside.high_open)
            return tuple(i for part in _of_size(size) for i in solved(a, letter, part, letters))
    raise NotUnderstoodError("an event that is not solved for its letter")


def _of_size(size: Interval) -> Region:
    """Return where a number is whose size is in an interval."""
    if size.high is not None and size.high < 0:
        return ()
    if size.low is None or size.low < 0:
        low = None if size.high is None else -size.high
        return (Interval(low, size.high, size.high_open, size.high_open),)
    if size.low == 0 and not size.low_open:
        return _of_size(Interval(None, size.high, False, size.high_open))
    return size, size.scaled(fmpq(-1))


def _nonzero(x: Value) -> Value:
    if not (x > 0 or x < 0):
        raise UndefinedError("a division by 0")
    return x
