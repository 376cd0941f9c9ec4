"""The formats in which a document is written: one row each. Its writer is imported when it writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from symgrad.errors import UnknownName
from symgrad.export.setting import PLAIN, Setting

if TYPE_CHECKING:
    from symgrad.derivation.figure import Table
    from symgrad.export.math import Document

LANGUAGES = ("numpy", "jax", "torch", "julia")
"""What programs are written for, which have writers of their own in symgrad.code."""
Writer = str
"""module:function, within symgrad.export."""


@dataclass(frozen=True)
class Format:
    """A format with the suffix of its files and its writers: of a document, of a table of words, of a whole file.

    of_document(document): a part to be put into a file; where the writer breaks lines, ``wraps``, it also takes the
    width, and where it has environments and labels, ``sets``, the setting. of_file(document, title): a whole file,
    likewise. of_table(table): a table.
    """

    name: str
    suffix: str
    of_document: Writer
    of_table: Writer
    of_file: Writer = ""
    wraps: bool = False
    sets: bool = False

    def write(self, document: Document, width: int | None = None, setting: Setting = PLAIN) -> str:
        """Return a document in the format.

        >>> from symgrad.export.math import Document, Text
        >>> FORMATS["html"].write(Document((Text(("x < 1",)),)))
        '<p>x &lt; 1</p>\\n'
        """
        write = _found(self.of_document)
        more = (width,) if self.wraps else (setting,) if self.sets else ()
        return str(write(document, *more)).rstrip("\n") + "\n"

    def file(self, document: Document, title: str, setting: Setting = PLAIN) -> str:
        """Return a document as a file that stands alone; only where there is ``of_file``."""
        more = (setting,) if self.sets else ()
        return str(_found(self.of_file)(document, title, *more))

    def table(self, table: Table) -> str:
        """Return a table of words in the format."""
        return str(_found(self.of_table)(table)).rstrip("\n") + "\n"


FORMATS = {
    f.name: f
    for f in (
        Format("text", "txt", "text:text", "table:table_text", wraps=True),
        Format("latex", "tex", "latex:latex", "table:table_latex", of_file="latex:latex_file", sets=True),
        Format("markdown", "md", "markdown:markdown", "table:table_markdown", sets=True),
        Format("rst", "rst", "rst:rst", "table:table_rst", sets=True),
        Format("html", "html", "html:html", "table:table_html", of_file="html:html_file", sets=True),
        Format("typst", "typ", "typst:typst", "table:table_typst", of_file="typst:typst_file"),
    )
}


def find_format(name: str) -> Format:
    """Return the format of this name."""
    if name not in FORMATS:
        raise UnknownName("format", name, FORMATS)
    return FORMATS[name]


def _found(writer: Writer) -> Callable[..., object]:
    module, _, function = writer.partition(":")
    found: Callable[..., object] = getattr(import_module(f"symgrad.export.{module}"), function)
    return found
