"""The catalogue: every entry that an installed package offers under ``symgrad.derivations``.

A package of derivations names a tuple of entries in its pyproject.toml:

    [project.entry-points."symgrad.derivations"]
    mybook = "mybook.derivations:ENTRIES"
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points

from symgrad.derivation.entry import Entry
from symgrad.errors import SymgradError

GROUP = "symgrad.derivations"
BUILT_IN = "derivations"
"""The package of the entries that come with symgrad."""


def catalogue() -> dict[str, Entry]:
    """Return every entry by its name, in the order in which packages list them.

    Raises SymgradError for a package that cannot be imported, or two entries with one name.

    >>> catalogue()["chain"].model
    'chain'
    """
    found: dict[str, Entry] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        for entry in _entries(point):
            if entry.name in found:
                raise SymgradError(
                    f"two derivations are called {entry.name!r}",
                    where=f"the second in {point.value}",
                    todo="rename one of them, or uninstall its package",
                )
            found[entry.name] = entry
    return found


def of_symgrad() -> frozenset[str]:
    """Return the names of the entries that come with symgrad itself.

    >>> "chain" in of_symgrad()
    True
    """
    points = (p for p in entry_points(group=GROUP) if p.value.partition(":")[0] == BUILT_IN)
    return frozenset(entry.name for point in points for entry in _entries(point))


def _entries(point: EntryPoint) -> Iterator[Entry]:
    try:
        entries = point.load()
    except (ImportError, AttributeError) as error:
        raise SymgradError(
            f"the derivations {point.name!r} cannot be loaded: {error}",
            where=f"entry point {point.value} of the group {GROUP}",
            todo="correct or reinstall the package that offers them",
        ) from error
    if not isinstance(entries, tuple) or not all(isinstance(e, Entry) for e in entries):
        raise SymgradError(
            f"the derivations {point.name!r} are not a tuple of entries",
            where=f"entry point {point.value} of the group {GROUP}",
            todo="name a tuple of symgrad.Entry",
        )
    yield from entries
