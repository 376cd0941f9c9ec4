"""What a file declares of the values of a parameter: ``x: positive``, ``y: simplex``, ``n: integer``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isqrt, prod
from typing import TYPE_CHECKING, Any

from symgrad.algebra.expression import Quantity

if TYPE_CHECKING:
    from random import Random

BITS = 12
"""Drawn numbers are k/2^12: exact in every arithmetic, float64 included."""

Entries = Sequence[Any]
"""Fractions, and -∞ as a float where an entry may be that."""
MINUS_INFINITY = float("-inf")


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
    draw: Callable[[Random, int], Sequence[Any]] = field(compare=False, repr=False)
    rank: int | None = None
    total: Fraction | None = None
    """What the entries add up to, where that is fixed."""
    symmetric: bool = False
    """Whether it is one of symmetric matrices, which are square."""
    of_rows: bool = False
    """Whether it is one of matrices, each of whose rows lies in it as a vector does."""

    infinite: bool = False
    """Whether an entry may be -∞."""

    @property
    def by_rows(self) -> Domain:
        """The matrices whose rows lie in this domain of vectors."""
        return replace(self, words=f"in each row {self.words}", rank=2, of_rows=True)

    def contains(self, entries: Sequence[Entries], slack: Fraction) -> bool:
        """Tell whether a value lies in the domain, given row by row, or as one row where it is no matrix."""
        if not self.of_rows:
            return self.holds([x for row in entries for x in row], slack)
        return all(self.holds(row, slack) for row in entries)

    def drawn(self, random: Random, shape: tuple[int, ...]) -> list[Any]:
        """Draw the entries of a value of a shape."""
        if not self.of_rows:
            return list(self.draw(random, prod(shape)))
        return [x for _ in range(shape[0]) for x in self.draw(random, shape[1])]


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


def _rows(entries: Entries) -> list[Entries]:
    n = isqrt(len(entries))
    return [entries[i * n : (i + 1) * n] for i in range(n)]


def _is_symmetric(entries: Entries) -> bool:
    rows = _rows(entries)
    return all(rows[i][k] == rows[k][i] for i in range(len(rows)) for k in range(i))


def _is_definite(entries: Entries) -> bool:
    """Tell whether every pivot of a symmetric matrix is positive."""
    rows = [list(r) for r in _rows(entries)]
    for k, pivot in enumerate(rows):
        if pivot[k] <= 0:
            return False
        for r in rows[k + 1 :]:
            factor = r[k] / pivot[k]
            r[:] = [x - factor * y for x, y in zip(r, pivot, strict=True)]
    return _is_symmetric(entries)


def _symmetric(random: Random, count: int, diagonal: Fraction = Fraction(0)) -> list[Fraction]:
    """Draw a symmetric matrix; where ``diagonal`` is more than all other entries of a row, it is positive definite."""
    n, top = isqrt(count), 1 << BITS
    flat = [Fraction(random.choice((-1, 1)) * random.randint(top // 16, top), top) for _ in range(n * n)]
    rows = _rows(flat)
    return [rows[max(i, k)][min(i, k)] + (diagonal if i == k else 0) for i in range(n) for k in range(n)]


SYMMETRIC = Domain(
    "symmetric",
    "a symmetric matrix",
    holds=lambda entries, _: _is_symmetric(entries),
    draw=_symmetric,
    rank=2,
    symmetric=True,
)
POSITIVE_DEFINITE = Domain(
    "positive_definite",
    "a symmetric and positive definite matrix",
    holds=lambda entries, _: _is_definite(entries),
    draw=lambda random, count: _symmetric(random, count, Fraction(isqrt(count) + 1)),
    rank=2,
    symmetric=True,
)
ONE_HOT = Domain(
    "one-hot",
    "one entry 1, the others 0",
    holds=lambda entries, _: sorted(entries) == [0] * (len(entries) - 1) + [1],
    draw=lambda random, count: [Fraction(int(i == k)) for k in [random.randrange(count)] for i in range(count)],
    rank=1,
    total=Fraction(1),
)


def _mask(random: Random, count: int) -> list[Any]:
    """Draw a mask that keeps two entries, since the softmax of one is 1, and leaves about half of the others out."""
    kept = random.sample(range(count), min(2, count))
    return [Fraction(0) if i in kept or random.random() < 1 / 4 else MINUS_INFINITY for i in range(count)]


MASK = Domain(
    "mask",
    "entries 0 or -∞, not all of them -∞",
    holds=lambda entries, _: all(x in (0, MINUS_INFINITY) for x in entries) and 0 in entries,
    draw=_mask,
    rank=1,
    infinite=True,
)
"""What is added to scores before a softmax, to leave those out where it is -∞."""

DOMAINS = {d.name: d for d in (POSITIVE, SIMPLEX, INTEGER, SYMMETRIC, POSITIVE_DEFINITE, MASK)}
"""The domains that a line ``x: positive`` names."""

_TOGETHER = {
    frozenset(("positive", "integer")): COUNTING,
    frozenset(("positive", "simplex")): SIMPLEX,
    frozenset(("integer", "simplex")): ONE_HOT,
    frozenset(("symmetric", "positive_definite")): POSITIVE_DEFINITE,
}


def met(domains: Sequence[Domain]) -> Domain | None:
    """Return the one domain that several make; None for none, and where they do not go together.

    >>> met([POSITIVE, INTEGER]).words
    'integers ≥ 1'
    """
    if len(domains) < 2:
        return domains[0] if domains else None
    both = _TOGETHER.get(frozenset(d.name for d in domains))
    return both.by_rows if both is not None and any(d.of_rows for d in domains) else both
