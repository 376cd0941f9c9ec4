"""Markdown with dollar-delimited mathematics, as MyST, Pandoc and Jupyter read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from symgrad.export.latex import aligned, environments, gathered, label, on_one_line, tag
from symgrad.export.latex_words import escaped
from symgrad.export.markdown_words import paragraph, prose
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Text
from symgrad.export.setting import ALIGN, BARE, GATHER, LATEX, LINE, PLAIN, QUARTO, UNLABELLED, Setting
from symgrad.export.style import without_macros


def markdown(document: Document, setting: Setting = PLAIN) -> str:
    """Return a document as Markdown; a label stands after its equation, as MyST and Quarto have it."""
    return "\n\n".join(_parts(without_macros(document), setting)) + "\n"


def _parts(document: Document, setting: Setting) -> Iterator[str]:
    """Yield paragraphs and equations; those of one environment stand in one block."""
    for displayed, parts in groupby(document.parts, key=lambda p: isinstance(p, Display)):
        if not displayed:
            yield from (_part(p, setting) for p in parts)
            continue
        displays = [p for p in parts if isinstance(p, Display)]
        if setting.labels == LATEX and setting.env != BARE:
            yield environments(displays, setting)
        elif setting.env == BARE:
            yield "\n\n".join(f"${on_one_line(d)}$" for d in displays)
        elif setting.env == LINE:
            yield from (f"$$\n{on_one_line(d)}\n$$" for d in displays)
        elif setting.env in (ALIGN, GATHER):
            yield _block(setting.env, displays, setting)
        else:
            yield from (_equation(d, setting) for d in displays)


def _part(part: Part, setting: Setting) -> str:
    match part:
        case Heading(words, level):
            return f"{'#' * level} {prose([words], setting.signs)}"
        case Listing(lines):
            longest = max((len(run) for run in _ticks(lines)), default=0)
            fence = "`" * max(3, longest + 1)
            return f"{fence}\n{lines}\n{fence}"
        case Text():
            return paragraph(part.items, setting.signs)
        case Comment(lines):
            return "<!--\n" + re.sub("-(?=-)", "- ", lines) + "\n-->"
    raise TypeError(f"not a part: {part!r}")


def _equation(d: Display, setting: Setting) -> str:
    """Set an equation; one with a name is numbered by the reader's MyST, so its number in the source is words."""
    number = rf" \qquad \text{{({escaped(d.label)})}}" if d.label and d.name else f" {tag(d.label)}" if d.label else ""
    return f"$$\n{_display(d)}{number}\n$$" + _name(d.name or label(d.label), setting)


def _block(env: str, displays: list[Display], setting: Setting) -> str:
    """Set several equations as one, which has one label."""
    lines = aligned(displays) if env == ALIGN else gathered(displays)
    return f"$$\n{lines}\n$$" + _name(displays[0].name, setting)


def _name(name: str, setting: Setting) -> str:
    """Return the name of an equation as it stands behind it."""
    if not name or setting.labels == UNLABELLED:
        return ""
    return f" {{#{name}}}" if setting.labels == QUARTO else f" ({name})"


def _display(d: Display) -> str:
    lines = aligned([d])
    if lines.count("\n") > 2:
        return lines
    return on_one_line(d)


def _ticks(lines: str) -> list[str]:
    return "".join(c if c == "`" else " " for c in lines).split()
