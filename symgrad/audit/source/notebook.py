"""Jupyter notebooks: their cells are documents of their own; the output of a code cell stands below its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from symgrad.audit.source.blocks import CodeBlock
from symgrad.audit.source.document import Source
from symgrad.errors import ReadError

TODO = "open it in Jupyter and save it again"


def cells(name: str, text: str) -> Iterator[tuple[Source, str, CodeBlock | None]]:
    """Yield each cell as a document, its kind (markdown, code, other code), and of code the listing of its output.

    Code is other code where the notebook says that its language is not Python.

    >>> text = '{"cells": [{"cell_type": "markdown", "source": ["a\\\\n", "b"]}]}'
    >>> [(d.cell, d.text, kind) for d, kind, _ in cells("a.ipynb", text)]
    [(1, 'a\\nb', 'markdown')]
    """
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"not a notebook: {error}", TODO, file=name) from None
    found = _cells(book) if isinstance(book, dict) else None
    if not isinstance(found, list):
        raise ReadError("not a notebook: it has no cells", TODO, file=name)
    code = "code" if _is_of_python(book) else "other code"
    for n, cell in enumerate(found, start=1):
        if not isinstance(cell, dict):
            continue
        source, kind = _text(cell.get("source", cell.get("input"))), cell.get("cell_type")
        if kind == "markdown":
            yield Source(name, source, n), "markdown", None
        elif kind == "code":
            output = "".join(_outputs(cell.get("outputs")))
            start = len(source) + 1
            yield Source(name, f"{source}\n{output}", n), code, CodeBlock(start, output) if output else None


def _is_of_python(book: dict[str, Any]) -> bool:
    """Tell whether the cells of code are in Python, as far as the notebook says."""
    about = book.get("metadata")
    about = about if isinstance(about, dict) else {}
    for key, field in (("language_info", "name"), ("kernelspec", "language")):
        entry = about.get(key)
        if isinstance(entry, dict) and isinstance(language := entry.get(field), str):
            return "python" in language.lower()
    return True


def _cells(book: dict[str, Any]) -> Any:
    """Return the cells; before format 4 they stand in worksheets."""
    sheets = book.get("worksheets")
    if "cells" in book or not isinstance(sheets, list):
        return book.get("cells")
    found = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in found if isinstance(cells, list) for cell in cells]


def _text(value: Any) -> str:
    """Return a text that is stored as one string or as a list of lines."""
    parts = value if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str))


def _outputs(outputs: Any) -> Iterator[str]:
    for output in outputs if isinstance(outputs, list) else []:
        if isinstance(output, dict):
            data = output.get("data")
            shown = output.get("text") if output.get("output_type") in ("stream", "pyout") else None
            shown = data.get("text/plain") if shown is None and isinstance(data, dict) else shown
            if words := _text(shown):
                yield words if words.endswith("\n") else words + "\n"
