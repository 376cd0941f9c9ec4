"""Text of others on a terminal: what moves the cursor, changes colours or begins a line is shown, not done."""

from __future__ import annotations

import unicodedata

HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Kinds of characters without a sign of their own: controls, directions, half characters, separators of lines."""


def visible(text: str, lines: bool = False) -> str:
    """Return a text in which control characters stand as they are written in Python; ``lines``: its own lines stay.

    >>> visible("x\\nPROVED: y"), visible("a\\x1b[31mb")
    ('x\\\\nPROVED: y', 'a\\\\x1b[31mb')
    """
    if text.isprintable():
        return text
    return "".join(_shown(c) if unicodedata.category(c) in HIDDEN and not (lines and c in "\n\t") else c for c in text)


def _shown(c: str) -> str:
    return c.encode("unicode_escape").decode()
