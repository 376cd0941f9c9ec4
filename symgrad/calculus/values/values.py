"""The values of the quantities of a network while they are read and computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symgrad.algebra.dimension import named
from symgrad.algebra.dimension import number as number_of
from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Place
from symgrad.algebra.shape import Dimension
from symgrad.arithmetic import Arithmetic
from symgrad.errors import ValuesError
from symgrad.network.network import Network


class Values:
    """Values of quantities by name and index, in one arithmetic, at one depth."""

    def __init__(self, network: Network, arithmetic: Arithmetic, depth: int) -> None:
        self.network, self.arithmetic, self.depth = network, arithmetic, depth
        self.env: dict[str, dict[Place, Any]] = {}
        self.sizes: dict[Dimension, tuple[int, str]] = {}
        self.ends: dict[str, int] = {}
        """What the letters are worth that the ranges of indices end with."""
        self.sums: list[tuple[Dimension, int, Quantity]] = []
        """Sizes that are sums or products of dimensions, with the quantities that are of such a size."""

    def size(self, d: int | Dimension, at: Mapping[str, int]) -> int:
        """Return the number that a dimension has, with its index symbol at a number."""
        if isinstance(d, int):
            return d
        if d.terms:
            return number_of(d, {n: self.size(n, at) for n in named(d)})
        index = d.index
        if isinstance(index, Index):
            symbol = {**self.ends, self.network.depth_symbol: self.depth, **at}
            index = symbol[index.symbol] + index.offset
        if not d.name and isinstance(index, int):
            return index
        key = Dimension(d.name, index)
        if key not in self.sizes:
            raise ValuesError(f"the size of the dimension {key} is not known from the values")
        return self.sizes[key][0]

    @property
    def counted(self) -> dict[str, int]:
        """The numbers of entries at which sums over them end."""
        return {s: self.ends[s] for s in self.network.counted_entries}

    def note_exponents(self) -> None:
        """Take the values of the parameters k of A^k for the ends of the sums that its derivative is."""
        for q in self.network.exponents:
            if None in self.env.get(q.name, {}):
                self.ends[q.name] = self.arithmetic.whole(self.env[q.name][None])

    def shape(self, q: Quantity, at: Mapping[str, int] | None = None) -> tuple[int, ...]:
        """Return the shape of a quantity in numbers."""
        return tuple(self.size(d, at or {}) for d in self.network.shape(q))

    def end(self, symbol: str, n: int, source: str) -> None:
        """Note what the letter is worth that ranges end with: the number of what is given with such an index."""
        known = self.sizes.get(Dimension(symbol), (self.ends.get(symbol, n), "what is given before"))
        if known[0] != n:
            raise ValuesError(
                f"{symbol} is {known[0]} by {known[1]} and {n} by {source}", todo=f"give {source} with as many entries"
            )
        self.ends[symbol] = n

    def __getitem__(self, q: Quantity) -> Any:
        return self.env[q.name][q.place({**self.ends, self.network.depth_symbol: self.depth})]


def value_name(q: Quantity) -> str:
    """Return under which name the values of a parameter are given: w for w[j], a[0], h[0,t], b[T+1]."""
    letters = {p.symbol for p in q.indices if isinstance(p, Index) and not p.offset}
    return str(q) if len(letters) < len(q.indices) else q.name
