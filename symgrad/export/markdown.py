"""Markdown with dollar-delimited mathematics, as MyST, Pandoc and Jupyter read it."""

from __future__ import annotations

import re

from symgrad.export.latex import math_latex
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Text

_ESCAPED = frozenset("\\`*_{}[]<>#|$~")
_SIGNS = {"≥": r"\ge", "≤": r"\le", "≈": r"\approx", "→": r"\to", ":=": r"\mathrel{:=}"}


def markdown(document: Document) -> str:
    """Return a document as Markdown."""
    return "\n\n".join(_part(p) for p in document.parts) + "\n"


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"{'#' * level} {_prose(words)}"
        case Listing(lines):
            fence = "```" if "```" not in lines else "`" * 6
            return f"{fence}\n{lines}\n{fence}"
        case Display(left, right, relation, label):
            body = f"{math_latex(left)} {_SIGNS.get(relation, relation)} {math_latex(right)}"
            return f"$$\n{body}\n$$" + (f" ({label})" if label else "")
        case Text(words):
            return _prose(words)
        case Comment(lines):
            return "<!--\n" + re.sub("-(?=-)", "- ", lines) + "\n-->"
    raise TypeError(f"not a part: {part!r}")


def _prose(words: str) -> str:
    return "".join("\\" + c if c in _ESCAPED else c for c in words)
