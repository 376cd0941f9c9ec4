"""Elementwise functions by name: the elementary ones and the activations."""

from __future__ import annotations

from functools import lru_cache

from symgrad.errors import UnknownName
from symgrad.ops.activation import ACTIVATIONS
from symgrad.ops.elementary import ELEMENTARY
from symgrad.ops.record import Elementwise

__all__ = ["ACTIVATIONS", "ELEMENTARY", "ELEMENTWISE", "Elementwise", "activations", "elementwise"]

ELEMENTWISE: dict[str, Elementwise] = {
    name: record for record in (*ELEMENTARY, *ACTIVATIONS) for name in (record.name, *record.aliases)
}
"""All records by name and by alias."""


def activations() -> tuple[Elementwise, ...]:
    """Return the records that are not elementary functions, each once.

    >>> [f.name for f in activations()][:3]
    ['logistic', 'tanh', 'softsign']
    """
    return _but_elementary(tuple(map(_Same, ELEMENTWISE.values())))


class _Same:
    """A record that is equal to itself only: it is cheap to hash."""

    def __init__(self, record: Elementwise) -> None:
        self.record = record

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.record is self.record

    def __hash__(self) -> int:
        return id(self.record)


@lru_cache(maxsize=16)
def _but_elementary(records: tuple[_Same, ...]) -> tuple[Elementwise, ...]:
    return tuple(r.record for r in dict.fromkeys(records) if r.record not in ELEMENTARY)


def elementwise(name: str) -> Elementwise:
    """Return the function of this name or alias.

    >>> elementwise("sigmoid").name
    'logistic'
    """
    if name not in ELEMENTWISE:
        raise UnknownName("elementwise function", name, ELEMENTWISE)
    return ELEMENTWISE[name]
