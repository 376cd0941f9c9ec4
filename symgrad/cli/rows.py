"""Rows of a label and a text, aligned, and folded to the width of the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable

WIDEST_LABEL = 13


def rows(pairs: Iterable[tuple[str, str]], width: int | None = None) -> str:
    """Return the rows as text; a row without a label is a headline. Long numbers are folded too.

    >>> print(rows([("", "power 2^3"), ("exact", "8")], 40), end="")
    power 2^3
      exact  8
    """
    width = terminal_width() if width is None else width
    pairs = list(pairs)
    column = min(max((len(label) for label, _ in pairs), default=0), WIDEST_LABEL) + 4
    lines: list[str] = []
    for label, text in pairs:
        if not label:
            lines += _folded(text, width, "", "  ")
        elif width < column + 20:
            lines += [f"  {label}", *_folded(text, width, "    ", "    ")]
        else:
            lines += _folded(text, width, f"  {label}".ljust(column), " " * column)
    return "\n".join(lines) + "\n"


def terminal_width() -> int:
    """Return the width of the terminal; of a file or a pipe, so much that nothing is folded."""
    return max(shutil.get_terminal_size().columns, 24) if sys.stdout.isatty() else 10**9


def _folded(text: str, width: int, first: str, later: str) -> list[str]:
    if len(first) + len(text) <= width:
        return [first + text]
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
