"""How a name that an author wrote is split for a page: theta_hat is θ with a hat, w_max has a subscript."""

from __future__ import annotations

import re
from typing import NamedTuple

ACCENTS = ("hat", "bar", "tilde", "dot", "vec")


class Split(NamedTuple):
    """A base letter or word, its accents, and what stands below it."""

    base: str
    accents: tuple[str, ...]
    sub: tuple[str, ...]


def split(name: str) -> Split:
    """Split a name.

    >>> split("theta_hat"), split("w_max"), split("x1")
    (Split(base='theta', accents=('hat',), sub=()), Split(base='w', accents=(), sub=('max',)), Split(base='x', accents=(), sub=('1',)))
    """
    base, *rest = [p for p in name.split("_") if p] or ["_"]
    accents = tuple(p for p in rest if p in ACCENTS)
    sub = [p for p in rest if p not in ACCENTS]
    numbered = re.fullmatch(r"([^\W\d_]+?)(\d+)", base)
    if numbered:
        base, sub = numbered.group(1), [numbered.group(2), *sub]
    return Split(base, accents, tuple(sub))
