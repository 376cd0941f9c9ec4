"""What a file declares of the values of a parameter: ``x: positive``, ``y: simplex``, ``n: integer``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from symgrad.algebra.expression import Quantity

BITS = 12
"""Drawn numbers are k/2^12: exact in every arithmetic, float64 included."""

Entries = Sequence[Fraction]


@dataclass(frozen=True)
class Domain:
    """A set of values, with all that is known of it side by side.

    words: what it says of the entries. rank: the number of axes that a value must have, None for any.
    holds(entries, slack): whether the entries lie in the set; ``slack`` is the relative error of their sum.
    draw(random, count): entries in the set.
    """

    name: str
    words: str
    holds: Callable[[Entries, Fraction], bool] = field(compare=False, repr=False)
    draw: Callable[[Random, int], list[Fraction]] = field(compare=False, repr=False)
    rank: int | None = None
    total: Fraction | None = None
    """What the entries add up to, where that is fixed."""


@dataclass(frozen=True)
class Assumption:
    """A parameter's values lie in a domain; an indexed parameter's at every step.

    >>> print(Assumption(Quantity("y"), SIMPLEX))
    y: entries ≥ 0 that sum to 1
    """

    target: Quantity
    domain: Domain

    def __str__(self) -> str:
        return f"{self.target}: {self.domain.words}"


def _on_simplex(random: Random, count: int) -> list[Fraction]:
    top = 1 << BITS
    inner = range(1, top)
    cuts = sorted(random.sample(inner, count - 1) if count - 1 < top else random.choices(inner, k=count - 1))
    return [Fraction(b - a, top) for a, b in zip([0, *cuts], [*cuts, top], strict=True)]


POSITIVE = Domain(
    "positive",
    "entries > 0",
    holds=lambda entries, _: all(x > 0 for x in entries),
    draw=lambda random, count: [
        Fraction(random.randint(1 << BITS - 3, 7 << BITS - 3), 1 << BITS) for _ in range(count)
    ],
)
SIMPLEX = Domain(
    "simplex",
    "entries ≥ 0 that sum to 1",
    holds=lambda entries, slack: all(x >= 0 for x in entries) and abs(sum(entries, Fraction(-1))) <= slack,
    draw=_on_simplex,
    rank=1,
    total=Fraction(1),
)
INTEGER = Domain(
    "integer",
    "integers",
    holds=lambda entries, _: all(x.denominator == 1 for x in entries),
    draw=lambda random, count: [Fraction(random.choice((-3, -2, -1, 1, 2, 3))) for _ in range(count)],
)
COUNTING = Domain(
    "positive integer",
    "integers ≥ 1",
    holds=lambda entries, _: all(x > 0 and x.denominator == 1 for x in entries),
    draw=lambda random, count: [Fraction(random.randint(1, 5)) for _ in range(count)],
)

ONE_HOT = Domain(
    "one-hot",
    "one entry 1, the others 0",
    holds=lambda entries, _: sorted(entries) == [0] * (len(entries) - 1) + [1],
    draw=lambda random, count: [Fraction(int(i == k)) for k in [random.randrange(count)] for i in range(count)],
    rank=1,
    total=Fraction(1),
)

DOMAINS = {d.name: d for d in (POSITIVE, SIMPLEX, INTEGER)}
"""The domains that a line ``x: positive`` names."""

_TOGETHER = {
    frozenset((POSITIVE, INTEGER)): COUNTING,
    frozenset((POSITIVE, SIMPLEX)): SIMPLEX,
    frozenset((INTEGER, SIMPLEX)): ONE_HOT,
}


def met(domains: Sequence[Domain]) -> Domain | None:
    """Return the one domain that several make; None for none, and where they do not go together.

    >>> met([POSITIVE, INTEGER]).words
    'integers ≥ 1'
    """
    if len(domains) < 2:
        return domains[0] if domains else None
    return _TOGETHER.get(frozenset(domains))
