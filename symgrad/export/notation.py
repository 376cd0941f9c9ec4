"""A notation: how a book writes indices and what it calls things. It is data, a TOML file (``notation_file``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from symgrad.errors import UnknownName
from symgrad.export.notation_record import Notation as Notation

FOLDER = Path(__file__).parent / "notations"


class _Ready(Mapping[str, Notation]):
    """The notations that come with symgrad, each read from its file when it is asked for."""

    def __getitem__(self, name: str) -> Notation:
        if name not in self._names():
            raise KeyError(name)
        return _ready(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    @staticmethod
    @cache
    def _names() -> tuple[str, ...]:
        others = sorted(f.stem for f in FOLDER.glob("*.toml"))
        return (PLAIN.name, *others)


PLAIN = Notation("nielsen", ready=True)
NOTATIONS: Mapping[str, Notation] = _Ready()


@cache
def _ready(name: str) -> Notation:
    if name == PLAIN.name:
        return PLAIN
    from symgrad.export.notation_file import read_notation

    return replace(read_notation(FOLDER / f"{name}.toml"), ready=True)


def notation(name: str | Notation) -> Notation:
    """Return a notation by its name, or from a TOML file by its path; a notation itself stays as it is.

    Raises UnknownName, or ReadError for a file that is not a notation.

    >>> notation("ng").index
    'bracket'
    """
    if isinstance(name, Notation):
        return name
    if name in NOTATIONS:
        return NOTATIONS[name]
    if not name.endswith(".toml"):
        raise UnknownName("notation", name, [*NOTATIONS, "a file FILE.toml"])
    from symgrad.export.notation_file import read_notation

    return read_notation(Path(name))
