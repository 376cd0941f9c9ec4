"""Markdown, with the forms of MyST, Quarto and Pandoc: blocks by their lines, formulas by their delimiters."""

from __future__ import annotations

import re

from symgrad.audit.source.blocks import Blocks, Listing, lines
from symgrad.audit.source.document import Formula

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,}|:{3,})[ \t]*([^`\n]*)$")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_OPTION = re.compile(r"[ \t]*:[\w-]+:.*")
_ROLE = re.compile(r"(?:\{([a-z][a-z0-9_:+-]*)\}|:([a-z][a-z0-9_+-]*):)$")
_TICKS = re.compile(r"`+")
CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "mermaid", "raw", "toctree", "eval-rst"})
"""Directives whose text is not words; that of all others is read."""

LONGEST_SPAN = 1_000
ROLES = {"math": "", "symgrad-check": "check", "symgrad-skip": "skip"}


def markdown(text: str) -> Blocks:
    """Take a Markdown text apart.

    >>> blocks = markdown("a `b` <!-- c --> {math}`d`\\n```python\\ne\\n```\\n")
    >>> blocks.text.split(), [x.text for x in blocks.listings], blocks.comments, blocks.formulas[0].text
    (['a'], ['e\\n'], [(6, ' c ')], 'd')
    """
    blocks = Blocks(text)
    _take_fences(blocks)
    take_comments(blocks, "<!--", "-->")
    _take_code_spans(blocks)
    return blocks


def _take_fences(blocks: Blocks) -> None:
    text, taken = blocks.text, []
    fence, begin, info = "", 0, ""
    rows = list(lines(text))
    first = _front_matter(text, rows)
    if first:
        taken.append((0, rows[first - 1][1]))
    for start, end in rows[first:]:
        found = _FENCE.match(text, start, end)
        if fence:
            if found and found[1].startswith(fence) and not found[2].strip():
                _fenced(blocks, info, begin, start)
                taken.append((begin, end))
                fence = ""
        elif found and (found[1][0] == ":" or _holds_words(found[2])):
            if found[1][0] == ":" and found[2].replace(" ", "") == "{math}":
                fence, begin, info = found[1], end, found[2]
            taken.append((start, end))
        elif found:
            fence, begin, info = found[1], end, found[2].strip()
            taken.append((start, end))
        elif quote := _QUOTE.match(text, start, end):
            taken.append((start, quote.end()))
    if fence:
        _fenced(blocks, info, begin, len(text))
        taken.append((begin, len(text)))
    blocks.take(*taken)


def _front_matter(text: str, rows: list[tuple[int, int]]) -> int:
    """Return the number of lines that metadata between --- and --- take at the top."""
    if not rows or text[slice(*rows[0])].rstrip() != "---":
        return 0
    ends = (n for n, row in enumerate(rows[1:200], start=2) if text[slice(*row)].rstrip() in ("---", "..."))
    return next(ends, 0)


def _holds_words(info: str) -> bool:
    """Tell whether a fence is a directive such as {note}, whose text is read as any other."""
    name = info.strip()
    return name.startswith("{") and "}" in name and name[1 : name.index("}")] not in CODE | {"math"}


def _fenced(blocks: Blocks, info: str, begin: int, end: int) -> None:
    """Keep the text of a fence as a formula or as code."""
    if info.replace(" ", "").startswith("{math}"):
        inside = begin + 1
        while option := _OPTION.match(blocks.text, inside, end):
            inside = option.end() + 1
        if inside < end:
            blocks.formulas.append(Formula(inside, end, blocks.text[inside:end], "display"))
        return
    language = info.removeprefix("{").replace("}", " ").replace(",", " ").removeprefix(".").split()
    name = language[1] if len(language) > 1 and language[0] in CODE else language[0] if language else ""
    blocks.listings.append(Listing(begin + 1, blocks.text[begin + 1 : end], name.lower()))


def take_comments(blocks: Blocks, opening: str, closing: str) -> None:
    """Take the comments out; one that is not closed is none."""
    text, taken, at = blocks.text, [], 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        blocks.comments.append((start, text[start + len(opening) : end]))
        at = end + len(closing)
        taken.append((start, at))
    blocks.take(*taken)


def _take_code_spans(blocks: Blocks) -> None:
    """Take inline code out; that of a role is a formula. A span ends at as many ticks as open it."""
    text, taken, at = blocks.text, [], 0
    ticks = list(_TICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for n in range(len(ticks) - 1, -1, -1):
        later.setdefault(len(ticks[n][0]), []).append(n)
    for n, opening in enumerate(ticks):
        candidates = later[len(opening[0])]
        while candidates and candidates[-1] <= n:
            candidates.pop()
        if opening.start() < at or not candidates:
            continue
        closing = ticks[candidates[-1]]
        begin, end = opening.end(), closing.start()
        if end - begin > LONGEST_SPAN or "\n\n" in text[begin:end]:
            continue
        start = opening.start()
        role = _ROLE.search(text, max(start - 40, 0), start)
        if role and (name := role[1] or role[2]) in ROLES:
            blocks.formulas.append(Formula(begin, end, text[begin:end]))
            if ROLES[name]:
                blocks.roles.append((begin, ROLES[name]))
            start = role.start()
        elif text[begin : begin + 1] != "$" or text[end - 1 : end] != "$":
            blocks.spoken.append((begin, end))
        at = closing.end()
        taken.append((start, at))
    blocks.take(*taken)
