"""Whether numbers that someone computed are those of a derivative, as far as their rounding lets it be seen.

The derivative is enclosed in sharp balls, and once more in balls of the precision that the numbers were computed in:
the radius of these is what rounding alone explains, entry by entry. It is relative to the terms that an entry is the
sum of, and there is no other tolerance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from flint import arb

ORDERS = 8
"""Times the radius that another order of the same operations is allowed."""


@dataclass(frozen=True)
class Precision:
    """How numbers are rounded: bits of a binary format, or, where they were printed, decimals behind the point."""

    name: str
    bits: int
    decimals: int | None = None

    @property
    def digits(self) -> int:
        """Decimal digits whose balls are about as fine as the format."""
        return max(1, int((self.bits - 8) * 0.30103))

    @property
    def half_unit(self) -> arb:
        """Half a unit of the last decimal that is printed, 0 where they are all there."""
        return arb(0) if self.decimals is None else arb(10) ** -self.decimals / 2


FORMATS = {
    "float64": Precision("float64", 53),
    "float32": Precision("float32", 24),
    "float16": Precision("float16", 11),
}


@dataclass(frozen=True)
class Entries:
    """How many entries agree, and the first that does not: its name, what is given, and what is right."""

    count: int
    wrong: int = 0
    undecided: int = 0
    lost: int = 0
    """Entries that are right within the rounding of the terms that they are the sum of, which says little."""
    worst: str = ""
    given: arb | None = None
    right: arb | None = None

    @property
    def agrees(self) -> bool:
        """Whether nothing differs, and something is seen."""
        return not (self.wrong or self.undecided) and (self.lost < self.count or not self.count)


def agreement(
    given: Mapping[str, Any], sharp: Mapping[str, Any], rough: Mapping[str, Any], precision: Precision
) -> Entries:
    """Compare arrays of the same names and shapes, entry by entry, relative to each entry.

    given: balls that are exact. sharp: the derivative in balls of many digits. rough: in those of the precision.
    """
    counts: Counter[Seen] = Counter()
    first: dict[Seen, tuple[str, arb, arb]] = {}
    for name, array in given.items():
        arrays = [np.asarray(x, dtype=object) for x in (array, sharp[name], rough[name])]
        for place in np.ndindex(arrays[0].shape):
            g, t, r = (arb(x[place]) for x in arrays)
            seen = _compared(g, t, r, precision)
            counts[seen] += 1
            first.setdefault(seen, (f"{name}{list(place) if place else ''}".replace(" ", ""), g, t))
    where, g_first, t_first = next((first[s] for s in (Seen.WRONG, Seen.COARSE) if s in first), ("", None, None))
    return Entries(counts.total(), counts[Seen.WRONG], counts[Seen.COARSE], counts[Seen.LOST], where, g_first, t_first)


class Seen(Enum):
    """What comparing one entry shows."""

    EQUAL = "equal, as far as its precision shows it"
    LOST = "within the rounding of its terms, which are far larger than it is"
    COARSE = "off by more than rounding explains, and by less than half of its digits"
    WRONG = "another number"


def _compared(g: arb, t: arb, r: arb, precision: Precision) -> Seen:
    """Compare an entry with the right one, t, and with how that is rounded, r."""
    size, apart = abs(t), abs(g - t)
    half, unit = size * arb(2) ** -(precision.bits // 2), 4 * size * arb(2) ** (1 - precision.bits)
    printed = precision.half_unit
    rounding = ORDERS * r.rad() + unit if r.is_finite() else arb("inf")
    if apart <= printed + unit and 100 * printed <= size:  # three digits are printed, or all of them
        return Seen.EQUAL
    if apart <= rounding:
        return Seen.EQUAL if rounding <= half or apart == 0 else Seen.LOST
    if apart <= printed + rounding:
        return Seen.LOST
    return Seen.COARSE if apart <= half else Seen.WRONG
