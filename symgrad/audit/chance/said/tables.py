"""Laws of finitely many values, as tables list them: | x | 0 | 1 | 2 | above | P(X = x) | 0.2 | 0.5 | 0.3 |."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from flint import fmpq

from symgrad.audit.chance.said.listed import MOST, as_stated, number
from symgrad.audit.chance.said.stated import Stated
from symgrad.audit.parsed import chains_of

LARGEST = 400_000
"""Characters of a text whose tables are read."""
LONGEST_ROW, LONGEST_ARRAY = 2_000, 8_000
_BAR_ROW = re.compile(r"^[ \t>]*\|?([^\n|]*\|[^\n]*)$", re.MULTILINE)
_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
_OPENING = re.compile(r"\\begin\s*\{(tabular[x*]?|array|longtable)\}(?:\[\w\])?(?:\{[^{}]*\})?\s*\{[^{}]*\}")
_LINES = re.compile(r"\\(?:hline|toprule|midrule|bottomrule|cline\s*\{[^{}]*\}|cmidrule\s*(?:\([^)]*\))?\{[^{}]*\})")
_BARE = re.compile(r"\$|\\[()]|\*\*|\\(?:mathbf|textbf|text|mathrm|textit|bf)(?=\s*\{)|\\(?:displaystyle|quad|[,;! ])")
_P = r"(?:P|\\Pr|\\mathbb\s*\{?\s*P\}?|\\operatorname\s*\{P\}|\{?P\}?)"
_CHANCE = re.compile(
    rf"{_P}\s*(?:\\left)?[(\[\{{]\s*([A-Z](?:_\{{?\w\}}?)?)\s*(?:=\s*\\?\w+(?:_\{{?\w\}}?)?\s*)?(?:\\right)?[)\]\}}]|"
    r"[pf]_\{?([A-Z])\}?\s*\(\s*\w\s*\)|"
    r"[pPf]\s*\(\s*[a-z](?:_\{?\w\}?)?\s*\)|p_\{?[ijk]\}?|[pP]|"
    r"(?i:prob(?:ability|\.)?|probabilities|Wahrscheinlichkeit|W\.?keit|probabilités?|probabilidade?s?)",
)
_VALUE = re.compile(r"(?:[\w#-]+ ){0,4}([xyzuvwXYZUVWNTSk])(?:_\{?[ijk]\}?)?|(?:[\w#-]+ ){0,5}[\w.#-]+")
_LETTER = re.compile(r"(?:[\w#-]+ ){0,4}[xyzuvwXYZUVWNTSk](?:_\{?[ijk]\}?)?")
_TOTAL = re.compile(r"total|sum|summe|somme|suma|soma|\\sum|\\Sigma|Σ|∑", re.IGNORECASE)
CHAPTER = re.compile(r"^#{1,2} |\\(?:chapter|section)\b\*?\{", re.MULTILINE)


class Table(NamedTuple):
    """A law that a table states: the line where the table ends, its chapter, and the law."""

    line: int
    chapter: int
    law: Stated


def laws_in_tables(text: str) -> tuple[Table, ...]:
    r"""Return the laws that the tables of a text state.

    >>> [t.law for t in laws_in_tables("| $x$ | 1 | 5 |\n|---|---|---|\n| $P(X = x)$ | 0.25 | 3/4 |\n")]
    [Stated(letter='X', name='=listed', parameters=('1', '1/4', '5', '3/4'))]
    """
    if len(text) > LARGEST or not ("|" in text or "\\begin" in text):
        return ()
    chapters = [m.start() for m in CHAPTER.finditer(text)]
    found = [
        Table(text.count("\n", 0, end) + 1, bisect_right(chapters, end), law)
        for end, rows in (*_with_bars(text), *_arrays(text))
        if (law := _law(rows))
    ]
    return tuple(sorted(found, key=lambda t: t.line))


def _with_bars(text: str) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield the tables of Markdown: where each ends, and its rows."""
    rows: list[list[str]] = []
    end = -2
    for row in _BAR_ROW.finditer(text):
        if row.start() != end + 1 and rows:
            yield end, rows
            rows = []
        end = row.end()
        if len(row[0]) <= LONGEST_ROW and not _RULE.fullmatch(row[0]):
            rows.append(re.split(r"(?<!\\)\|", row[0].strip(" \t>").strip("|")))
    if rows:
        yield end, rows


def _arrays(text: str) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield the tables and arrays of LaTeX."""
    for opening in _OPENING.finditer(text):
        end = text.find(rf"\end{{{opening[1]}}}", opening.end(), opening.end() + LONGEST_ARRAY)
        if end >= 0:
            body = _LINES.sub(" ", text[opening.end() : end])
            rows = [row.split("&") for row in body.split("\\\\") if row.strip()]
            yield end, rows


def _law(rows: list[list[str]]) -> Stated | None:
    """Return the law that two rows, or two columns, of a table list; None where they list none."""
    table = [[_bare(cell) for cell in row] for row in rows]
    if len({len(row) for row in table}) != 1:
        return None
    return _of_lines(table) or _of_lines([list(column) for column in zip(*table, strict=True)])


def _of_lines(lines: list[list[str]]) -> Stated | None:
    """Return the law of the lines whose heads are a value and its probability; of two, the first may be any words."""
    chances = next((line for line in lines if _CHANCE.fullmatch(line[0])), None)
    rest = [line for line in lines if line is not chances]
    lettered = [line for line in rest if _LETTER.fullmatch(line[0])] or rest
    values = lettered[0] if len(lettered) == 1 else None
    if chances is None or values is None or len(values) < 3:
        return None
    of_value, of_chance = _VALUE.fullmatch(values[0]), _CHANCE.fullmatch(chances[0])
    if of_value is None or of_chance is None or _CHANCE.fullmatch(values[0]):
        return None
    letter = of_chance[1] or of_chance[2] or (of_value[1] or "").upper().replace("K", "")
    pairs = list(zip(values[1:], chances[1:], strict=True))
    if _TOTAL.search(pairs[-1][0]):
        pairs = pairs[:-1]
    read = {x: p for a, b in pairs if (x := _number(a)) is not None and (p := _number(b)) is not None}
    whole = 1 < len(pairs) <= MOST and len(read) == len(pairs) and sum(read.values(), fmpq(0)) == 1
    return as_stated(letter.replace("{", "").replace("}", ""), read.items()) if whole else None


def _bare(cell: str) -> str:
    """Return what a cell holds, without dollars and fonts."""
    bare = _BARE.sub("", cell).strip()
    return bare[1:-1].strip() if bare.startswith("{") and bare.endswith("}") and bare.count("{") == 1 else bare


def _number(cell: str) -> fmpq | None:
    found = chains_of(cell.replace("−", "-").replace("%", r"\%").replace("\\\\%", "\\%"))
    return number(found[0].sides[0].node) if len(found) == 1 and not found[0].relations else None
