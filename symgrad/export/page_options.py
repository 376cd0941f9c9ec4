"""How a page is asked for: in which notation and format, and whether as a file of its own."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.errors import SymgradError
from symgrad.export.formats import find_format
from symgrad.export.math import Document
from symgrad.export.notation import Notation


@dataclass(frozen=True)
class PageOptions:
    """What is written of an answer, and how. notation: its name, its file or itself."""

    notation: Notation | str = "nielsen"
    format: str = "text"
    only: str | None = None
    label: str = ""
    env: str | None = None
    labels: str | None = None
    standalone: bool = False

    def __post_init__(self) -> None:
        if self.only or self.label or self.env:
            raise SymgradError("parts of a page and labels are not written yet", todo="leave them out")


def written(document: Document, options: PageOptions, title: str = "", width: int | None = None) -> str:
    """Return a document as the options ask for it; as text it keeps to a width.

    >>> from symgrad.export.math import Text
    >>> written(Document((Text(("x < 1",)),)), PageOptions(format="html"))
    '<p>x &lt; 1</p>\\n'
    """
    chosen = find_format(options.format)
    return chosen.file(document, title) if options.standalone else chosen.write(document, width)
