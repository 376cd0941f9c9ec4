"""Two formulas with letters, enclosed at points: do they agree?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from flint import arb, fmpq

from symgrad.arithmetic.dyadic import ball as exact_ball
from symgrad.arithmetic.dyadic import rational
from symgrad.audit.domain import ClaimDomain
from symgrad.audit.finding import Word
from symgrad.numbers.extremum.real_domain import RealDomain
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Big, Node, symbols, walk
from symgrad.reading.value import UndefinedError, ball, evaluate

SEED, PARTS = 0, 128
REGIONS = (
    (Fraction(1, 10), Fraction(9, 10), 8),
    (Fraction(11, 10), Fraction(3), 8),
    (Fraction(-9, 10), Fraction(-1, 10), 4),
    (Fraction(-3), Fraction(-11, 10), 4),
)
WHOLE = frozenset("nmkNMKl")
"""Letters that stand for natural numbers."""
ENOUGH = 4
"""Points from which a verdict is given."""
EVERYWHERE = ClaimDomain()
SHARP = Fraction(1, 10**20)
REACH = 3
"""The size that no point exceeds where a letter may be anything."""


@dataclass(frozen=True)
class Agreement:
    """What the points say."""

    word: Word
    reason: str


@lru_cache(maxsize=1024)
def compare(left: Node, right: Node, variable: str = "", domain: ClaimDomain = EVERYWHERE) -> Agreement:
    """Return whether two formulas agree at points of a domain, wherever both are defined.

    variable: the only letter that is also negative, if one is named: the others are parameters.

    >>> from symgrad.reading.tree import Apply, Symbol
    >>> x = Symbol("x")
    >>> str(compare(Apply("+", (x, x)), Apply("*", (x, x))).word)
    'refuted'
    """
    agree, wrong = 0, ""
    differ = 0
    for point in points(tuple(sorted(symbols(left) | symbols(right))), variable, domain, ends(left, right)):
        if not domain.holds(point):
            continue
        try:
            x, y = (ball(evaluate(side, point)) for side in (left, right))
        except UndefinedError:
            continue
        except NotUnderstoodError as error:
            return Agreement(Word.UNCHECKED, f"not understood: {error}")
        difference = x - y
        if not difference.is_finite():
            continue
        if not difference.contains(0):
            differ += 1
            wrong = wrong or _told(point, x, y)
        elif difference.rad() <= exact_ball(SHARP) * (1 + abs(x)):
            agree += 1
    if agree and differ:
        return Agreement(Word.NOTE, f"holds on a part of the domain, not {wrong}")
    if differ >= ENOUGH:
        return Agreement(Word.REFUTED, wrong)
    if agree >= ENOUGH:
        return Agreement(Word.CONFIRMED, f"at {agree} points")
    return Agreement(Word.UNCHECKED, "defined at too few points")


def crosses(left: Node, right: Node, domain: ClaimDomain = EVERYWHERE) -> bool:
    """Tell whether one formula is larger at some positive points and smaller at others: between they may be equal.

    >>> from symgrad.reading.tree import Apply, Symbol
    >>> x = Symbol("x")
    >>> crosses(Apply("+", (x, x)), Apply("*", (x, x)))
    True
    """
    larger = smaller = False
    for point in points(tuple(sorted(symbols(left) | symbols(right))), "", domain):
        if any(x <= 0 for x in point.values()):
            continue
        try:
            difference = ball(evaluate(left, point)) - ball(evaluate(right, point))
        except (UndefinedError, NotUnderstoodError):
            continue
        larger, smaller = larger or bool(difference > 0), smaller or bool(difference < 0)
    return larger and smaller


def is_constant(node: Node) -> bool:
    """Tell whether a formula has the same value at all points where it has one.

    >>> from symgrad.reading.tree import Derivative, Symbol
    >>> is_constant(Derivative(Symbol("x"), "x")), is_constant(Symbol("x"))
    (True, False)
    """
    found: list[arb] = []
    for point in points(tuple(sorted(symbols(node))), ""):
        try:
            value = ball(evaluate(node, point))
        except (UndefinedError, NotUnderstoodError):
            continue
        found += [value] if value.is_finite() else []
    return len(found) >= ENOUGH and all(x.overlaps(found[0]) for x in found)


def ends(*sides: Node) -> frozenset[str]:
    """Return the letters that stand in the limits of sums and products: they are natural numbers.

    >>> from symgrad.reading.tree import Symbol
    >>> sorted(ends(Big("∑", "i", Symbol("s"), Symbol("t"), Symbol("x"))))
    ['s', 't']
    """
    return frozenset().union(
        *(symbols(n.low) | symbols(n.high) for side in sides for n in walk(side) if isinstance(n, Big))
    )


@lru_cache(maxsize=1024)
def points(
    names: tuple[str, ...], variable: str, domain: ClaimDomain = EVERYWHERE, whole: frozenset[str] = frozenset()
) -> tuple[dict[str, fmpq], ...]:
    """Return points of some letters, inside the intervals that the domain gives them.

    variable: the only letter that is also negative where the domain allows it, if one is named. whole: letters of
    natural numbers, beside the usual ones.
    """
    source = random.Random(SEED)
    intervals = {name: interval for name in names if (interval := domain.interval(name)) is not None}
    found = []
    for region, (_, _, count) in enumerate(REGIONS):
        for _ in range(count):
            point = {name: _chosen(name, source, region, name in whole) for name in names}
            point = {name: x if variable in ("", name) else abs(x) for name, x in point.items()}
            found.append({name: _inside(x, intervals.get(name)) for name, x in point.items()})
    return tuple(found)


def _inside(x: fmpq, interval: RealDomain | None) -> fmpq:
    """Return a point as it is, or, where an interval is bounded, one of the interval."""
    if interval is None or (interval.low is None and interval.high is None):
        return x
    low, high = (None if end is None else rational(end) for end in (interval.low, interval.high))
    if low is not None and high is not None:
        return low + (high - low) * (x + REACH) / (2 * REACH)
    if x.q == 1:
        return x if low is None or x > low else low + x
    return low + abs(x) if low is not None else high - abs(x)


def _chosen(name: str, source: random.Random, region: int, whole: bool = False) -> fmpq:
    if whole or name.partition("_")[0] in WHOLE:
        return fmpq(source.randint(1, 6))
    return _numbers(region)[source.randrange(PARTS)]


@lru_cache(maxsize=len(REGIONS))
def _numbers(region: int) -> tuple[fmpq, ...]:
    """Return the numbers of a region of which points are made."""
    low, high, _ = REGIONS[region]
    return tuple(rational(low + (high - low) * Fraction(n, PARTS)) for n in range(PARTS))


def _told(point: dict[str, fmpq], x: arb, y: arb) -> str:
    where = ", ".join(f"{name} = {value}" for name, value in point.items())
    return f"at {where}: {x.str(6, radius=False)} against {y.str(6, radius=False)}"
