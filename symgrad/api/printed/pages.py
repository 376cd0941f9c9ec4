"""Pages of a derivation as they are read back, without the macros of their notation."""

from __future__ import annotations

from collections.abc import Mapping

from symgrad.export.notation import Notation
from symgrad.reading.page.document import READERS, Page

LATEX = ("latex", "markdown", "rst")
"""Formats whose mathematics is LaTeX."""


def read_page(format_: str, text: str, notation: Notation) -> Page:
    """Return what a page in a notation says; notation: suited to the network that the page is about."""
    lettered = notation.style.transpose == "T"
    if format_ in LATEX and (notation.macros or lettered):
        from symgrad.reading.page.book import with_transposes, without_macros

        text = without_macros(text, notation.macros)
        text = with_transposes(text) if lettered else text
    return READERS[format_](text)


def read_pages(pages: Mapping[str, str], notation: Notation) -> dict[str, Page]:
    """Return what pages in a notation say, by their formats."""
    return {format_: read_page(format_, page, notation) for format_, page in pages.items()}
