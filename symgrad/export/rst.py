"""reStructuredText as Sphinx and docutils read it: equations are math directives, with labels that :eq: finds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.export.latex import aligned, on_one_line
from symgrad.export.latex_math import math_latex
from symgrad.export.latex_words import escaped, scripted
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Math, Part, Text
from symgrad.export.setting import PLAIN, UNLABELLED, Setting
from symgrad.export.style import without_macros
from symgrad.export.words import pieces

_BEFORE, _AFTER = " \n'\"([{<-/:", " \n'\")]}>-/:.,;!?"
"""What may stand at the sides of a role; between it and anything else stands an escaped space, which is not shown."""
_MARKED = re.compile(r"(\(?(\w|\d+)[.)]|[-+•‣⁃]|\.\.)(\s|$)")
"""What would begin a list or a remark."""
_ESCAPED = frozenset("\\*`|_<>")


def rst(document: Document, setting: Setting = PLAIN) -> str:
    """Return a document as reStructuredText.

    >>> from symgrad.export.math import Name
    >>> print(rst(Document((Display(Name("a"), Name("b"), name="eq:a"), Text(("with ", Name("b"), "s."))))))
    .. math::
       :label: eq:a
    <BLANKLINE>
       a = b
    <BLANKLINE>
    with :math:`b`\\ s.
    <BLANKLINE>
    """
    return "\n\n".join(_part(part, setting) for part in without_macros(document).parts) + "\n"


def _part(part: Part, setting: Setting) -> str:
    match part:
        case Heading(words):
            return f".. rubric:: {prose((words,))}"
        case Listing(lines):
            return "::\n\n" + _indented(lines)
        case Display():
            name = part.name if setting.labels != UNLABELLED else ""
            return f".. math::\n{f'   :label: {name}{chr(10)}' if name else ''}\n{_indented(_formula(part))}"
        case Text():
            return prose(part.items)
        case Comment(lines):
            return "..\n" + _indented(lines)
    raise TypeError(f"not a part: {part!r}")


def _indented(lines: str) -> str:
    return "\n".join(f"   {line}" if line.strip() else "" for line in lines.splitlines())


def _formula(d: Display) -> str:
    lines = aligned([d])
    return lines if lines.count("\n") > 2 else on_one_line(d)


def prose(items: tuple[str | Math, ...]) -> str:
    """Set words, with roles for what is mathematics between them.

    >>> print(prose(("w_max | s_2 by *",)))
    w\\_max \\| :math:`s_{2}` by \\*
    """
    shown = ""
    for role, text in _runs(items):
        if not text:
            continue
        if role:
            apart = shown and shown[-1] not in _BEFORE
            shown += ("\\ " if apart else "") + f":math:`{text}`"
        else:
            apart = shown.endswith("`") and text[0] not in _AFTER
            shown += ("\\ " if apart else "") + text
    return ("\\" if _MARKED.match(shown) else "") + shown


def _runs(items: tuple[str | Math, ...]) -> Iterator[tuple[bool, str]]:
    for item in items:
        if isinstance(item, str):
            for piece in pieces(item):
                if isinstance(piece, str):
                    yield from map(_character, piece)
                else:
                    yield True, re.sub(r"\s+", " ", scripted(piece)).strip()
        else:
            yield True, math_latex(item).strip()


def _character(c: str) -> tuple[bool, str]:
    """Return a letter, or a sign such as ∏ as mathematics, which every font of LaTeX has."""
    shown = escaped(c)
    if not c.isascii() and shown.startswith("$"):
        return True, shown.strip("$")
    return False, "\\" + c if c in _ESCAPED else c
