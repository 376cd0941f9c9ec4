r"""Commands that a LaTeX text takes from files of its own folder, by \input, \include and \usepackage."""

from __future__ import annotations

import re
from pathlib import Path

from symgrad.audit.source.format import Format, format_of, read_text
from symgrad.audit.source.macros import Macro, macros
from symgrad.errors import SymgradError

MOST_FILES = 10
LARGEST = 500_000
"""Bytes of a file that is looked into."""
_NAMED = re.compile(
    r"(?<!%)\\(?P<what>input|include|usepackage|RequirePackage)\s*(?:\[[^\]]*\])?\{(?P<names>[\w./ ,-]{1,200})\}"
)
_ENDS = {"input": ("", ".tex"), "include": (".tex",), "usepackage": (".sty",), "RequirePackage": (".sty",)}


def commands_beside(path: Path, text: str) -> dict[str, Macro]:
    """Return the commands that files beside a LaTeX file define, as far as it names them; nothing for other files.

    A file outside of the folder, also by a link, is not opened.
    """
    if format_of(path.name) is not Format.LATEX:
        return {}
    found: dict[str, Macro] = {}
    folder = path.resolve().parent
    pending, seen = [text], {path.resolve()}
    while pending:
        for name in _files(pending.pop()):
            place = (folder / name).resolve()
            if place.parent != folder or place in seen or len(seen) > MOST_FILES or not _is_small(place):
                continue
            seen.add(place)
            try:
                content = read_text(place)
            except SymgradError:
                continue
            found |= macros(content)
            pending.append(content)
    return found


def _files(text: str) -> list[str]:
    """Return the names of files that a text reads, as LaTeX completes them."""
    return [
        f"{name.strip()}{end}" if not name.strip().endswith(end or "\0") else name.strip()
        for found in _NAMED.finditer(text)
        for name in found["names"].split(",")
        for end in _ENDS[found["what"]]
    ]


def _is_small(place: Path) -> bool:
    try:
        return place.is_file() and place.stat().st_size <= LARGEST
    except OSError:
        return False
