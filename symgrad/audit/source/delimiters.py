r"""Mathematics between delimiters: $, $$, \(, \[ and the environments of LaTeX, in time linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symgrad.audit.source.document import Excerpt

ENVIRONMENTS = frozenset(
    name + star
    for name in (
        ["align", "alignat", "dmath", "displaymath", "eqnarray", "equation", "flalign", "gather", "math", "multline"]
    )
    for star in ("", "*")
)
_OPEN = re.compile(r"\\\\[(\[]|\\[\\$()\[\]]|\\begin\{([a-z]+\*?)\}|\$\$?")
_DOLLAR = re.compile(r"(?<!\\)\$")
_BLANK = re.compile(r"\n[ \t]*(?=\n)|\Z")
_ALONE = re.compile(r"^[ \t]*\$\$[ \t]*$", re.MULTILINE)
_WRITTEN = re.compile(r"[\\^_=<>≈]")
_WORD = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}")
_DEFINES = re.compile(r"\\(?:(?:re)?newcommand|def|let|DeclareMathOperator)\b")
CLOSING = {"$$": "$$", r"\(": r"\)", r"\[": r"\]", r"\\(": r"\\)", r"\\[": r"\\]"}


class _Ahead:
    """The next place of each string or pattern; each is searched for once, however often it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, int] = {}

    def find(self, what: str, at: int) -> int:
        """Return the first place of a string from ``at`` on; the end of the text where there is none."""
        if self._known.get(what, -1) < at:
            place = self._text.find(what, at)
            self._known[what] = len(self._text) if place < 0 else place
        return self._known[what]

    def match(self, pattern: re.Pattern[str], at: int) -> int:
        """Return the start of the first match from ``at`` on; the end of the text where there is none."""
        if self._known.get(pattern.pattern, -1) < at:
            found = pattern.search(self._text, at)
            self._known[pattern.pattern] = found.start() if found else len(self._text)
        return self._known[pattern.pattern]


def delimited(text: str, tex: bool = False) -> Iterator[Excerpt]:
    r"""Yield the formulas of a text; ``tex``: it is LaTeX, where a dollar is never money.

    A delimiter that is not closed before the next blank line is no delimiter; but a display that is left open is
    taken to reach to the end of its paragraph.

    >>> [f.text for f in delimited(r"$a$ costs $5 or \$6, \(b\) and \[c\]")]
    ['a', 'b', 'c']
    >>> [f.text for f in delimited(r"\begin{align}a &= b\\ &= c\end{align}")]
    ['a &= b\\\\ &= c']
    """
    ahead, at = _Ahead(text), 0
    while found := _OPEN.search(text, at):
        formula, at = _formula(text, found, ahead, tex)
        if formula and formula.text.strip() and not _DEFINES.search(formula.text):
            yield formula


def _formula(text: str, found: re.Match[str], ahead: _Ahead, tex: bool) -> tuple[Excerpt | None, int]:
    """Return the formula that a delimiter opens, if it does, and where to read on."""
    opening, begin = found[0], found.end()
    blank = ahead.match(_BLANK, begin)
    if found[1]:
        closing = rf"\end{{{found[1]}}}"
        if found[1] not in ENVIRONMENTS or (end := ahead.find(closing, begin)) == len(text):
            return None, begin
        return Excerpt(begin, end, text[begin:end], "display"), end + len(closing)
    if opening == "$":
        end = ahead.match(_DOLLAR, begin)
        if end >= blank or not (tex or _closes(text, begin, end)):
            return None, begin
        return Excerpt(begin, end, text[begin:end]), end + 1
    if opening not in CLOSING or (tex and opening.startswith("\\\\")):
        return None, begin
    closing = CLOSING[opening]
    end = ahead.find(closing, begin)
    if opening == "$$" and end >= blank and _alone(text, found.start()):
        alone = ahead.match(_ALONE, begin)
        return (Excerpt(begin, alone, text[begin:alone], "display"), end + 2) if alone < len(text) else (None, begin)
    if end >= blank and opening in (r"\[", r"\\["):
        end = min(blank, ahead.find("$$", begin))
        return Excerpt(begin, end, text[begin:end], "display"), end + 2 * text.startswith("$$", end)
    if end >= blank:
        return None, begin
    kind = "inline" if closing.endswith(")") else "display"
    return Excerpt(begin, end, text[begin:end], kind), end + len(closing)


def _closes(text: str, begin: int, end: int) -> bool:
    """Tell whether a dollar closes the one before ``begin``, as Pandoc has it, or what stands between is a formula."""
    spaces = text[begin : begin + 1].isspace(), text[end - 1 : end].isspace()
    if any(spaces) and "\n" not in text[begin:end] and _WRITTEN.search(text, begin, end):
        return spaces[0] == spaces[1] or not _WORD.search(text, begin, end)
    return end > begin and not any(spaces) and not text[end + 1 : end + 2].isdigit()


def _alone(text: str, at: int) -> bool:
    """Tell whether $$ is all that stands in its line."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    rest = text.find("\n", at)
    return not line.strip() and not text[at + 2 : rest if rest >= 0 else len(text)].strip()
