"""The parameters of a network with small whole numbers that Hypothesis draws, and shrinks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Place
from symgrad.algebra.shape import Dimension
from symgrad.calculus.values.values import value_name
from symgrad.evidence.draw import Draw
from symgrad.network.domain import met
from symgrad.network.network import Network

LARGEST, WIDEST = 3, 3
"""The largest number, and the largest size of a dimension that has no number."""


class Drawn(Draw):
    """Values whose numbers and sizes are drawn by ``integer(low, high)``, and what has a domain by a Random."""

    def __init__(
        self,
        network: Network,
        depth: int,
        integer: Callable[[int, int], int],
        source: Random,
        sizes: Mapping[str, int],
    ) -> None:
        self._integer, self._source, self._given = integer, source, sizes
        super().__init__(network, depth, 0)

    def size(self, d: int | Dimension, least: int = 0) -> int:
        """Return the size of a dimension: as given, or drawn once."""
        if isinstance(d, int):
            return d
        index = d.index
        if isinstance(index, Index):
            index = self.depth + index.offset
        key = Dimension(d.name, index)
        if key not in self._sizes:
            given = self._given.get(str(key), self._given.get(d.name))
            self._sizes[key] = given if given is not None else self._integer(max(1, least), max(WIDEST, least))
        return self._sizes[key]

    @property
    def named_sizes(self) -> dict[str, int]:
        """The sizes that were drawn, by the names of the dimensions."""
        return {str(d): n for d, n in self._sizes.items()}

    def _value(self, q: Quantity) -> Any:
        domain, shape = met(self.network.domains(q)), self.shape(q)
        if domain is None:
            return self.array(q)
        entries = domain.drawn(self._source, shape)
        return np.array(entries, dtype=object).reshape(shape) if shape else entries[0]

    def _number(self) -> Fraction:
        return Fraction(self._integer(-LARGEST, LARGEST))

    @property
    def given(self) -> dict[str, Any]:
        """The values by name, as ``Model.gradients`` takes them: arrays of float64, the layers on the first axis."""
        return {value_name(q): self._collected(q) for q in self.network.parameters}

    def _collected(self, q: Quantity) -> Any:
        places = [place for name, place in self.exact if name == q.name and _is_of(q, place)]
        open_ = [k for k, p in enumerate(q.indices) if isinstance(p, Index) and not p.offset]
        layers = {tuple(_numbers(p)[k] for k in open_): _floats(self.exact[q.name, p]) for p in places}
        return _stacked(layers)


def _is_of(q: Quantity, place: Place) -> bool:
    """Tell whether a place is one of a parameter's: a[0] stands beside a[j]."""
    numbers = _numbers(place)
    return len(numbers) == len(q.indices) and all(
        not isinstance(p, int) or p == n for p, n in zip(q.indices, numbers, strict=True)
    )


def _numbers(place: Place) -> tuple[int, ...]:
    return () if place is None else place if isinstance(place, tuple) else (place,)


def _floats(x: Any) -> Any:
    return np.asarray(x, dtype=object).astype(float) if np.ndim(x) else float(x)


def _stacked(values: Mapping[tuple[int, ...], Any]) -> Any:
    """Return the layers in their order: an array where all are of one shape, else a list."""
    if list(values) == [()]:
        return values[()]
    groups: dict[int, dict[tuple[int, ...], Any]] = {}
    for (first, *others), x in sorted(values.items(), key=lambda item: item[0]):
        groups.setdefault(first, {})[tuple(others)] = x
    layers = [_stacked(group) for group in groups.values()]
    shapes = {np.shape(x) for x in layers if not isinstance(x, list)}
    return layers if len(shapes) != 1 or any(isinstance(x, list) for x in layers) else np.array(layers)
