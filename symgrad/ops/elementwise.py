"""Elementwise functions by name: the elementary ones and the activations."""

from __future__ import annotations

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
    now = tuple(ELEMENTWISE.values())
    if now != _last.records:  # the same objects, but for a test that adds one: equal at a glance
        _last.records = now
        _last.activations = tuple(f for f in dict.fromkeys(now) if f not in ELEMENTARY)
    return _last.activations


class _Last:
    """The records of the last call, and the activations among them."""

    records: tuple[Elementwise, ...] = ()
    activations: tuple[Elementwise, ...] = ()


_last = _Last()


def elementwise(name: str) -> Elementwise:
    """Return the function of this name or alias.

    >>> elementwise("sigmoid").name
    'logistic'
    """
    if name not in ELEMENTWISE:
        raise UnknownName("elementwise function", name, ELEMENTWISE)
    return ELEMENTWISE[name]
