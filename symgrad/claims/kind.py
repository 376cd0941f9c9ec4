"""A kind of claim is a frozen record; what else belongs to it stands in files of the same name.

``symgrad/claims/solutions.py`` holds the record Solutions and the function that reads it from text, and
``symgrad/evidence/solutions.py`` its checker. So the folders are the table of kinds, and a file is imported when
its kind is first met.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar, Generic, TypeVar

from symgrad.errors import UnknownName

T = TypeVar("T")


class Claim:
    """Base of all kinds: a frozen dataclass, whose fields are all that is stored of it.

    kind: its name, which is that of its file, and that by which it is stored.
    """

    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        RECORDS.register(cls.kind, cls)


class ByKind(Generic[T]):
    """A table from the kind of a claim to what a package holds for it: one name in the file that is called so.

    >>> RECORDS["moments"].__name__
    'Moments'
    """

    def __init__(self, package: str, name: str = "") -> None:
        self._package, self._name = package, name
        self._found: dict[str, T] = {}

    def register(self, kind: str, thing: T) -> None:
        """Add a kind that has no file in the package, as one of another package."""
        self._found[kind] = thing

    def __getitem__(self, kind: str) -> T:
        if kind not in self._found:
            if kind not in kinds():
                raise UnknownName("kind of claim", kind, kinds())
            module = import_module(f"{self._package}.{kind}")
            if self._name:
                self._found[kind] = getattr(module, self._name)
        return self._found[kind]


RECORDS: ByKind[type[Claim]] = ByKind("symgrad.claims")
"""The record of each kind; a record enters itself when it is defined."""


def kinds() -> tuple[str, ...]:
    """Return the names of the kinds: the files that stand in both packages, of records and of checkers."""
    records, checkers = (
        {m.name for m in iter_modules(import_module(package).__path__)}
        for package in ("symgrad.claims", "symgrad.evidence")
    )
    return tuple(sorted(records & checkers))
