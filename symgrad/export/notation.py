"""A notation: how a book writes indices and what it calls things. It is data, a TOML file (``notation_file``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from symgrad.algebra.index import symbols
from symgrad.errors import UnknownName
from symgrad.export.notation_record import Notation as Notation
from symgrad.export.notation_record import check_used

if TYPE_CHECKING:
    from symgrad.algebra.expression import Quantity
    from symgrad.network.network import Network

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


def fitting(name: Notation | str, network: Network, *asked: Quantity, letters: Iterable[str] = ()) -> Notation:
    """Return a notation, which may be given by its name, for a network.

    asked: quantities whose indices may be letters, s[k]; letters: others that stand for an index.
    Raises UnknownName where it names what the network has not, unless it is shared or came with symgrad.

    >>> import symgrad as sg
    >>> fitting("ng", sg.model("chain")).name
    'ng'
    """
    found = notation(name)
    if not (found.ready or found.shared):
        from symgrad.export.typeset import sizes
        from symgrad.network.functions import called

        open_ = {x for q in asked for x in symbols(q.indices)}
        known = {network.symbol, network.depth_symbol, *network.index_letters, *open_, *letters}
        check_used(found, [*network.names, *called(network), *sizes(network)], known)
    return found
