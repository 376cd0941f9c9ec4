"""Dimensions: a name, n, one of a layer, n[l-1], or what sums and products of them make, d + m, n - 1, m p."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from symgrad.algebra.index import Bindings, Position, at

Monomial = tuple[int, tuple["Dimension", ...]]
"""A number times dimensions; without any, the number."""


class Dimension(NamedTuple):
    """A symbolic dimension, ``d``, or one that belongs to a layer, ``n[l-1]``.

    terms: of a sum of products of dimensions, which has no name of its own. Without a name and terms it is its index,
    as a number: the i of x[i], an entry of a vector.
    """

    name: str
    index: Position | None = None  # type: ignore[assignment]  # the field hides tuple.index
    terms: tuple[Monomial, ...] = ()

    def __str__(self) -> str:
        if not self.terms:
            return self.name if self.index is None else f"{self.name}[{self.index}]" if self.name else str(self.index)
        shown = ""
        for number, factors in self.terms:
            size = [str(abs(number))] if abs(number) != 1 or not factors else []
            shown += ("-" if number < 0 else "+" if shown else "") + "*".join([*size, *map(str, factors)])
        return shown


Size = int | Dimension
"""How many entries an axis has."""


def plus(x: Size, y: Size, times: int = 1) -> Size:
    """Return x + times y.

    >>> print(plus(plus(Dimension("n"), Dimension("d")), 1, -2))
    d+n-2
    """
    total = dict(_monomials(x))
    for factors, number in _monomials(y).items():
        total[factors] = total.get(factors, 0) + times * number
    return _of(total)


def product(x: Size, y: Size) -> Size:
    """Return x y.

    >>> print(product(plus(Dimension("n"), 1), Dimension("m")))
    m*n+m
    """
    total: dict[tuple[Dimension, ...], int] = {}
    for left, a in _monomials(x).items():
        for right, b in _monomials(y).items():
            factors = tuple(sorted(left + right, key=str))
            total[factors] = total.get(factors, 0) + a * b
    return _of(total)


def _monomials(x: Size) -> dict[tuple[Dimension, ...], int]:
    """Return the numbers of a sum by the dimensions that they multiply."""
    if isinstance(x, int):
        return {(): x}
    return {factors: number for number, factors in x.terms} if x.terms else {(x,): 1}


def _of(total: Mapping[tuple[Dimension, ...], int]) -> Size:
    kept = {factors: number for factors, number in total.items() if number}
    if not any(kept):
        return kept.get((), 0)
    if len(kept) == 1 and list(kept.values()) == [1] and len(next(iter(kept))) == 1:
        return next(iter(kept))[0]
    ordered = sorted(kept, key=lambda factors: (-len(factors), tuple(map(str, factors))))
    first = next(f for f in [*(f for f in ordered if kept[f] > 0), *ordered])
    ordered = [first, *(f for f in ordered if f != first)]
    return Dimension("", None, tuple((kept[factors], factors) for factors in ordered))


def named(x: Size) -> Iterator[Dimension]:
    """Yield the dimensions with a name that a size is made of."""
    if isinstance(x, Dimension):
        if not x.terms:
            yield x
        for _, factors in x.terms:
            yield from factors


def moved(x: Size, bindings: Bindings) -> Size:
    """Return a size at another layer: n[l] + 1 at {l: 3} is n[3] + 1."""
    if isinstance(x, int):
        return x
    if not x.terms:
        index = at(x.index, bindings)
        return index if isinstance(index, int) and not x.name else Dimension(x.name, index)
    total: Size = 0
    for number, factors in x.terms:
        term: Size = number
        for d in factors:
            term = product(term, moved(d, bindings))
        total = plus(total, term)
    return total


def number(x: Size, sizes: Mapping[Dimension, int]) -> int:
    """Return a size as a number, where those of its dimensions are known."""
    total = 0
    for factors, count in _monomials(x).items():
        for d in factors:
            count *= sizes[d]
        total += count
    return total
