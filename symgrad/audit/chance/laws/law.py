"""A law of a random variable: its probabilities, its moments and its transform, exact or as balls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import factorial
from typing import Any

from flint import arb, arb_series, ctx, fmpq, fmpq_series

from symgrad.reading.tree import Node
from symgrad.reading.value import UndefinedError, Value

MOST_TERMS = 2_000
"""Probabilities that are added up."""
HIGHEST = 8
"""The highest moment."""
DRAWS = 5
"""Values of a random variable, or of a parameter, at which a formula with letters is tried."""


@dataclass(frozen=True)
class Law:
    """A law on the numbers from low to high, None where there is no end; one that is discrete is on integers.

    at: the probability of an integer, or the density. below: P(X ≤ x) of a law with a density. raw: E X^k.
    transform: E e^{tX}. middle: the median, where there is a formula. inside: values that it takes.
    masses: of finitely many values, be they integers or not, each with its probability.
    expect: the mean of a formula of a letter, where other letters have values.
    """

    name: str
    discrete: bool
    low: Value | None
    high: Value | None
    at: Callable[[Any], Value]
    raw: Callable[[int], Value]
    inside: tuple[Value, ...]
    below: Callable[[Value], Value] | None = None
    transform: Callable[[Value], Value] | None = None
    middle: Value | None = None
    masses: tuple[tuple[Value, Value], ...] = ()
    expect: Callable[[Node, str, Mapping[str, Value]], Value] | None = None

    @property
    def mean(self) -> Value:
        """The expectation."""
        return self.raw(1)

    @property
    def variance(self) -> Value:
        """The second central moment."""
        return self.raw(2) - self.raw(1) * self.raw(1)

    def between(self, low: Value | None, high: Value | None) -> Value:
        """Return P(low ≤ X ≤ high); None: no end. Of a discrete law the ends are integers."""
        if self.discrete:
            return self._summed(low, high)
        if self.below is None:
            raise UndefinedError("a law without probabilities")
        upper = fmpq(1) if high is None else self._below(high)
        return upper if low is None else upper - self._below(low)

    def _below(self, x: Value) -> Value:
        if self.low is not None and x <= self.low:
            return fmpq(0)
        if self.high is not None and x >= self.high:
            return fmpq(1)
        return self.below(x) if self.below is not None else arb.nan()

    def _summed(self, low: Value | None, high: Value | None) -> Value:
        first = self.low if low is None or (self.low is not None and low < self.low) else low
        last = self.high if high is None or (self.high is not None and high > self.high) else high
        if last is None:
            return fmpq(1) if first is None else 1 - self._summed(None, first - 1)
        if first is None or last - first > MOST_TERMS:
            raise UndefinedError("too many terms")
        total: Value = fmpq(0)
        for k in range(int(first.p), int(last.p) + 1):
            total = total + self.at(k)
        return total


def exponential(x: Value) -> Value:
    """Return e^x of a number or a series."""
    return arb(x).exp() if isinstance(x, fmpq) else x.exp()


def logarithm(x: Value) -> Value:
    """Return ln x of a number or a series."""
    return arb(x).log() if isinstance(x, fmpq) else x.log()


def root(x: Value) -> Value:
    """Return √x, exactly where it is a fraction.

    >>> root(fmpq(9, 4))
    3/2
    """
    if isinstance(x, fmpq):
        p, q = x.p.isqrt() if x >= 0 else 0, x.q.isqrt()
        if p * p == x.p and q * q == x.q:
            return fmpq(p, q)
    return arb(x).sqrt()


def power(x: Value, n: Value) -> Value:
    """Return x^n, exactly where x is a fraction and n an integer."""
    if isinstance(n, int) or (isinstance(n, fmpq) and n.q == 1 and abs(n) < 1_000):
        return x ** int(n) if not (x == 0 and n < 0) else arb.nan()
    return arb(x) ** arb(n)


def moments_of(transform: Callable[[Value], Value], *parameters: Value) -> Callable[[int], Value]:
    """Return the moments that a transform generates: E X^k is k! times its coefficient of t^k."""
    exact = all(isinstance(p, fmpq) for p in parameters)

    def raw(k: int) -> Value:
        if k > HIGHEST:
            raise UndefinedError("a high moment")
        cap = ctx.cap
        ctx.cap = k + 1
        try:
            t = fmpq_series([0, 1]) if exact else arb_series([0, 1])
            found = transform(t)
            return found[k] * factorial(k) if isinstance(found, type(t)) else fmpq(k == 0)
        finally:
            ctx.cap = cap

    return raw
