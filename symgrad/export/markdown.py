"""Markdown with dollar-delimited mathematics, as MyST, Pandoc and Jupyter read it."""

from __future__ import annotations

import re

from symgrad.export.latex import aligned, label, steps, tag
from symgrad.export.latex_math import SIGNS, math_latex
from symgrad.export.latex_words import escaped, scripted
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Text
from symgrad.export.words import written

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
            return _equation(part)
        case Text():
            return "".join(_prose(x) if isinstance(x, str) else f"${math_latex(x)}$" for x in part.items)
        case Comment(lines):
            return "<!--\n" + re.sub("-(?=-)", "- ", lines) + "\n-->"
    raise TypeError(f"not a part: {part!r}")


def _equation(d: Display) -> str:
    """Set an equation; one with a name is numbered by the reader's MyST, so its number in the source is words."""
    number = rf" \qquad \text{{({escaped(d.label)})}}" if d.label and d.name else f" {tag(d.label)}" if d.label else ""
    name = d.name or label(d.label)
    return f"$$\n{_display(d)}{number}\n$$" + (f" ({name})" if name else "")


def _display(d: Display) -> str:
    lines = aligned([d])
    if lines.count("\n") > 2:
        return lines
    shown = f"{math_latex(d.left)} {SIGNS.get(d.relation, d.relation)} {math_latex(d.right)}"
    return f"{shown} {steps(d)}" if d.steps else shown


def _ticks(lines: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in lines).split()


def _prose(words: str) -> str:
    return written(words, _escape, lambda s: f"${scripted(s)}$")


def _escape(words: str) -> str:
    return "".join("\\" + c if c in _ESCAPED else c for c in words)
