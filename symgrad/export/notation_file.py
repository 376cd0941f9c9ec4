r"""A notation as a TOML file, read and checked: what is unknown, of the wrong kind or twice there is an error.

name = "mybook"
shared = true               # for several networks: none need have all the names below
together = ["z", "a"]       # these have other names only where a network has both
[style]
index = "superscript"       # w^j
transpose = "\\top"
vectors = "bold"
[names]
z = "a"                     # the equations' z is printed a
a = "h"
[indices]
j = "l"                     # the index j is printed l
[macros]
vx = "\\mathbf{x}"
[latex]
x = "\\vx"                  # as the book has it
W_hh = "W_{hh}"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from symgrad.errors import ModelError, ReadError, UnknownName
from symgrad.export.notation_record import Notation
from symgrad.export.spelling import ALLOWED, RESERVED, Spelling, check_text, expanded, read_spelling
from symgrad.export.style import SAME, VALUES, Style
from symgrad.files import read_at_most
from symgrad.network.syntax.line import canonical

KEYS = ("name", "shared", "together", "style", "names", "indices", "latex", "macros")
LARGEST = 100_000
"""Bytes of a notation's file."""
MOST = 1000
"""Entries of a table."""
LONGEST_NAME = 60
"""Characters of a name."""
EXAMPLE = 'write, for instance: name = "mybook", [style] index = "superscript", [names] z = "Z"'
_OWN = """
    frac tfrac partial prod sum left right begin end label notag tag bigl bigr Bigl Bigr quad qquad cdot cdots
    ldots odot circ oslash otimes top intercal sqrt text ge le neq approx in mapsto to infty exp log ln sin
    cos tan tanh sinh cosh max min sup det arctan lvert rvert lVert rVert vert Vert pmatrix bmatrix cases
    mathrel newcommand def let input include write read openout csname catcode usepackage documentclass
"""
OWN = frozenset(_OWN.split())
"""Commands that pages are written with, or that no macro may be called."""


def read_notation(path: Path) -> Notation:
    """Return the notation of a file. Raises ReadError, UnknownName or ModelError for what is none.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "book.toml").write_text('[latex]\\nh = "\\\\\\\\mathbf{h}"\\n')
    ...     read_notation(Path(folder, "book.toml")).latex["h"].name
    '𝐡'
    """
    try:
        data = tomllib.loads(read_at_most(path, LARGEST).decode())
    except OSError as error:
        what = f"cannot read the notation {path}: {error.strerror}"
        raise ReadError(what, todo="give the path of a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise ReadError(f"{path} is not TOML: {error}", todo=EXAMPLE) from None
    return from_table(data, path)


def from_table(data: Mapping[str, Any], path: Path) -> Notation:
    """Return the notation that a table says; path: where it stands."""
    for key in data:
        if key in VALUES:
            raise ReadError(
                f"{key} of {path} stands outside of [style]", todo=f"write it below a line [style]: {key} = …"
            )
        if key not in KEYS:
            raise UnknownName("key of a notation", key, KEYS, str(path))
    name = data.get("name", path.stem)
    if not isinstance(name, str) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise ReadError(f"the name in {path} is {str(name)[:80]!r}, not a short line", todo='write name = "mybook"')
    shared = data.get("shared", False)
    if not isinstance(shared, bool):
        raise ReadError(f"shared of {path} is {str(shared)[:40]!r}", todo="write shared = true, or leave it out")
    macros = _macros(data, path)
    names, indices, latex = _names(data, "names", path), _names(data, "indices", path), _latex(data, macros, path)
    together = data.get("together", [])
    if not isinstance(together, list) or not all(isinstance(n, str) and n.isidentifier() for n in together):
        raise ReadError(
            f"together of {path} is {str(together)[:80]}, not a list of names",
            todo='write together = ["z", "a"], and below [names] what they are called where a network has both',
        )
    apart = tuple(map(canonical, together))
    found = Notation(name, names, indices, _style(data, path), latex, macros, shared, apart)
    _check_clashes(found, path)
    _check_macros(data, macros, path)
    return found


def _table(data: Mapping[str, Any], key: str, path: Path) -> Mapping[str, Any]:
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise ReadError(f"{key} in {path} is not a table", todo=f"write a line [{key}], and below it {_EXAMPLES[key]}")
    if len(table) > MOST:
        raise ReadError(f"[{key}] of {path} has {len(table):,} entries", todo=f"{MOST:,} are read at most")
    return table


_EXAMPLES = {
    "style": 'index = "superscript"',
    "names": 'z = "Z"',
    "indices": 'L = "N"',
    "latex": r'h = "\\mathbf{h}"',
    "macros": r'vh = "\\mathbf{h}"',
}


def _style(data: Mapping[str, Any], path: Path) -> Style:
    """Return the style, each of its values one of those that there are."""
    found = {}
    for key, value in _table(data, "style", path).items():
        if key not in VALUES:
            raise UnknownName("key of [style]", key, VALUES, str(path))
        said = SAME.get(value, value) if isinstance(value, str) else str(value)
        if said not in VALUES[key]:
            raise UnknownName(f"{key} of [style]", said[:LONGEST_NAME], VALUES[key], str(path))
        found[key] = said
    style = Style(**found)
    if style.transpose == "T" and "superscript" in (style.index, style.time):
        raise ModelError(
            f"[style] of {path} writes a transpose as T where indices stand above, which would look like an index",
            todo=r'write transpose = "\\top", or another index',
        )
    return style


def _names(data: Mapping[str, Any], key: str, path: Path) -> dict[str, str]:
    """Return a table of names to names, the names of the equations in their ASCII spelling."""
    found: dict[str, str] = {}
    for old, new in _table(data, key, path).items():
        if not isinstance(new, str) or not new.isidentifier() or len(new) > LONGEST_NAME:
            raise ReadError(
                f"[{key}] of {path} writes {old} as {str(new)[:80]!r}, which is not a name",
                todo=f'give a name, such as {old} = "Z" or {old} = "theta_hat"; LaTeX stands under [latex]',
            )
        if (letter := new.split("_")[0]) in RESERVED:
            raise ReadError(f"[{key}] of {path} writes {old} as {letter}, {RESERVED[letter]}", todo="give another name")
        found[_key(old, key, path, found)] = canonical(new)
    return found


def _key(old: str, key: str, path: Path, found: Mapping[str, object]) -> str:
    """Return a name of the equations in its ASCII spelling."""
    if not old.isidentifier() or len(old) > LONGEST_NAME:
        raise ReadError(f"[{key}] of {path} has {old[:80]!r}, which is no name of equations", todo=_EXAMPLES[key])
    name = canonical(old)
    if name in found:
        raise ModelError(f"[{key}] of {path} has {name} twice", todo="leave one out")
    return name


def _check_apart(found: Mapping[str, str], where: str) -> None:
    seen: dict[str, str] = {}
    for old, new in found.items():
        if new in seen:
            raise ModelError(
                f"{where} writes two things alike, {seen[new]} and {old}, as {new!r}",
                todo="give each a name of its own",
            )
        seen[new] = old


def _latex(data: Mapping[str, Any], macros: Mapping[str, str], path: Path) -> dict[str, Spelling]:
    found: dict[str, Spelling] = {}
    for old, text in _table(data, "latex", path).items():
        name = _key(old, "latex", path, found)
        found[name] = read_spelling(text, macros, str(path), f"{old} in [latex]")
    return found


def _check_clashes(found: Notation, path: Path) -> None:
    """Raise ModelError for a name that is spelled twice, and for two that are spelled alike.

    A shared notation may have these, for different networks.
    """
    for key, table in (("names", found.names), ("indices", found.indices)):
        for name in table:
            if name in found.latex:
                raise ModelError(f"{name} stands in [{key}] and in [latex] of {path}", todo="leave one out")
    if not found.shared:
        _check_apart(
            {**found.names, **{old: s.name for old, s in found.latex.items()}}, f"[names] and [latex] of {path}"
        )
        _check_apart(found.indices, f"[indices] of {path}")


def _macros(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    r"""Return the macros; one takes an argument where it holds #1, as \vect, \mathbf{#1}."""
    found: dict[str, str] = {}

    def refuse(what: str, todo: str) -> NoReturn:
        raise ReadError(f"[macros] of {path} {what}", todo=todo)

    for written, text in _table(data, "macros", path).items():
        name = written.removeprefix("\\")
        if not re.fullmatch(r"[A-Za-z]{1,30}", name):
            refuse(f"has {written[:80]!r}, which is no name of a command", r'give letters: vh = "\\mathbf{h}"')
        if name in ALLOWED or name in OWN:
            refuse(f"redefines \\{name}", "give the macro another name")
        if name in found:
            refuse(f"has \\{name} twice", "leave one out")
        check_text(text, str(path), f"\\{name} in [macros]")
        if set(re.findall(r"#(.?)", text)) - {"1"}:
            refuse(f"has in \\{name} an argument other than #1", "a macro takes one argument at most")
        found[name] = text
    for name, text in found.items():
        for command in re.findall(r"\\([A-Za-z]+|.)", text):
            if command not in ALLOWED and command not in found:
                known = ", ".join(f"\\{c}" for c in ALLOWED[:17])
                refuse(
                    f"has in \\{name} the command \\{command}, which is not allowed",
                    f"allowed are {known}, the Greek letters, and other macros",
                )
        expanded(text, found, str(path), f"\\{name} in [macros]")
    return found


def _check_macros(data: Mapping[str, Any], macros: Mapping[str, str], path: Path) -> None:
    """Raise ReadError for a macro that no name is spelled with."""
    texts = [str(t) for t in data.get("latex", {}).values()]
    used: set[str] = set()
    while texts:
        found = set(re.findall(r"\\([A-Za-z]+)", texts.pop())) & set(macros) - used
        used |= found
        texts += [macros[name] for name in found]
    for name in macros:
        if name not in used:
            raise ReadError(
                f"[macros] of {path} has \\{name}, which no name is written with",
                todo=f'use it under [latex], as in h = "\\\\{name}", or leave it out',
            )
