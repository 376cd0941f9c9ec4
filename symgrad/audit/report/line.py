"""A line of a report with its colours, which only a terminal shows."""

from __future__ import annotations

from symgrad.audit.finding import Word

COLOURS = {
    Word.CONFIRMED: "green",
    Word.NOTE: "cyan",
    Word.DEFINITION: "dim",
    Word.CONDITION: "dim",
    Word.UNCHECKED: "dim",
    Word.IMPOSSIBLE: "bold red",
    Word.REFUTED: "bold red",
}


class Line:
    """Pieces of text, each with its style, as rich names styles.

    >>> Line("a").append("b", "bold").plain
    'ab'
    """

    def __init__(self, text: str = "", style: str = "") -> None:
        self.pieces: list[tuple[str, str]] = [(text, style)] if text else []

    def append(self, text: str, style: str = "") -> Line:
        """Add a piece, and return the line."""
        self.pieces.append((text, style))
        return self

    @property
    def plain(self) -> str:
        """The text without its colours."""
        return "".join(text for text, _ in self.pieces)

    def __str__(self) -> str:
        return self.plain
