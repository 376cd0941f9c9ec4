"""A notation: how a book writes indices and what it calls things. It is data, and can be a TOML file.

name = "mybook"
index = "superscript"       # subscript w_j, superscript w^j, bracket W^{[l]}, parenthesis W^{(l)}
hadamard = "∘"              # the product entry by entry, ⊙ where it is left out
error = "d"                 # what ∂C/∂z is called in backward equations: dz; δ, or δ_z, where it is left out
[names]
z = "Z"                     # the equations' z is printed Z
[indices]
j = "l"                     # the index j is printed l
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

from symgrad.algebra.expression import Quantity
from symgrad.algebra.index import Position, parts
from symgrad.errors import ModelError, ReadError, UnknownName
from symgrad.export.math import Math, Name, Num, Terms, row
from symgrad.files import read_at_most
from symgrad.network.syntax.line import canonical

INDEX_STYLES = ("subscript", "superscript", "bracket", "parenthesis")
KEYS = ("name", "index", "hadamard", "error", "names", "indices")
HADAMARD = ("⊙", "∘")
ERRORS = ("delta", "d")
LARGEST = 100_000
"""Bytes of a notation's file."""


@dataclass(frozen=True)
class Notation:
    """How quantities are written.

    >>> NOTATIONS["ng"].quantity(Quantity("a", 3)).base
    'A'
    """

    name: str
    index: str = "subscript"
    names: Mapping[str, str] = field(default_factory=dict)
    indices: Mapping[str, str] = field(default_factory=dict)
    hadamard: str = "⊙"
    """The sign of the product entry by entry, ⊙ or ∘."""
    error: str = "delta"
    """What ∂C/∂z is called in backward equations: delta for δ_z, d for dz, and so all gradients."""

    def quantity(self, q: Quantity) -> Name:
        """Return how a quantity is written."""
        index = None if q.index is None else self.position(q.index)
        further = tuple(map(self.position, q.further))
        return Name(self.names.get(q.name, q.name), index, self.index, further=further, ahead=q.ahead)

    def function(self, name: str, primes: int = 0) -> Name:
        """Return how a function is written, σ or σ'."""
        return Name(self.names.get(name, name), primes=primes)

    def position(self, p: Position) -> Math:
        """Return how an index is written."""
        terms, offset = parts(p)
        if not terms:
            return Num(Fraction(offset))
        written = [("+" if n > 0 else "-", self._multiple(n, s)) for s, n in terms]
        if written[0][0] == "-" and offset > 0:  # 3 - i
            return Terms((("+", Num(Fraction(offset))), *written))
        if offset:
            written.append(("+" if offset > 0 else "-", Num(Fraction(abs(offset)))))
        return Terms(tuple(written)) if len(written) > 1 or written[0][0] == "-" else written[0][1]

    def _multiple(self, n: int, symbol: str) -> Math:
        name = Name(self.indices.get(symbol, symbol))
        return name if abs(n) == 1 else row(Num(Fraction(abs(n))), name)

    def suited_to(self, names: Collection[str], indices: Collection[str]) -> Notation:
        """Return the notation without what would write two names of a network alike.

        >>> NOTATIONS["ng"].suited_to(["w", "W", "a"], ["j"]).names["a"]
        'A'
        >>> "w" in NOTATIONS["ng"].suited_to(["w", "W", "a"], ["j"]).names
        False
        """
        written = _distinct(self.names, names)
        taken = {written.get(name, name) for name in names}
        free = {old: new for old, new in self.indices.items() if new not in taken}
        return replace(self, names=written, indices=_distinct(free, indices))


def remarks(notation: Notation, names: Collection[str], indices: Collection[str]) -> tuple[str, ...]:
    """Return what a notation says of a model to no effect: names that it lacks, and those that would look alike.

    A built-in notation is for many models, and has no remarks.

    >>> print(*remarks(Notation("mine", names={"q": "Q", "z": "a"}), ["z", "a"], ["j"]), sep="\\n")
    the notation mine renames q, which the model does not have
    the notation mine does not write z as a, which the model has too
    """
    if NOTATIONS.get(notation.name) == notation:
        return ()
    written, said = _distinct(notation.names, names), []
    for renamed, known, what in ((notation.names, names, ""), (notation.indices, indices, "the index ")):
        said += [f"renames {what}{old}, which the model does not have" for old in renamed if old not in known]
    for old, new in notation.names.items():
        if old in names and old != new and old not in written:
            said.append(f"does not write {old} as {new}, which the model has too")
    return tuple(f"the notation {notation.name} {words}" for words in said)


def _distinct(renamed: Mapping[str, str], used: Collection[str]) -> dict[str, str]:
    """Drop what is not injective on the names that are used, until the rest is."""
    kept = {old: new for old, new in renamed.items() if old in used and new != old}
    while True:
        written = [kept.get(name, name) for name in dict.fromkeys(used)]
        clashing = [old for old, new in kept.items() if written.count(new) > 1]
        if not clashing:
            return kept
        for old in clashing:
            del kept[old]


NOTATIONS = {
    n.name: n
    for n in (
        Notation("nielsen"),
        Notation(
            "ng",
            index="bracket",
            names={"w": "W", "z": "Z", "a": "A", "sigma": "g"},
            indices={"j": "l"},
            error="d",
        ),
        Notation("rnn", names={"z": "a", "a": "s", "h": "s"}, indices={"L": "t", "l": "j"}),
    )
}


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
    return _read(Path(name))


def _read(path: Path) -> Notation:
    example = 'write, for instance: name = "mybook", index = "superscript", [names] z = "Z"'
    try:
        data = tomllib.loads(read_at_most(path, LARGEST).decode())
    except OSError as error:
        what = f"cannot read the notation {path}: {error.strerror}"
        raise ReadError(what, todo="give the path of a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReadError(f"{path} is not TOML: {error}", todo=example) from None
    for key in data:
        if key not in KEYS:
            raise UnknownName("key of a notation", key, KEYS, str(path))
    name = data.get("name", path.stem)
    if not isinstance(name, str) or not name.isprintable():
        raise ReadError(f"the name in {path} is {name!r}, not a line of text", todo='write name = "mybook"')
    index = data.get("index", "subscript")
    if index not in INDEX_STYLES:
        raise UnknownName("index style", str(index), INDEX_STYLES, str(path))
    hadamard = data.get("hadamard", HADAMARD[0])
    if hadamard not in HADAMARD:
        raise UnknownName("product entry by entry", str(hadamard), HADAMARD, str(path))
    errors = data.get("error", ERRORS[0])
    if errors not in ERRORS:
        raise UnknownName("name of an error", str(errors), ERRORS, str(path))
    return Notation(name, index, _table(data, "names", path), _table(data, "indices", path), hadamard, errors)


def _table(data: Mapping[str, object], key: str, path: Path) -> dict[str, str]:
    """Return a table of names to names, the names of the equations in their ASCII spelling."""
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise ReadError(f"{key} in {path} is not a table", todo=f'write [{key}] and below it z = "Z"')
    for old, new in table.items():
        if not isinstance(new, str) or not new.isidentifier():
            raise ReadError(
                f"[{key}] of {path} writes {old} as {new!r}, which is not a name",
                todo=f'give a name, such as {old} = "Z" or {old} = "theta_hat"',
            )
        if list(table.values()).count(new) > 1:
            raise ModelError(f"[{key}] of {path} writes two things {new!r}", todo="give each a name of its own")
    return {canonical(old): canonical(new) for old, new in table.items()}
