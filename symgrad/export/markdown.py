"""Markdown with dollar-delimited mathematics, as MyST, Pandoc and Jupyter read it."""

from __future__ import annotations

import re

from symgrad.export.latex import aligned, label, math_latex, tag
from symgrad.export.latex_math import SIGNS
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Text

_ESCAPED = frozenset("\\`*_{}[]<>#|$~")


def markdown(document: Document) -> str:
    """Return a document as Markdown; a label stands after its equation, as MyST has it."""
    return "\n\n".join(map(_part, document.parts)) + "\n"


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"{'#' * level} {_prose(words)}"
        case Listing(lines):
            longest = max((len(run) for run in _ticks(lines)), default=0)
            fence = "`" * max(3, longest + 1)
            return f"{fence}\n{lines}\n{fence}"
        case Display():
            if part.label:
                return f"$$\n{_display(part)} {tag(part.label)}\n$$ ({label(part.label)})"
            return f"$$\n{_display(part)}\n$$"
        case Text():
            return "".join(_prose(x) if isinstance(x, str) else f"${math_latex(x)}$" for x in part.items)
        case Comment(lines):
            return "<!--\n" + re.sub("-(?=-)", "- ", lines) + "\n-->"
    raise TypeError(f"not a part: {part!r}")


def _display(d: Display) -> str:
    lines = aligned([d])
    if lines.count("\n") > 2:
        return lines
    return f"{math_latex(d.left)} {SIGNS.get(d.relation, d.relation)} {math_latex(d.right)}"


def _ticks(lines: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in lines).split()


def _prose(words: str) -> str:
    return "".join("\\" + c if c in _ESCAPED else c for c in words)
