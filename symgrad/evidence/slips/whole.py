"""What may be wrong with an array as a whole: another layout, a constant factor, another order of the layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from symgrad.evidence.slips import kinds
from symgrad.evidence.slips.sweep import Parts


def rearranged(right: Parts) -> Iterator[tuple[str, Parts]]:
    """Yield the derivative in other orders of its entries, with what that is called."""
    names, arrays = list(right), [np.asarray(x, dtype=object) for x in right.values()]
    if all(x.ndim > 1 for x in arrays):
        yield kinds.TRANSPOSED, dict(zip(names, (x.T for x in arrays), strict=True))
        if any(x.shape != x.T.shape for x in arrays):
            yield kinds.FLATTENED, dict(zip(names, (x.T.reshape(x.shape) for x in arrays), strict=True))
    if all(x.ndim for x in arrays):
        yield kinds.REVERSED, dict(zip(names, (x[::-1] for x in arrays), strict=True))
    if len(arrays) > 1:
        yield f"{kinds.REVERSED}: the last layer stands first", dict(zip(names, arrays[::-1], strict=True))
        yield f"{kinds.MOVED}: the layer after stands for each", dict(zip(names, moved_round(arrays, -1), strict=True))
        yield f"{kinds.MOVED}: the layer before stands for each", dict(zip(names, moved_round(arrays, 1), strict=True))


def moved_round(arrays: list[Any], by: int) -> list[Any]:
    """Return the arrays moved round."""
    by %= len(arrays)
    return arrays[-by:] + arrays[:-by]


def factors(sizes: Mapping[str, int]) -> dict[Fraction, str]:
    """Return the constant factors that are easily lost: a sign, 2, and what dimensions and the depth are, with words.

    >>> factors({"m": 3})[Fraction(3)]
    'a constant factor is wrong: it is 3 times the derivative, as if 1/m were missing (m = 3)'
    >>> factors({"m": 3})[Fraction(-1)]
    'the sign is wrong: it is -1 times the derivative'
    """
    found = {Fraction(-1): f"{kinds.SIGN}: it is -1 times the derivative"}
    numbers = sorted({n for n in (2, 3, 4, *sizes.values()) if n > 1})
    for n in numbers:
        names = [name for name, size in sizes.items() if size == n]
        for c, missing in ((Fraction(n), "1/{}"), (Fraction(1, n), "{}")):
            told = " or ".join(missing.format(name) for name in names)
            where = f", as if {told} were missing ({' = '.join((*names, str(n)))})" if names else ""
            found[c] = f"{kinds.FACTOR}: it is {c} times the derivative{where}"
    for c, words in list(found.items()):
        found.setdefault(-c, f"{words}, and {kinds.SIGN}")
    return found
