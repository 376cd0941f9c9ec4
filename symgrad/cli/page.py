"""A document in the format that was asked for."""

from __future__ import annotations

from symgrad.cli.output import terminal_width
from symgrad.export.html import html
from symgrad.export.html import page as html_page
from symgrad.export.latex import latex
from symgrad.export.markdown import markdown
from symgrad.export.math import Document
from symgrad.export.text import text

FORMATS = ("text", "latex", "markdown", "html")
STANDALONE = ("latex", "html")
"""Formats that have a complete file besides a part to be put into one."""


def page(document: Document, format_: str, output: str | None, title: str = "", standalone: bool = False) -> str:
    """Return a document in a format; as text it keeps to the width of the terminal that it goes to."""
    match format_:
        case "latex":
            return latex(document, standalone)
        case "markdown":
            return markdown(document)
        case "html":
            body = html(document) + "\n"
            return html_page(title, [body]) if standalone else body
    return text(document, terminal_width(output))
