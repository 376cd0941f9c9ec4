"""How many members families have where the terms of a gradient are compared: few, and where sums of letters read, each
relation of one size to another.

x[i+k-1] is read for i = 1, ..., n and k = 1, ..., K: which terms there are depends on n and K, on which of them is the
larger and how near they are. What says so are inequalities between the letters of one index, with small numbers in
them; so the sizes of letters that meet in an index run through all small numbers, each with each, up to beyond the
numbers that stand there. Letters that meet in no index do not limit each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import prod

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Affine, parts, symbols
from symgrad.algebra.span import reach
from symgrad.algebra.substitution import move
from symgrad.network.network import Network

LARGEST = 6
"""Of a size that runs through all small numbers."""
OTHERS = 2
"""Members of the families whose letters meet in another index."""


def sizes(network: Network, letters: frozenset[str]) -> list[dict[str, int]]:
    """Return numbers for the letters that ranges end with, at which the terms of a compound network are compared."""
    found: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
    for group in _groups(network, letters):
        most = min(LARGEST, max(3 if len(group) > 2 else 4, 2 + _largest(network)))
        for numbers in product(range(1, most + 1), repeat=len(group)):
            at = {**dict.fromkeys(sorted(letters), OTHERS), **dict(zip(group, numbers, strict=True))}
            found.setdefault(tuple(at.items()), at)
    return list(found.values()) or [dict.fromkeys(sorted(letters), OTHERS)]


def _groups(network: Network, letters: frozenset[str]) -> list[tuple[str, ...]]:
    """Return the letters that meet in the index of a name, and its range, together."""
    groups: list[set[str]] = []
    for e in network.equations:
        for q, spans in reads(e.value):
            own = {s.symbol: s for s in (*network.free(e), *spans)}
            for p, span in zip(q.further, network.spans(q), strict=True):
                if isinstance(p, Affine):
                    met = set(symbols((p, *reach(p, own), span.lower, span.upper)) & letters)
                    met |= {s for span_ in own.values() if symbols((p,)) & {span_.symbol} for s in span_.free & letters}
                    apart = [g for g in groups if not g & met]
                    groups = [*apart, met.union(*(g for g in groups if g & met))]
    return [tuple(sorted(g)) for g in groups if g]


def _largest(network: Network) -> int:
    """Return the largest number that stands in an index, as a coefficient or as an offset."""
    found = [1]
    for e in network.equations:
        for q in quantities(e.value):
            for p in q.indices:
                terms, offset = parts(p)
                found += [abs(offset), *(abs(n) for _, n in terms)] if terms else []
    return max(found)


MOST_INSTANCES = 200
"""Quantities at their numbers of a network whose paths are written out."""
MOST_WORK = 100_000
"""Quantities at their numbers, over all numbers for the letters of X and Y, that ∂X/∂Y is compared with."""


def instances(network: Network, at: Mapping[str, int]) -> int:
    """Return how many quantities the equations define at the sizes ``at``, as far as families go."""
    return sum(prod(max(0, len(list(s.numbers(at)))) for s in network.spans(e.target)) for e in network.equations)


def members(network: Network, asked: tuple[Quantity, ...], at: Mapping[str, int]) -> Iterator[dict[str, int]]:
    """Yield numbers for the letters of what is asked for, within their ranges at the sizes ``at``."""
    spans = {}
    for q in asked:
        for p, s in zip(q.further, network.extents(q), strict=True):
            for letter in symbols((p,)) - at.keys():
                spans[letter] = network.ranges.get(letter, s)
    values = [list(s.numbers(at)) for s in spans.values()]
    for numbers in product(*values):
        here = {**at, **dict(zip(spans, numbers, strict=True))}
        if all(_is_there(network, q, here) for q in asked):
            yield here


def _is_there(network: Network, q: Quantity, at: Mapping[str, int]) -> bool:
    placed = move(q, at)
    pairs = zip(placed.further, network.extents(q), strict=True)
    return all(not isinstance(p, int) or p in s.numbers(at) for p, s in pairs)
