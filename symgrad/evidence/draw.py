"""Random values for the parameters of a network, for checks at points; the same seed gives the same values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

import numpy as np

from symgrad.algebra.dimension import named
from symgrad.algebra.dimension import number as number_of
from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import applications, quantities
from symgrad.algebra.index import Index, Place, Position, minus, number, parts, symbols
from symgrad.algebra.shape import Dimension
from symgrad.algebra.span import Span
from symgrad.arithmetic import Arithmetic
from symgrad.calculus.values.values import Values
from symgrad.errors import TooLarge
from symgrad.network.domain import BITS, met
from symgrad.network.network import Network
from symgrad.ops.part import AXIS, lengths

FAMILY = 3
"""Members of a family that are drawn, or one less."""
MOST_ENTRIES = 300_000
"""Numbers, over all parameters, that are drawn at most."""


def entries(network: Network, depth: int) -> int:
    """Return how many numbers the parameters of a network hold at a depth, a dimension with a name counted as 3."""
    total = 0
    for q in network.parameters:
        layers = FAMILY ** len(symbols(q.further))
        if isinstance(q.index, Index):
            layers *= network.last_index(q.name, depth) - network.first_index(q.name) + 1
        total += max(0, layers) * prod(d if isinstance(d, int) else 3 for d in network.shape(q))
    return total


POSITIVE = 1
ATTEMPTS = range(4)
"""Draws that are tried until one decides: where a sum cancels exactly no number of digits does, as at a point on one
side of all kinks, or for the deviations of two numbers from their mean. The last ones are larger, and in the very last
what is declared first is larger than what is declared next: of X, m × n, the matrix Xᵀ X has an inverse there."""
LARGER, TURNED = 2, 3
LARGEST_PART = 500
"""Sizes up to which arrays are made larger, so that the parts that are taken lie in them."""


def _at(p: Position, ends: Mapping[str, int]) -> int:
    return number(p, ends)


def family_ends(network: Network, *asked: Quantity) -> dict[str, int]:
    """Return a small number for each letter that the range of a family ends with.

    What an equation reads by its number, or what is asked for, is a member: where w[5] is read there are more than 5.
    """
    depths = {network.depth_symbol, *network.depths}
    letters = sorted(frozenset[str]().union(*(s.free for s in network.ranges.values())) - depths)
    found = {letter: FAMILY - n % 2 for n, letter in enumerate(letters)}
    for q in (*asked, *(q for e in network.equations for q in quantities(e.value))):
        for p, span in zip(q.further, network.spans(q), strict=False):
            if isinstance(p, int) and isinstance(span.upper, Index) and span.upper.symbol in found:
                letter, least = span.upper.symbol, p - span.upper.offset + 1
                found[letter] = max(found[letter], least)
    for span in network.ranges.values():
        _widen(span, found)
    if max(found.values(), default=0) > MOST_ENTRIES:
        raise TooLarge(f"a member of a family of {network.name} has a number above {MOST_ENTRIES:,}")
    return found | {letter: 2 - n % 2 for n, letter in enumerate(network.members)}


def _widen(span: Span, found: dict[str, int]) -> None:
    """Let a range that ends with n-K+1 have two members or more, by a larger n."""
    terms, offset = parts(minus(span.upper, span.lower))
    grows = [s for s, n in terms if n > 0 and s in found]
    if any(n < 0 for _, n in terms) and grows and all(s in found for s, _ in terms):
        while sum([n * found[s] for s, n in terms], offset) < 1:
            found[grows[0]] += 1


class Draw:
    """Exact random values for all parameters of a network at one depth.

    They lie in the domains that the network declares, as ``y: simplex``. Where it declares none, they lie in
    (-3/2, 3/2), and at the second of the ``ATTEMPTS`` in (0, 1), for networks with logarithms or roots.
    """

    def __init__(
        self, network: Network, depth: int, seed: int, attempt: int = 0, asked: Iterable[Quantity] = ()
    ) -> None:
        self.network, self.depth, self.seed = network, depth, seed
        largest = max((prod(d for d in network.shape(q) if isinstance(d, int)) for q in network.shapes), default=0)
        if max(entries(network, depth), largest) > MOST_ENTRIES:
            raise TooLarge(
                f"the quantities of {network.name} hold more than {MOST_ENTRIES:,} numbers",
                todo="declare dimensions by names, as W: (d, n), for which small numbers are drawn",
            )
        self._random = Random(f"{network.text}|{depth}|{seed}|{attempt if attempt > POSITIVE else attempt == POSITIVE}")
        self._positive, self._least = attempt == POSITIVE, 4 if attempt >= LARGER else 2
        self._turned = attempt == TURNED
        self._sizes: dict[Dimension, int] = {}
        self.ends = {**family_ends(network, *asked), **dict.fromkeys(network.depths, depth)}
        dimensions = {d for shape in network.shapes.values() for d in shape}
        self._sizes |= {Dimension(s): n for s, n in self.ends.items() if Dimension(s) in dimensions}
        self._fit_parts()
        self.ends |= {s: self.size(Dimension(s)) for s in network.counted_entries}
        self._masks = {a.target.name for a in network.assumptions if a.domain.infinite}
        for q in network.parameters:
            if q.name in self._masks:
                self.size(network.shape(q)[-1], least=3)  # of two entries a mask leaves one, whose softmax is 1
        self.exact: dict[tuple[str, Place], Any] = {}
        for q in network.parameters:
            for one in self._members(q):
                self.exact[q.name, one.place({})] = self._value(one)

    def _fit_parts(self) -> None:
        """Draw sizes so that the parts that the equations take lie in their arrays: of x[5] there are 5 or more."""
        found = (x for e in self.network.equations for x in applications(e.value) if x.op in AXIS)
        pairs = [lengths(x, self.network.shape_of(x.arguments[0])) for x in found]
        sizes = [s for pair in pairs if all(n.name for s in pair for n in named(s)) for s in pair]
        for _ in range(LARGEST_PART):
            lacking = ((k % 2 - self._number_of(s), s) for k, s in enumerate(sizes))
            short, low = next(((n, s) for n, s in lacking if n > 0), (0, 0))
            if not short:
                return
            for times, factors in low.terms if isinstance(low, Dimension) and low.terms else ():
                for d in factors if times > 0 else ():
                    key = self._key(d)
                    self._sizes[key] = self.size(d) + -(-short // times)
                    if self._sizes[key] > LARGEST_PART:
                        what = f"an entry beyond the first {LARGEST_PART:,} of an array is not compared at drawn values"
                        raise TooLarge(what, todo="take a smaller place")
        raise TooLarge("a part of an array lies outside of it at every size that was tried", todo="correct its places")

    def _number_of(self, s: int | Dimension) -> int:
        return number_of(s, {n: self.size(n) for n in named(s)})

    def _members(self, q: Quantity) -> Iterator[Quantity]:
        """Yield a parameter at each of its indices."""
        layers: Iterable[Position | None] = [q.index]
        if isinstance(q.index, Index):
            layers = range(self.network.first_index(q.name), self.network.last_index(q.name, self.depth) + 1)
        ends = {**self.ends, self.network.depth_symbol: self.depth}
        ranges = zip(q.further, self.network.extents(q), strict=True)
        families = [list(s.numbers(ends)) if p == Index(s.symbol) else [_at(p, ends)] for p, s in ranges]
        for index, *others in product(layers, *families):
            yield Quantity(q.name, index, tuple(others), q.ahead)  # type: ignore[arg-type]  # no None among them

    def size(self, d: int | Dimension, least: int = 0) -> int:
        """Return the size that stands for a dimension: 2, 3, 2, 3, ..., 4, 5, 4, 5, ... or 5, 4, 5, 4, ...

        Neighbours differ.
        """
        if isinstance(d, int):
            return d
        if d.terms:
            return max(1, number_of(d, {n: self.size(n) for n in named(d)}))
        return self._sizes.setdefault(self._key(d), max(least, self._least + (len(self._sizes) + self._turned) % 2))

    def _key(self, d: Dimension) -> Dimension:
        """Return a dimension with a number for its index."""
        return Dimension(d.name, self.depth + d.index.offset if isinstance(d.index, Index) else d.index)

    def shape(self, q: Quantity) -> tuple[int, ...]:
        """Return the shape of a quantity in numbers."""
        return tuple(self.size(d) for d in self.network.shape(q))

    def _value(self, q: Quantity) -> Any:
        """Draw a value of a parameter, in the domain that the network declares for it."""
        domain, shape = met(self.network.domains(q)), self.shape(q)
        if domain is None:
            return self.array(q)
        entries = domain.drawn(self._random, shape)
        return np.array(entries, dtype=object).reshape(shape) if shape else entries[0]

    def array(self, q: Quantity) -> Any:
        """Draw any numbers in the shape of a quantity: a change of it, or a cotangent."""
        shape = self.shape(q)
        if not shape:
            return self._number()
        flat = [self._number() for _ in range(int(np.prod(shape)))]
        return np.array(flat, dtype=object).reshape(shape)

    def _number(self) -> Fraction:
        top = 1 << BITS
        if self._positive:
            return Fraction(self._random.randint(top // 8, top - top // 8), top)
        return Fraction(self._random.choice((-1, 1)) * self._random.randint(top // 16, 3 * top // 2), top)

    def values(self, arithmetic: Arithmetic) -> Values:
        """Return the drawn values in an arithmetic; called inside ``arithmetic.working()``."""
        values = Values(self.network, arithmetic, self.depth)
        for q in self.network.equations:
            for d in self.network.shape(q.target):
                self.size(d)
        values.sizes = {d: (n, "the draw") for d, n in self._sizes.items()}
        values.ends = dict(self.ends)
        for (name, index), x in self.exact.items():
            read = arithmetic.masked if name in self._masks else arithmetic.array
            values.env.setdefault(name, {})[index] = read(x, np.shape(x))
        values.note_exponents()
        return values

    def __str__(self) -> str:
        shown = []
        for (name, index), x in self.exact.items():
            places = index if isinstance(index, tuple) else (index,)
            key = name if index is None else f"{name}[{','.join(map(str, places))}]"
            shown.append(f"{key} = {_written(x)}")
        text = ", ".join(shown)
        return text if len(text) < 2_000 else text[:2_000] + " ..."


def _written(x: Any) -> str:
    """Write a fraction, or an array of them: 873/1024, [1/2, 3/4]."""
    return f"[{', '.join(map(_written, x))}]" if isinstance(x, np.ndarray) else str(x)
