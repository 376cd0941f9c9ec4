"""What is known where a claim is judged: the laws of its random variables, and the values of its letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import factorial

from flint import arb, fmpq

from symgrad.audit.chance.laws.law import Law, root
from symgrad.audit.chance.region import Interval
from symgrad.audit.parsed import USUAL
from symgrad.reading.reading import Reading
from symgrad.reading.value import UndefinedError, Value

Chances = Callable[[Law, Interval], Value]
"""How the probability of an interval is found: exactly, or as an author finds it with a table."""


def exactly(law: Law, inside: Interval) -> Value:
    """Return the probability of an interval."""
    if inside.is_empty:
        return fmpq(0)
    if law.masses:
        return sum((p for v, p in law.masses if not inside.met(Interval(v, v)).is_empty), fmpq(0))
    if law.discrete:
        first, last = inside.integers()
        return fmpq(0) if first is not None and last is not None and first > last else law.between(first, last)
    return law.between(inside.low, inside.high)


SLACK, RELATIVE, TABLE = arb("0.0101"), arb("0.006"), arb("0.00021")
"""How far a z is off that is rounded to two decimals or found with a rounded σ, and what a table is off."""


def by_table(law: Law, inside: Interval) -> Value:
    """Return the probability under a normal law as far as a table of Φ tells it: for z with two decimals."""
    if law.name != "normal":
        return exactly(law, inside)
    return _normal(law, inside.low, inside.high)


def by_normal(law: Law, inside: Interval) -> Value:
    """Return the probability of a normal law with the same mean and variance."""
    return _normal(law, inside.low, inside.high)


def by_corrected_normal(law: Law, inside: Interval) -> Value:
    """Return it with the correction of half an integer at each end."""
    if not law.discrete:
        return by_normal(law, inside)
    first, last = inside.integers()
    half = fmpq(1, 2)
    return _normal(law, None if first is None else first - half, None if last is None else last + half)


def by_poisson(law: Law, inside: Interval) -> Value:
    """Return the probability under the Poisson law with the same mean."""
    if not law.discrete or law.masses or law.low != 0:
        raise UndefinedError("no law of counts")
    rate = law.mean

    def at(k: int) -> Value:
        return arb(-rate).exp() * arb(rate) ** k / factorial(k) if k >= 0 else fmpq(0)

    return exactly(Law("Poisson", True, fmpq(0), None, at, law.raw, ()), inside) + arb(0, TABLE)


def _normal(law: Law, low: Value | None, high: Value | None) -> Value:
    if law.masses:
        raise UndefinedError("no sum of many")
    mean, sd = law.mean, root(law.variance)
    upper = arb(1) if high is None else _table((high - mean) / sd)
    return upper if low is None else upper - _table((low - mean) / sd)


_RULE = {1: "0.005", 2: "0.0025", 3: "0.0005"}
"""How far what the 68–95–99.7 rule says of one tail is off."""


def _table(z: Value) -> arb:
    """Return Φ(z) as a ball that holds what tables and the rule of thumb give for it."""
    whole = isinstance(z, fmpq) and (z * 100).q == 1
    wide = arb(z) if whole else arb(z) + arb(0, SLACK + RELATIVE * abs(arb(z)))
    found = (-wide / arb(2).sqrt()).erfc() / 2 + arb(0, TABLE)
    if isinstance(z, fmpq) and z.q == 1 and abs(int(z.p)) in _RULE:
        found += arb(0, arb(_RULE[abs(int(z.p))]))
    return found


@dataclass
class Setting:
    """laws: of each random letter. letters: values of the others. doubts: what makes a wrong claim uncertain.

    independent: whether the text says so of them. chances: how probabilities are found. drawn: whether values are,
    parameters: and which of them are parameters of the laws; free: the others.
    """

    laws: Mapping[str, Law]
    letters: Mapping[str, Value]
    reading: Reading = USUAL
    independent: bool = False
    chances: Chances = exactly
    doubts: set[str] = field(default_factory=set)
    drawn: bool = False
    parameters: frozenset[str] = frozenset()
    free: frozenset[str] = frozenset()

    def only(self) -> Law | None:
        """Return the law, where there is one only."""
        laws = list(self.laws.values())
        return laws[0] if len(laws) == 1 else None
