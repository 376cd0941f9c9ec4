"""reStructuredText: the role and the directive of mathematics, literal blocks, comments."""

from __future__ import annotations

import re

from symgrad.audit.source.blocks import Blocks, CodeBlock, lines
from symgrad.audit.source.document import Excerpt

_DIRECTIVE = re.compile(r"([ \t]*)\.\.[ \t]+(?:([a-z][\w-]*)::)?[ \t]*(.*)")
_ROLE = re.compile(r":(math|symgrad-check|symgrad-skip):`([^`]{1,2000})`|``([^`\n]{1,1000})``")
_OPTION = re.compile(r"[ \t]*:[\w-]+:.*")
_CODE = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "raw", "plot", "graphviz"})


def rst(text: str) -> Blocks:
    """Take a text in reStructuredText apart; what a directive such as note holds is read as any other words.

    >>> blocks = rst(":math:`a`\\n\\n.. math:: b\\n   c\\n\\n.. symgrad: skip\\n")
    >>> [f.text for f in blocks.formulas], blocks.comments
    (['b\\n   c', 'a'], [(29, 'symgrad: skip')])
    """
    blocks, taken = Blocks(text), []
    rows = list(lines(text))
    at = 0
    while at < len(rows):
        start, end = rows[at]
        found = _DIRECTIVE.fullmatch(text, start, end)
        literal = not found and text[start:end].rstrip().endswith("::")
        at += 1
        comment = bool(found and not found[2] and not found[3].startswith(("_", "[", "|")))
        if not (literal or comment or (found and found[2] in _CODE | {"math"})):
            continue
        body = at
        depth = len(found[1]) if found else _depth(text, start, end)
        while at < len(rows) and (not text[slice(*rows[at])].strip() or _depth(text, *rows[at]) > depth):
            at += 1
        last = rows[at - 1][1]
        if literal:
            _listing(blocks, rows[body:at], "")
            taken.append((end, last))
        elif found and found[2] == "math":
            begin = _past_options(text, rows[body:at], found.start(3)) if not found[3] else found.start(3)
            _displays(blocks, begin, last)
            taken.append((start, last))
        elif found and comment:
            blocks.comments.append((start, text[found.start(3) : last].strip()))
            taken.append((start, last))
        elif found:
            _listing(blocks, rows[body:at], found[3].strip().lower())
            taken.append((start, last))
    blocks.take(*taken)
    _take_roles(blocks)
    return blocks


def _depth(text: str, start: int, end: int) -> int:
    return end - start - len(text[start:end].lstrip())


def _past_options(text: str, rows: list[tuple[int, int]], begin: int) -> int:
    return next((start for start, end in rows if not _OPTION.fullmatch(text, start, end)), begin)


def _listing(blocks: Blocks, rows: list[tuple[int, int]], language: str) -> None:
    if rows:
        blocks.listings.append(CodeBlock(rows[0][0], blocks.text[rows[0][0] : rows[-1][1]], language))


def _displays(blocks: Blocks, begin: int, end: int) -> None:
    """Keep the formulas of one directive; a blank line is between two."""
    for found in re.finditer(r"\S[^\n]*(?:\n[ \t]*\S[^\n]*)*", blocks.text[begin:end]):
        blocks.formulas.append(Excerpt(begin + found.start(), begin + found.end(), found[0], "display"))


def _take_roles(blocks: Blocks) -> None:
    taken = []
    for found in _ROLE.finditer(blocks.text):
        taken.append(found.span())
        if found[1]:
            blocks.formulas.append(Excerpt(found.start(2), found.end(2), found[2]))
            if found[1] != "math":
                blocks.roles.append((found.start(2), found[1].removeprefix("symgrad-")))
        else:
            blocks.spoken.append(found.span(3))
    blocks.take(*taken)
