"""Markdown, with the forms of MyST, Quarto and Pandoc: blocks by their lines, formulas by their delimiters."""

from __future__ import annotations

import re

from symgrad.audit.source.blocks import Blocks, CodeBlock, lines
from symgrad.audit.source.document import Excerpt

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,}|:{3,})[ \t]*([^`\n]*)$")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_OPTION = re.compile(r"[ \t]*:[\w-]+:.*")
_ROLE = re.compile(r"(?:\{([a-z][a-z0-9_:+-]*)\}|:([a-z][a-z0-9_+-]*):)$")
_BEGIN = re.compile(r"`+|<!--")
COMMENT = ("<!--", "-->")
CODE = frozenset({"code", "code-block", "code-cell", "sourcecode", "mermaid", "raw", "toctree", "eval-rst"})
"""Directives whose text is not words; that of all others is read."""
_LANGUAGES = (
    "bash c cpp css dot go haskell html java javascript js julia latex matlab node octave ojs perl python "
    "python3 r rcpp ruby rust sas scala scheme sh sql stan stata tex tikz ts typescript xml yaml"
)
LANGUAGES = frozenset(_LANGUAGES.split())
"""What stands in braces as the language of a block that is run."""

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
    _take_comments_and_code(blocks)
    return blocks


def _take_fences(blocks: Blocks) -> None:
    """Take fences out: of code with their text, of words (directives, divs) only the lines that open and close them."""
    text, taken = blocks.text, []
    fence, begin, info = "", 0, ""  # of the code or formula that is open
    words: list[str] = []  # fences around words that are open, the outermost first
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
        elif found and not found[2].strip() and (outer := _closed(words, found[1])) is not None:
            del words[outer:]
            taken.append((start, end))
        elif found and _holds_words(found[1], found[2]):
            if found[2].strip():
                words.append(found[1])
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


def _closed(words: list[str], fence: str) -> int | None:
    """Return which of the open fences a bare fence closes: the innermost that it begins with."""
    return next((n for n in range(len(words) - 1, -1, -1) if fence.startswith(words[n])), None)


def _front_matter(text: str, rows: list[tuple[int, int]]) -> int:
    """Return the number of lines that metadata between --- and --- take at the top."""
    if not rows or text[slice(*rows[0])].rstrip() != "---":
        return 0
    ends = (n for n, row in enumerate(rows[1:200], start=2) if text[slice(*row)].rstrip() in ("---", "..."))
    return next(ends, 0)


def _holds_words(fence: str, info: str) -> bool:
    """Tell whether a fence is a directive such as {note}, or a div, whose text is read as any other.

    A language in braces, as {python} or {.python .input}, is code.
    """
    name = _directive(info)
    if fence[0] == ":":
        return name not in CODE | {"math"}
    return bool(name) and name not in CODE | LANGUAGES | {"math"} and name[0].isalpha()


def _directive(info: str) -> str:
    """Return the name in {name}, {name, option} or {.class}; without braces it is empty."""
    inside = info.strip()
    return inside[1:].split("}")[0].replace(",", " ").split(" ")[0].lower() if inside.startswith("{") else ""


def _fenced(blocks: Blocks, info: str, begin: int, end: int) -> None:
    """Keep the text of a fence as a formula or as code."""
    if info.replace(" ", "").startswith("{math}"):
        inside = begin + 1
        while option := _OPTION.match(blocks.text, inside, end):
            inside = option.end() + 1
        if inside < end:
            blocks.formulas.append(Excerpt(inside, end, blocks.text[inside:end], "display"))
        return
    language = info.removeprefix("{").replace("}", " ").replace(",", " ").removeprefix(".").split()
    name = language[1] if len(language) > 1 and language[0] in CODE else language[0] if language else ""
    blocks.listings.append(CodeBlock(begin + 1, blocks.text[begin + 1 : end], name.lower()))


def _take_comments_and_code(blocks: Blocks) -> None:
    """Take comments and inline code out, whichever begins first; the code of a role is a formula.

    A span of code ends at as many ticks as open it; a comment that is not closed is none.
    """
    text, taken, at = blocks.text, [], 0
    begins = list(_BEGIN.finditer(text))
    later: dict[str, list[int]] = {}
    for n in range(len(begins) - 1, -1, -1):
        later.setdefault(begins[n][0], []).append(n)
    end_of_comment = 0
    for n, opening in enumerate(begins):
        candidates = later[opening[0]]
        while candidates and candidates[-1] <= n:
            candidates.pop()
        start, begin = opening.span()
        if start < at:
            continue
        if opening[0] == COMMENT[0]:
            if 0 <= end_of_comment < begin:
                end_of_comment = text.find(COMMENT[1], begin)
            if end_of_comment < 0:
                continue
            blocks.comments.append((start, text[begin:end_of_comment]))
            at = end_of_comment + len(COMMENT[1])
        elif candidates and (end := begins[candidates[-1]].start()) - begin <= LONGEST_SPAN:
            if "\n\n" in text[begin:end]:
                continue
            start = _keep_span(blocks, start, begin, end)
            at = begins[candidates[-1]].end()
        else:
            continue
        taken.append((start, at))
    blocks.take(*taken)


def _keep_span(blocks: Blocks, start: int, begin: int, end: int) -> int:
    """Keep what inline code holds, and return where it begins with its role, if it has one."""
    text = blocks.text
    role = _ROLE.search(text, max(start - 40, 0), start)
    if role and (name := role[1] or role[2]) in ROLES:
        blocks.formulas.append(Excerpt(begin, end, text[begin:end]))
        if ROLES[name]:
            blocks.roles.append((begin, ROLES[name]))
        return role.start()
    if text[begin : begin + 1] != "$" or text[end - 1 : end] != "$":
        blocks.spoken.append((begin, end))
    return start
