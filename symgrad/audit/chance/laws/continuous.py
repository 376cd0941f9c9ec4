"""Laws with a density, by their parameters; what is no parameter raises UndefinedError."""

from __future__ import annotations

from collections.abc import Callable

from flint import arb, fmpq

from symgrad.audit.chance.laws.law import DRAWS, Law, exponential, logarithm, moments_of, power, root
from symgrad.reading.value import UndefinedError, Value

PLACES = tuple(fmpq(n, 7) for n in (3, 8, 11, 17, 23))[:DRAWS]
"""Values inside a law on the positive numbers."""


def normal(mean: Value, variance: Value) -> Law:
    """Return the normal law by its mean and its variance.

    >>> normal(fmpq(0), fmpq(1)).raw(4)
    3
    """
    positive(variance)
    sd = root(variance)

    def below(x: Value) -> Value:
        return (-(arb(x) - mean) / (sd * arb(2).sqrt())).erfc() / 2

    def at(x: Value) -> Value:
        z = (arb(x) - mean) / sd
        return (-z * z / 2).exp() / (sd * (2 * arb.pi()).sqrt())

    def transform(t: Value) -> Value:
        return exponential(t * mean + t * t * variance / 2)

    inside = tuple(mean + sd * (place - 1) for place in PLACES)
    raw = moments_of(transform, mean, variance)
    return Law("normal", False, None, None, at, raw, inside, below, transform, mean)


def normal_by_deviation(mean: Value, deviation: Value) -> Law:
    """Return the normal law by its mean and its standard deviation."""
    return normal(mean, positive(deviation) * deviation)


def normal_by_precision(mean: Value, precision: Value) -> Law:
    """Return the normal law by its mean and one over its variance."""
    return normal(mean, 1 / positive(precision))


def lognormal(mean: Value, variance: Value) -> Law:
    """Return the law of e^Z for a normal Z."""
    under = normal(mean, variance)

    def raw(k: int) -> Value:
        return exponential(k * mean + k * k * variance / 2)

    def at(x: Value) -> Value:
        return under.at(logarithm(x)) / x

    def below(x: Value) -> Value:
        return under.between(None, logarithm(x))

    return Law("log-normal", False, fmpq(0), None, at, raw, PLACES, below, None, exponential(mean))


def gamma(shape: Value, rate: Value) -> Law:
    """Return the gamma law by its shape and its rate."""
    positive(shape)
    positive(rate)

    def transform(t: Value) -> Value:
        inside = 1 - t / rate
        return exponential(-shape * logarithm(inside)) if _is_in(inside) else arb.nan()

    def at(x: Value) -> Value:
        return power(rate, shape) * power(x, shape - 1) * exponential(-rate * x) / arb(shape).gamma()

    def below(x: Value) -> Value:
        return (arb(rate) * x).gamma_lower(arb(shape), 1)

    middle = arb(2).log() / rate if shape == 1 else None
    inside = tuple(place / rate for place in PLACES)
    raw = moments_of(transform, shape, rate)
    return Law("gamma", False, fmpq(0), None, at, raw, inside, below, transform, middle)


def gamma_by_scale(shape: Value, scale: Value) -> Law:
    """Return the gamma law by its shape and its scale."""
    return gamma(shape, 1 / positive(scale))


def exponential_by_rate(rate: Value) -> Law:
    """Return the exponential law by its rate."""
    return gamma(fmpq(1), rate)


def exponential_by_mean(mean: Value) -> Law:
    """Return the exponential law by its mean."""
    return gamma(fmpq(1), 1 / positive(mean))


def chi_squared(freedom: Value) -> Law:
    """Return the law of the sum of squares of standard normal variables."""
    return gamma(positive(freedom) / 2, fmpq(1, 2))


def beta(a: Value, b: Value) -> Law:
    """Return the beta law on (0, 1)."""
    positive(a)
    positive(b)

    def raw(k: int) -> Value:
        found: Value = fmpq(1)
        for j in range(k):
            found = found * (a + j) / (a + b + j)
        return found

    def at(x: Value) -> Value:
        scale = (arb(a).lgamma() + arb(b).lgamma() - (arb(a) + b).lgamma()).exp()
        return power(x, a - 1) * power(1 - x, b - 1) / scale

    def below(x: Value) -> Value:
        return arb(x).beta_lower(arb(a), arb(b), 1)

    inside = tuple(place / 4 for place in PLACES)
    return Law("beta", False, fmpq(0), fmpq(1), at, raw, inside, below, None, fmpq(1, 2) if a == b else None)


def uniform(low: Value, high: Value) -> Law:
    """Return the uniform law on an interval."""
    length = positive(high - low)

    def raw(k: int) -> Value:
        return (power(high, k + 1) - power(low, k + 1)) / ((k + 1) * length)

    def transform(t: Value) -> Value:
        is_zero = isinstance(t, fmpq) and t == 0
        return fmpq(1) if is_zero else (exponential(high * t) - exponential(low * t)) / (length * t)

    inside = tuple(low + length * place / 4 for place in PLACES)
    middle = (low + high) / 2
    return Law(
        "uniform",
        False,
        low,
        high,
        lambda x: 1 / length,
        raw,
        inside,
        lambda x: (x - low) / length,
        transform,
        middle,
    )


def laplace(place: Value, scale: Value) -> Law:
    """Return the Laplace law, with density e^{-|x - place|/scale}/(2 scale)."""
    positive(scale)

    def transform(t: Value) -> Value:
        return exponential(place * t) / (1 - scale * scale * t * t)

    def at(x: Value) -> Value:
        return exponential(-abs(arb(x) - place) / scale) / (2 * scale)

    def below(x: Value) -> Value:
        far = exponential(-abs(arb(x) - place) / scale) / 2
        return far if x <= place else 1 - far

    raw = moments_of(transform, place, scale)
    inside = tuple(place + scale * (p - 1) for p in PLACES)
    return Law("Laplace", False, None, None, at, raw, inside, below, transform, place)


def pareto(shape: Value, least: Value) -> Law:
    """Return the Pareto law, with P(X > x) = (least/x)^shape."""
    positive(shape)
    positive(least)

    def raw(k: int) -> Value:
        if not shape > k:
            raise UndefinedError("a moment that is infinite")
        return shape * power(least, k) / (shape - k)

    inside = tuple(least * (1 + p) for p in PLACES)
    middle = least * power(arb(2), 1 / shape)
    return Law(
        "Pareto",
        False,
        least,
        None,
        lambda x: shape * power(least / x, shape) / x,
        raw,
        inside,
        lambda x: 1 - power(least / x, shape),
        None,
        middle,
    )


def weibull(shape: Value, scale: Value) -> Law:
    """Return the Weibull law, with P(X > x) = e^{-(x/scale)^shape}."""
    positive(shape)
    positive(scale)

    def raw(k: int) -> Value:
        return power(scale, k) * (1 + arb(k) / shape).gamma()

    def at(x: Value) -> Value:
        return shape / x * power(x / scale, shape) * exponential(-power(x / scale, shape))

    def below(x: Value) -> Value:
        return 1 - exponential(-power(x / scale, shape))

    inside = tuple(scale * p for p in PLACES)
    middle = scale * power(arb(2).log(), 1 / shape)
    return Law("Weibull", False, fmpq(0), None, at, raw, inside, below, None, middle)


def student(freedom: Value) -> Law:
    """Return Student's law."""
    positive(freedom)

    def below(x: Value) -> Value:
        if x == 0:
            return fmpq(1, 2)
        tail = (freedom / (freedom + arb(x) ** 2)).beta_lower(arb(freedom) / 2, arb(1) / 2, 1) / 2
        return 1 - tail if x > 0 else tail

    def raw(k: int) -> Value:
        if k > 2 or not freedom > k:
            raise UndefinedError("a moment that is infinite, or high")
        return fmpq(0) if k % 2 else freedom / (freedom - 2)

    def at(x: Value) -> Value:
        n = arb(freedom)
        scale = (((n + 1) / 2).lgamma() - (n / 2).lgamma()).exp() / (n * arb.pi()).sqrt()
        return scale * (1 + arb(x) ** 2 / n) ** (-(n + 1) / 2)

    return Law("Student", False, None, None, at, raw, tuple(p - 1 for p in PLACES), below, None, fmpq(0))


def cauchy(place: Value, scale: Value) -> Law:
    """Return the Cauchy law, which has no moments."""
    positive(scale)

    def raw(k: int) -> Value:
        raise UndefinedError("a moment that does not exist")

    def below(x: Value) -> Value:
        return arb(1) / 2 + ((arb(x) - place) / scale).atan() / arb.pi()

    def at(x: Value) -> Value:
        return scale / (arb.pi() * (scale * scale + (arb(x) - place) ** 2))

    inside = tuple(place + scale * (p - 1) for p in PLACES)
    return Law("Cauchy", False, None, None, at, raw, inside, below, None, place)


def positive(x: Value) -> Value:
    """Return a number; raises UndefinedError where it need not be positive."""
    if not x > 0:
        raise UndefinedError("no positive number")
    return x


def _is_in(inside: object) -> bool:
    """Tell whether a transform is defined there; a series stands for a small number."""
    return not isinstance(inside, fmpq | arb) or bool(inside > 0)


Builder = Callable[..., Law]
"""What makes a law of its parameters."""
