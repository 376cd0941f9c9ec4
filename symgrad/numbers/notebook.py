"""Numbers as a notebook shows them: a small table, and what is proved of it in a fold; no script, all text escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

Cells = tuple[str, ...]


def table(caption: str, head: Cells, rows: Iterable[Cells]) -> str:
    """Return a table as HTML.

    >>> print(table("a < b", ("name", "value"), [("x", "1")]))
    <table><caption>a &lt; b</caption><tr><th>name</th><th>value</th></tr><tr><td>x</td><td>1</td></tr></table>
    """
    lines = [_row("th", head)] if head else []
    lines += [_row("td", cells) for cells in rows]
    return f"<table><caption>{escape(caption)}</caption>{''.join(lines)}</table>"


def fold(summary: str, lines: Iterable[str]) -> str:
    """Return lines that a reader unfolds.

    >>> print(fold("proved", ["global; the only one"]))
    <details><summary>proved</summary><ul><li>global; the only one</li></ul></details>
    """
    inside = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<details><summary>{escape(summary)}</summary><ul>{inside}</ul></details>"


def latex_words(words: str) -> str:
    r"""Return a name or a few words as text inside of mathematics.

    >>> print(latex_words("second_moment"))
    \text{second\_moment}
    """
    plain = words.encode("ascii", "replace").decode()
    return rf"\text{{{''.join(_LATEX.get(c, c) for c in plain)}}}"


_LATEX = {c: f"\\{c}" for c in "_%&#{}$"} | {"\\": "/", "^": "", "~": " "}


def _row(kind: str, cells: Cells) -> str:
    return f"<tr>{''.join(f'<{kind}>{escape(cell)}</{kind}>' for cell in cells)}</tr>"
