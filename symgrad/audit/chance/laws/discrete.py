"""Laws on integers, by their parameters; what is no parameter raises UndefinedError."""

from __future__ import annotations

from math import comb, factorial

from flint import arb, fmpq

from symgrad.audit.chance.laws.law import DRAWS, MOST_TERMS, Law, exponential, logarithm, moments_of, power
from symgrad.reading.value import UndefinedError, Value

EXACT = 150
"""Trials up to which probabilities are fractions."""


def binomial(n: Value, p: Value) -> Law:
    """Return the law of the successes in n trials.

    >>> binomial(fmpq(10), fmpq(3, 10)).variance
    21/10
    """
    trials, p = _count(n), _chance(p)
    shown = p if trials <= EXACT else arb(p)

    def at(k: int) -> Value:
        return comb(trials, k) * power(shown, k) * power(1 - shown, trials - k) if 0 <= k <= trials else fmpq(0)

    def transform(t: Value) -> Value:
        return (1 - p + p * exponential(t)) ** trials

    return Law("binomial", True, fmpq(0), n, at, moments_of(transform, p), _first(0, trials), transform=transform)


def bernoulli(p: Value) -> Law:
    """Return the law of one trial."""
    return binomial(fmpq(1), p)


def poisson(rate: Value) -> Law:
    """Return the law of a count with a mean."""
    rate = _positive(rate)

    def at(k: int) -> Value:
        return exponential(-rate) * power(rate, k) / factorial(k) if k >= 0 else fmpq(0)

    def transform(t: Value) -> Value:
        return exponential(rate * (exponential(t) - 1))

    return Law("Poisson", True, fmpq(0), None, at, moments_of(transform, rate), _first(0, None), transform=transform)


def negative_binomial(r: Value, p: Value) -> Law:
    """Return the law of the failures before success r."""
    count, p = _count(r), _chance(p)
    if count < 1 or not p > 0:
        raise UndefinedError("no success")

    def at(k: int) -> Value:
        return comb(k + count - 1, k) * power(p, count) * power(1 - p, k) if k >= 0 else fmpq(0)

    def transform(t: Value) -> Value:
        return (p / (1 - (1 - p) * exponential(t))) ** count

    raw = moments_of(transform, p)
    return Law("negative binomial", True, fmpq(0), None, at, raw, _first(0, None), transform=transform)


def negative_binomial_trials(r: Value, p: Value) -> Law:
    """Return the law of the trials up to success r."""
    failures, count = negative_binomial(r, p), _count(r)

    def transform(t: Value) -> Value:
        return failures.transform(t) * exponential(count * t) if failures.transform else t

    raw = moments_of(transform, p)
    inside = _first(count, None)
    return Law("negative binomial", True, r, None, lambda k: failures.at(k - count), raw, inside, transform=transform)


def geometric(p: Value) -> Law:
    """Return the law of the trials up to the first success."""
    return negative_binomial_trials(fmpq(1), p)


def geometric_failures(p: Value) -> Law:
    """Return the law of the failures before the first success."""
    return negative_binomial(fmpq(1), p)


def hypergeometric(whole: Value, marked: Value, drawn: Value) -> Law:
    """Return the law of the marked ones among those that are drawn without return."""
    n, m, k = _count(whole), _count(marked), _count(drawn)
    if m > n or k > n:
        raise UndefinedError("more than there are")

    def at(j: int) -> Value:
        return fmpq(comb(m, j) * comb(n - m, k - j), comb(n, k)) if 0 <= j <= k else fmpq(0)

    return _finite("hypergeometric", max(0, m + k - n), min(m, k), at)


def uniform_integers(low: Value, high: Value) -> Law:
    """Return the law of an integer from low to high, each as likely."""
    first, last = _whole(low), _whole(high)
    if last <= first:
        raise UndefinedError("no integers")
    return _finite("uniform", first, last, lambda j: fmpq(int(first <= j <= last), last - first + 1))


def logarithmic_series(p: Value) -> Law:
    """Return the logarithmic law, P(X = k) = -p^k/(k ln(1 - p))."""
    p = _chance(p)
    scale = -1 / arb(logarithm(1 - p))
    raw = moments_of(lambda t: logarithm(1 - p * exponential(t)) * -scale, arb(p))
    return Law("logarithmic", True, fmpq(1), None, lambda k: scale * power(p, k) / k, raw, _first(1, None))


def _finite(name: str, low: int, high: int, at: object) -> Law:
    """Return a law on a few integers, whose moments are sums."""
    if not callable(at) or high - low > MOST_TERMS:
        raise UndefinedError("too many values")

    def raw(k: int) -> Value:
        return sum((at(j) * j**k for j in range(low, high + 1)), fmpq(0))

    def transform(t: Value) -> Value:
        return sum((at(j) * exponential(j * t) for j in range(low, high + 1)), fmpq(0))

    return Law(name, True, fmpq(low), fmpq(high), at, raw, _first(low, high), transform=transform)


def _first(low: int, high: int | None) -> tuple[Value, ...]:
    return tuple(fmpq(k) for k in range(low, low + DRAWS) if high is None or k <= high)


def _whole(x: Value) -> int:
    if not isinstance(x, fmpq) or x.q != 1 or abs(x) > MOST_TERMS:
        raise UndefinedError("no integer")
    return int(x.p)


def _count(x: Value) -> int:
    if _whole(x) < 0:
        raise UndefinedError("no number of trials")
    return _whole(x)


def _chance(p: Value) -> Value:
    if not (p >= 0 and p <= 1):
        raise UndefinedError("no probability")
    return p


def _positive(x: Value) -> Value:
    if not x > 0:
        raise UndefinedError("no positive number")
    return x
