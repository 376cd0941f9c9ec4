"""What a reader makes of a document: its words, and apart from them its code, its comments and its formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from symgrad.audit.source.document import Excerpt, blanked


@dataclass(frozen=True)
class CodeBlock:
    """A block of code: where its text begins, the text, and the language that is named."""

    start: int
    text: str
    language: str = ""


@dataclass
class Blocks:
    """A document taken apart. ``text`` has its length, with spaces where something else stands.

    spoken: spans of inline code, blanked in ``text`` too. comments: offset and words of what only authors see.
    roles: offset, end and mark of formulas that a role marks. spread: formulas stand in tags, and not in the words.
    """

    text: str
    listings: list[CodeBlock] = field(default_factory=list)
    formulas: list[Excerpt] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    spoken: list[tuple[int, int]] = field(default_factory=list)
    roles: list[tuple[int, str]] = field(default_factory=list)
    tex: bool = False
    spread: bool = False

    def take(self, *spans: tuple[int, int]) -> None:
        """Put spaces in the place of the spans."""
        self.text = blanked(self.text, spans)


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each line, without its line feed.

    >>> list(lines("ab\\n\\nc"))
    [(0, 2), (3, 3), (4, 5)]
    """
    at = 0
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        yield at, end
        at = end + 1
