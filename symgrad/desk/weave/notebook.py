"""A notebook: its Markdown cells are documents of their own, and everything else stays as it is."""

from __future__ import annotations

import json
from typing import Any

from symgrad.desk.respond import Place
from symgrad.desk.weave.syntax import Syntax
from symgrad.desk.weave.weave import Woven, weave_text
from symgrad.errors import ReadError

WRITTEN = [(indent, ascii_) for indent in (1, 2, 4, None, "\t") for ascii_ in (False, True)]
"""How programs write notebooks: Jupyter's way first."""


def weave_notebook(text: str, syntax: Syntax, file: str, place: Place) -> Woven:
    """Return a notebook whose Markdown cells are woven; errors say the cell. Raises as ``weave_text``.

    >>> from pathlib import Path
    >>> from symgrad.desk.weave.syntax import syntax_of
    >>> cell = {"cell_type": "markdown", "source": ["a <!-- symgrad: power 2 3 --><!-- symgrad: end -->"]}
    >>> woven = weave_notebook(
    ...     json.dumps({"cells": [cell]}), syntax_of(Path("a.ipynb")), "a.ipynb", Place(Path("."), Path("."))
    ... )
    >>> json.loads(woven.text)["cells"][0]["source"]
    ['a <!-- symgrad: power 2 3 -->$8$<!-- symgrad: end -->']
    """
    try:
        notebook = json.loads(text)
        cells = notebook["cells"]
        assert isinstance(cells, list)
    except (ValueError, RecursionError, KeyError, TypeError, AssertionError):
        raise ReadError(f"{file} is no notebook", todo="give a notebook of format 4, as Jupyter writes it") from None
    woven = Woven(text)
    changed = False
    for number, cell in enumerate(cells, start=1):
        source = _source(cell)
        if source is None:
            continue
        inner = weave_text(source, syntax, f"{file}, cell {number}", place)
        woven.passages += inner.passages
        woven.notes += inner.notes
        woven.pictures |= inner.pictures
        if inner.text != source:
            cell["source"] = inner.text.splitlines(keepends=True) if isinstance(cell["source"], list) else inner.text
            changed = True
    if changed:
        woven.text = _written(text, notebook)
    return woven


def _source(cell: Any) -> str | None:
    """Return the text of a Markdown cell; None for another."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "markdown":
        return None
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return "".join(lines) if all(isinstance(line, str) for line in lines) else None


def _written(text: str, notebook: Any) -> str:
    """Write a notebook as its file was written, so that nothing differs but the cells."""
    end = text[len(text.rstrip()) :]
    original = json.loads(text)
    ways = ((indent, ascii_) for indent, ascii_ in WRITTEN if _dumped(original, indent, ascii_) == text.rstrip())
    indent, ascii_ = next(ways, WRITTEN[0])
    return _dumped(notebook, indent, ascii_) + end


def _dumped(notebook: Any, indent: int | str | None, ascii_: bool) -> str:
    return json.dumps(notebook, indent=indent, ensure_ascii=ascii_)
