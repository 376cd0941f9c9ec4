"""An entry of the catalogue by its name, and the equations of its model."""

from __future__ import annotations

from symgrad.api.model import model
from symgrad.derivation.catalogue import catalogue
from symgrad.derivation.entry import Entry
from symgrad.errors import UnknownName


def find_entry(name: str) -> Entry:
    """Return an entry; raises UnknownName, which tells the nearest."""
    entries = catalogue()
    if name not in entries:
        raise UnknownName("derivation", name, entries)
    return entries[name]


def equations(entry: Entry) -> str:
    """Return the equations of the model that an entry is about, as their file says."""
    return model(entry.model).text if entry.model else ""
