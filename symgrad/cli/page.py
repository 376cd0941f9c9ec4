"""A document in the format that was asked for."""

from __future__ import annotations

from symgrad.cli.output import terminal_width
from symgrad.export.formats import FORMATS, find_format
from symgrad.export.math import Document

STANDALONE = tuple(f.name for f in FORMATS.values() if f.of_file)
"""Formats that have a complete file besides a part to be put into one."""
STANDALONE_FORMATS = f"{', '.join(STANDALONE[:-1])} or {STANDALONE[-1]}"
"""How they are listed in a sentence."""


def page(document: Document, format_: str, output: str | None, title: str = "", standalone: bool = False) -> str:
    """Return a document in a format; as text it keeps to the width of the terminal that it goes to."""
    chosen = find_format(format_)
    return chosen.file(document, title) if standalone else chosen.write(document, terminal_width(output))
