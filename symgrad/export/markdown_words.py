"""Words as Markdown: escaped, and what is mathematics in them between dollars, with no sign that a font may lack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from symgrad.export.latex_math import math_latex
from symgrad.export.latex_words import mathematics, scripted
from symgrad.export.math import Math
from symgrad.export.words import pieces

_ESCAPED = frozenset("\\`*_{}[]<>#|$~^@")
_BEGIN = re.compile(r"[-+:%=(](?=\S*)|\w{1,5}(?=[.)](?:\s|$))")
"""What would begin a list, a definition, a remark or a label where it begins a paragraph."""
_INSIDE_A_WORD = re.compile(r"(?<=[^\W_])\\_(?=[^\W_])")
"""An underscore that begins and ends nothing, as in w_max."""
_ENTITY = re.compile(r"&(?=#?\w+;)")
_ATTACHED = re.compile(r"['’]*[\d.]*(?<![.])")
"""A prime behind a letter belongs to it; a digit must not stand behind a dollar."""


def prose(items: Iterable[str | Math], signs: bool = True) -> str:
    r"""Return words, with the mathematics between them, as a part of a paragraph; signs: as of ``Setting``.

    >>> print(prose(["σ'(0) ≥1/4 in w_max, λα of s_2, and 50% of #1"]))
    $\sigma'$(0) $\ge 1$/4 in w_max, $\lambda \alpha$ of $s_{2}$, and 50% of \#1
    """
    shown = ""
    for is_math, text in _joined(items, signs):
        shown += f"${text}$" if is_math else _escaped(text)
    return shown


def paragraph(items: Iterable[str | Math], signs: bool = True) -> str:
    r"""Return words as a paragraph, which is no list and no heading, whatever it begins with.

    >>> print(paragraph(["(1) a + b"]), paragraph(["2. x"]), sep="; ")
    \(1) a + b; 2\. x
    """
    shown = prose(items, signs)
    found = _BEGIN.match(shown)
    if found is None:
        return shown
    return f"\\{shown}" if found[0] in "-+:%=(" else f"{found[0]}\\{shown[found.end() :]}"


def cell(words: str) -> str:
    r"""Return words as a cell of a table.

    >>> print(cell("|w| ≤ 1"))
    \|w\| $\le$ 1
    """
    return " ".join(prose([words]).replace("$|$", r"$\vert$").split())


def _escaped(words: str) -> str:
    marked = "".join("\\" + c if c in _ESCAPED else c for c in words)
    return _ENTITY.sub(r"\\&", _INSIDE_A_WORD.sub("_", marked))


def _joined(items: Iterable[str | Math], signs: bool) -> Iterator[tuple[bool, str]]:
    """Yield words and mathematics in turn: what is mathematics stands together."""
    found: list[tuple[bool, str]] = []
    for is_math, text in _runs(items, signs):
        if found and found[-1][0] and not is_math and (attached := _ATTACHED.match(text)):
            found[-1] = (True, found[-1][1] + _behind(found[-1][1], attached[0].replace("’", "'")))
            text = text[attached.end() :]
        if not text:
            continue
        if found and found[-1][0] == is_math:
            found[-1] = (is_math, found[-1][1] + (_behind(found[-1][1], text) if is_math else text))
        else:
            found.append((is_math, text))
    yield from found


def _behind(before: str, text: str) -> str:
    """Return LaTeX that follows other LaTeX: no command runs into a letter, and nothing has two indices."""
    if text[:1] in ("_", "^") and before.endswith("}"):
        return "{}" + text
    apart = text[:1].isalnum() or text[:1] == "\\"
    return f" {text}" if apart and re.search(r"\\[A-Za-z]+$", before) else text


def _runs(items: Iterable[str | Math], signs: bool) -> Iterator[tuple[bool, str]]:
    for item in items:
        if not isinstance(item, str):
            yield True, math_latex(item).strip()
            continue
        for piece in pieces(item) if signs else (item,):
            if not isinstance(piece, str):
                yield True, scripted(piece).strip() if piece.base else "{}" + scripted(piece).strip()
                continue
            for c in piece:
                found = mathematics(c) if signs else ""
                yield bool(found), found or (" " if c.isspace() else c if c.isprintable() else "")
