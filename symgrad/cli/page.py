"""A document in the format that was asked for; a writer is imported when it writes."""

from __future__ import annotations

from symgrad.cli.output import terminal_width
from symgrad.export.math import Document

FORMATS = ("text", "latex", "markdown", "html")
STANDALONE = ("latex", "html")
"""Formats that have a complete file besides a part to be put into one."""


def page(document: Document, format_: str, output: str | None, title: str = "", standalone: bool = False) -> str:
    """Return a document in a format; as text it keeps to the width of the terminal that it goes to."""
    match format_:
        case "latex":
            from symgrad.export.latex import latex

            return latex(document, standalone)
        case "markdown":
            from symgrad.export.markdown import markdown

            return markdown(document)
        case "html":
            from symgrad.export import html

            body = html.html(document) + "\n"
            return html.page(title, [body]) if standalone else body
    from symgrad.export.text import text

    return text(document, terminal_width(output))
