"""Letters that are written alike everywhere: the mean of numbers under a sum, x̄, and the unit vectors î, ĵ, k̂."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symgrad.audit.given import Given
from symgrad.reading.tree import Apply, Big, Node, Number, Symbol, Tuple, symbols, walk

MEANS = ("bar ", "overline ")
AXES = ("i", "j", "k"), ("x", "y", "z")
ACCENTS = ("hat", "vec", "overrightarrow")
ONE, ZERO = Number(Fraction(1), "1"), Number(Fraction(0), "0")


def means_in(sides: Iterable[Node]) -> Given:
    """Return the mean of each letter that a sum from 1 is over, where it stands in a formula: x̄ beside ∑ x_i."""
    sides = tuple(sides)
    means = {x for side in sides for x in symbols(side) if x.startswith(MEANS)}
    found: dict[Node, Node] = {}
    for n in (n for side in sides if means for n in walk(side)):
        match n:
            case Big("∑", i, Number(one), high) if one == 1:
                for mean in means:
                    letter = f"{mean.partition(' ')[2]}_{i}"
                    if letter in symbols(n.body):
                        total = Big("∑", i, n.low, high, Symbol(letter))
                        found[Symbol(mean)] = Apply("/", (total, high))
    return found


def unit_vectors() -> Given:
    """Return the unit vectors, as columns."""
    rows = [tuple(Tuple((ONE if m == n else ZERO,)) for m in range(3)) for n in range(3)]
    return {Symbol(f"{a} {x}"): Tuple(rows[n]) for a in ACCENTS for axes in AXES for n, x in enumerate(axes)}


UNITS = unit_vectors()
