"""How a name that an author wrote is split for a page: theta_hat is θ with a hat, w_max has a subscript."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

ACCENTS = ("hat", "bar", "tilde", "dot", "vec")
BLOCKS = ("J", "K", "G", "H", "P", "Q", "R", "S")
"""Letters for the Jacobians of steps, the first that a network has not."""


class Split(NamedTuple):
    """A base letter or word, its accents, and what stands below it."""

    base: str
    accents: tuple[str, ...] = ()
    sub: tuple[str, ...] = ()


def split(name: str) -> Split:
    """Split a name.

    >>> split("theta_hat"), split("w_max")
    (Split(base='theta', accents=('hat',), sub=()), Split(base='w', accents=(), sub=('max',)))
    >>> split("x1")
    Split(base='x', accents=(), sub=('1',))
    """
    base, *rest = [p for p in name.split("_") if p] or [name]
    accents = tuple(p for p in rest if p in ACCENTS)
    sub = [p for p in rest if p not in ACCENTS]
    numbered = re.fullmatch(r"([^\W\d_]+?)(\d+)", base)
    if numbered:
        base, sub = numbered.group(1), [numbered.group(2), *sub]
    return Split(base, accents, tuple(sub))


def ambiguous(names: Mapping[str, int]) -> frozenset[str]:
    """Return the names that must not be split, as another would look the same; and how many indices each has.

    >>> ambiguous({"x1": 0, "x": 1}), ambiguous({"x1": 0, "x": 0}), ambiguous({"x1": 1, "x": 2})
    (frozenset({'x1'}), frozenset(), frozenset({'x1'}))
    """
    splits = {name: split(name) for name in names}
    alike = Counter(splits.values())
    indexed = {splits[name] for name, has_index in names.items() if has_index}
    return frozenset(
        name
        for name, s in splits.items()
        if alike[s] > 1 or (s.sub and s.sub[-1].isdigit() and s._replace(sub=s.sub[:-1]) in indexed)
    )
