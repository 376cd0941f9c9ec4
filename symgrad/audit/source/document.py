"""A document under audit: its text, and the line and column of each character."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Source:
    """A text, or one cell of a notebook. ``cell`` counts from 1.

    >>> document = Source("notes.md", "a\\nb = 2")
    >>> document.position(4), document.line_text(2)
    ((2, 3), 'b = 2')
    """

    name: str
    text: str
    cell: int | None = None

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Offsets at which lines begin; only a line feed ends a line."""
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column of an offset; both count from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return a line without its end."""
        end = self.starts[line] - 1 if line < len(self.starts) else len(self.text)
        return self.text[self.starts[line - 1] : end]


@dataclass(frozen=True)
class Excerpt:
    """A formula as a reader finds it: ``text`` stands from ``start`` to ``end``.

    kind: inline, display, plain (no delimiters), table (a value and its calculation) or code (its output). In the
    first three ``text`` has the length of its span; in the others it is put together from its parts.
    """

    start: int
    end: int
    text: str
    kind: str = "inline"


def blanked(text: str, spans: Iterable[tuple[int, int]], edge: str = "") -> str:
    """Return a text of the same length with spaces in the place of the spans; its lines stay where they are.

    edge: a letter that is put at both ends of a span, so that what stands beside it is seen to touch something.

    >>> blanked("a%b\\nc", [(1, 4)]), blanked("a $b$ = 2", [(2, 5)], "ξ")
    ('a  \\nc', 'a ξ ξ = 2')
    """
    parts, at = [], 0
    for start, end in sorted(spans):
        begin = max(start, at)
        if begin < end:
            hidden = "\n".join(" " * len(line) for line in text[begin:end].split("\n"))
            if edge:
                hidden = edge + hidden[1:-1] + edge * (len(hidden) > 1)
            parts += [text[at:begin], hidden]
            at = end
    return "".join([*parts, text[at:]])
