"""A notation: how a book writes indices and what it calls things. It is data, and can be a TOML file.

    name = "mybook"
    index = "superscript"       # subscript w_j, superscript w^j, bracket W^{[l]}, parenthesis W^{(l)}
    [names]
    z = "Z"                     # the equations' z is printed Z
    [indices]
    j = "l"                     # the index j is printed l
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Index, Position
from symgrad.errors import ModelError, ReadError, UnknownName
from symgrad.export.math import Name

INDEX_STYLES = ("subscript", "superscript", "bracket", "parenthesis")


@dataclass(frozen=True)
class Notation:
    """How quantities are written.

    >>> from symgrad.algebra.expression import Quantity
    >>> NOTATIONS["ng"].quantity(Quantity("a", 3))
    Name(base='A', sub='', sup='[3]', primes=0)
    """

    name: str
    index: str = "subscript"
    names: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)

    def quantity(self, q: Quantity) -> Name:
        """Return how a quantity is written."""
        base = self.names.get(q.name, q.name)
        if q.index is None:
            return Name(base)
        index = self.position(q.index)
        match self.index:
            case "subscript":
                return Name(base, sub=index)
            case "bracket":
                return Name(base, sup=f"[{index}]")
            case "parenthesis":
                return Name(base, sup=f"({index})")
        return Name(base, sup=index)

    def function(self, name: str, primes: int = 0) -> Name:
        """Return how a function is written, σ or σ'."""
        return Name(self.names.get(name, name), primes=primes)

    def position(self, p: Position) -> str:
        """Return how an index is written."""
        if isinstance(p, Index):
            return str(Index(self.indices.get(p.symbol, p.symbol), p.offset))
        return str(p)


NOTATIONS = {
    n.name: n
    for n in (
        Notation("nielsen"),
        Notation(
            "ng",
            index="bracket",
            names={"w": "W", "z": "Z", "a": "A", "sigma": "g"},
            indices={"j": "l"},
        ),
        Notation("rnn"),
    )
}


def notation(name: str) -> Notation:
    """Return a notation by its name, or from a TOML file by its path.

    Raises UnknownName, or ReadError for a file that is not a notation.
    """
    if name in NOTATIONS:
        return NOTATIONS[name]
    if not name.endswith(".toml"):
        raise UnknownName("notation", name, NOTATIONS)
    return _read(Path(name))


def _read(path: Path) -> Notation:
    example = 'write, for instance: name = "mybook", index = "superscript", [names] z = "Z"'
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(f"cannot read the notation {path}: {error.strerror}", todo="give the path of a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReadError(f"{path} is not TOML: {error}", todo=example) from None
    unknown = set(data) - {"name", "index", "names", "indices"}
    if unknown:
        raise UnknownName("key of a notation", sorted(unknown)[0], ["name", "index", "names", "indices"], str(path))
    index = data.get("index", "subscript")
    if index not in INDEX_STYLES:
        raise UnknownName("index style", str(index), INDEX_STYLES, str(path))
    return Notation(
        name=str(data.get("name", path.stem)),
        index=index,
        names=_table(data, "names", path),
        indices=_table(data, "indices", path),
    )


def _table(data: Mapping[str, object], key: str, path: Path) -> dict[str, str]:
    table = data.get(key, {})
    if not isinstance(table, dict) or not all(isinstance(v, str) and v.isidentifier() for v in table.values()):
        raise ReadError(f"[{key}] of {path} must map names to names", todo=f'write [{key}] and below it z = "Z"')
    repeated = [v for v in table.values() if list(table.values()).count(v) > 1]
    if repeated:
        raise ModelError(f"[{key}] of {path} writes two things {repeated[0]!r}", todo="give each a name of its own")
    return dict(table)
