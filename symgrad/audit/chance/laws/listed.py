"""Laws of finitely many values, which are listed with their probabilities."""

from __future__ import annotations

from flint import fmpq

from symgrad.audit.chance.laws.law import Law
from symgrad.reading.value import UndefinedError, Value


def listed(*pairs: Value) -> Law:
    """Return the law that takes some values, each followed by its probability.

    >>> law = listed(fmpq(0), fmpq(1, 5), fmpq(3), fmpq(4, 5))
    >>> law.mean, law.variance, law.middle
    (12/5, 36/25, 3)
    """
    masses = tuple(sorted(zip(pairs[::2], pairs[1::2], strict=True)))
    values = tuple(v for v, _ in masses)
    exact = all(isinstance(x, fmpq) for x in pairs)
    if not exact or len(set(values)) < len(values) or any(p < 0 for _, p in masses):
        raise UndefinedError("values or probabilities that are no fractions")
    if sum((p for _, p in masses), fmpq(0)) != 1:
        raise UndefinedError("probabilities that do not add up to 1")

    def at(x: Value) -> Value:
        return sum((p for v, p in masses if v == x), fmpq(0))

    def raw(k: int) -> Value:
        return sum((v**k * p for v, p in masses), fmpq(0))

    return Law("listed", True, values[0], values[-1], at, raw, values, middle=_middle(masses), masses=masses)


def _middle(masses: tuple[tuple[Value, Value], ...]) -> Value | None:
    """Return the median; None where two values share it."""
    total = fmpq(0)
    for value, p in masses:
        total += p
        if total == fmpq(1, 2):
            return None
        if total > fmpq(1, 2):
            return value
    return None
