"""Elementwise functions by name: the elementary ones and the activations."""

from __future__ import annotations

from symgrad.errors import UnknownName
from symgrad.ops.activation import ACTIVATIONS
from symgrad.ops.elementary import ELEMENTARY
from symgrad.ops.record import Elementwise

__all__ = ["ACTIVATIONS", "ELEMENTARY", "ELEMENTWISE", "Elementwise", "elementwise"]

ELEMENTWISE: dict[str, Elementwise] = {
    name: record for record in (*ELEMENTARY, *ACTIVATIONS) for name in (record.name, *record.aliases)
}
"""All records by name and by alias."""


def elementwise(name: str) -> Elementwise:
    """Return the function of this name or alias.

    >>> elementwise("sigmoid").name
    'logistic'
    """
    if name not in ELEMENTWISE:
        raise UnknownName("elementwise function", name, ELEMENTWISE)
    return ELEMENTWISE[name]
