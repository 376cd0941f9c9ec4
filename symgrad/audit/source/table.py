"""Tables whose columns hold a value and its calculation: | ≈ 57.7 | 1.5^10 | says that the power is about 57.7."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from symgrad.audit.source.blocks import lines
from symgrad.audit.source.document import Excerpt
from symgrad.audit.source.letters import CONSTANTS, letters, put

Cell = tuple[int, str]
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-*:?[ \t]*)*")
_CALCULATION = re.compile(r"\b(?:calculat|comput|formula|expression|working|equation)", re.IGNORECASE)
_VALUE = re.compile(r"\b(?:value|result|magnitude|approx|size|amount|equals|output|answer|total)|[≈=]", re.IGNORECASE)
_DERIVATIVE = re.compile(r"\bderivative\b|'\s*\(|\\prime|\bd\w?/d\w|\\frac\{d", re.IGNORECASE)
_FUNCTION = re.compile(
    r"\b(?:function|formula|definition|equation)\b|^[\s$\\(`]*[fygσ](?:\s*\(\s*[a-z]\s*\))?[\s$\\)`]*$", re.IGNORECASE
)
_BY = re.compile(r"'\s*\(\s*([a-z])\s*\)|/d([a-z])\b")
_FORMULA = re.compile(r"\$([^$]+)\$|\\\((.+)\\\)")
_BARE = re.compile(r"(?:\\(?:approx|sim)\b|[≈~=])?\s*(.*)", re.DOTALL)
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_NUMBER = re.compile(r"[-+−\d\[(]")
_OPENING = re.compile(r"\\begin\{(tabular[x*]?|array|longtable)\}")
_LINE = re.compile(r"(?:\s*\\(?:hline|toprule|midrule|bottomrule|cline\{[^{}]*\})\b)+\s*")
_ROW_END = re.compile(r"\\\\")


def tables(text: str, words: str) -> Iterator[Excerpt]:
    r"""Yield value and calculation of each row of the Markdown tables; ``words`` is the text without code blocks.

    >>> table = "| n | value | calculation |\n|---|---|---|\n| 3 | $\\approx 3.4$ | $1.5^3$ |\n"
    >>> [f.text for f in tables(table, table)]
    ['1.5^3 \\approx 3.4']
    """
    rows: list[list[Cell]] = []
    for start, end in lines(words):
        if words.find("|", start, end) >= 0:
            rows.append([] if _RULE.fullmatch(text, start, end) else _cells(text, start, end))
        elif rows:
            yield from _claims(rows)
            rows = []
    yield from _claims(rows)


def tabulars(text: str) -> Iterator[Excerpt]:
    r"""Yield the same of the tables of a LaTeX text.

    >>> [f.text for f in tabulars(r"\begin{tabular}{ll}Value & Formula\\ 8 & $2^3$\\\end{tabular}")]
    ['2^3 = 8']
    """
    at = 0
    open_ended: set[str] = set()
    while found := _OPENING.search(text, at):
        at = found.end()
        end = -1 if found[1] in open_ended else text.find(rf"\end{{{found[1]}}}", at)
        if end < 0:
            open_ended.add(found[1])
            continue
        rows, start = [], found.end()
        for stop in [*(m.start() for m in _ROW_END.finditer(text, start, end)), end]:
            rows.append(_cells(text, start, stop, "&"))
            start = stop + 2
        yield from _claims([rows[0], [], *rows[1:]])
        at = end


def _cells(text: str, start: int, end: int, between: str = "|") -> list[Cell]:
    """Return the cells of a row, each with the place of its first sign; a bar within $...$ or `...` is none."""
    cells, begin, inside = [], start, ""
    for at in range(start, end):
        sign = text[at]
        if sign in "$`" and text[at - 1 : at] != "\\":
            inside = "" if inside == sign else inside or sign
        elif sign == between and not inside and text[at - 1 : at] != "\\":
            cells.append((begin, text[begin:at]))
            begin = at + 1
    cells.append((begin, text[begin:end]))
    if between == "|":
        cells = cells[1:] if not cells[0][1].strip() else cells
        cells = cells[:-1] if cells and not cells[-1][1].strip() else cells
    return cells


def _claims(rows: Sequence[list[Cell]]) -> Iterator[Excerpt]:
    """Yield the claims below each header, which is the row above a rule."""
    columns: tuple[int, int] | None = None
    slopes: tuple[int, int, str] | None = None
    header: list[str] = []
    for row, below in pairwise([*rows, [(0, "")]]):
        if not below:
            header = [words for _, words in row]
            columns, slopes = _columns(header), _slopes(header)
        elif slopes and row and max(slopes[:2]) < len(row):
            yield from _slope(row[slopes[0]], row[slopes[1]], slopes[2])
        elif columns and row and max(columns) < len(row):
            value, calculation = (row[n] for n in columns)
            yield from _claim(value, calculation[1])
        elif row and len(row) == len(header):
            yield from _evaluated(header, row)


def _evaluated(header: Sequence[str], row: Sequence[Cell]) -> Iterator[Excerpt]:
    """Yield the claims of a row below formulas of a letter that has a column of its own: | n | 2^n |."""
    heads = [_bare(words) for words in header]
    for at, letter in enumerate(heads):
        value = _bare(row[at][1])
        if letters(letter) != {letter} or letter in CONSTANTS or not _PLAIN.fullmatch(value):
            continue
        for head, cell in zip(heads, row, strict=True):
            if head != letter and letters(head) == {letter} and f"{letter}(" not in head:
                yield from _claim(cell, put(head, {letter: value}))


def _columns(header: Sequence[str]) -> tuple[int, int] | None:
    """Return the columns of value and calculation: the value's header says so, or it stands beside the other."""
    right = next((n for n, words in enumerate(header) if _CALCULATION.search(words)), None)
    if right is None:
        return None
    named = [n for n, words in enumerate(header) if n != right and _VALUE.search(words)]
    left = named[0] if named else right - 1 if right else right + 1
    return (left, right) if left < len(header) else None


def _slopes(header: Sequence[str]) -> tuple[int, int, str] | None:
    """Return the columns of a function and of its derivative, and the letter, if the headers say it."""
    derivative = next((n for n, words in enumerate(header) if _DERIVATIVE.search(words)), None)
    if derivative is None:
        return None
    function = next((n for n, words in enumerate(header) if n != derivative and _FUNCTION.search(words)), None)
    by = _BY.search(header[derivative])
    return None if function is None else (function, derivative, (by[1] or by[2]) if by else "")


def _slope(function: Cell, derivative: Cell, letter: str) -> Iterator[Excerpt]:
    """Yield the claim of a row, d/dx sin x = cos x; both cells hold one formula and nothing else."""
    shown = [_FORMULA.fullmatch(words.strip()) for _, words in (function, derivative)]
    if not shown[0] or not shown[1]:
        return
    body, slope = (next(filter(None, m.groups())).rpartition("=")[2].strip() for m in shown if m)
    variable = letter or next((x for x in "xzt" if letters(body) & {x}), "")
    if not variable or variable not in letters(body) or "=" in slope or not slope:
        return
    begin = derivative[0] + len(derivative[1]) - len(derivative[1].lstrip())
    text = rf"\frac{{d}}{{d{variable}}} \left({body}\right) = {slope}"
    yield Excerpt(begin, derivative[0] + len(derivative[1].rstrip()), text, "table")


def _claim(cell: Cell, calculation: str) -> Iterator[Excerpt]:
    """Yield the claim of a row; the entries of a vector that are all the same are one number."""
    start, words = cell
    if rule := _LINE.match(words):
        start, words = start + rule.end(), words[rule.end() :]
    shown, computed = _bare(words), _bare(calculation)
    begin = start + len(words) - len(words.lstrip())
    found = _BARE.fullmatch(shown)
    value = found[1] if found else shown
    if value.startswith("[") and value.endswith("]"):
        entries = {entry.strip() for entry in value[1:-1].split(",")}
        value = entries.pop() if len(entries) == 1 else ""
    if not (_NUMBER.match(value) and computed) or re.search(r"[=≈&]|\\\\", computed):
        return
    relation = r"\approx" if shown != value and shown[:1] in "≈~\\" else "="
    yield Excerpt(begin, start + len(words.rstrip()), f"{computed} {relation} {value}", "table")


def _bare(words: str) -> str:
    r"""Return what a cell holds, without dollars, ticks and \( \)."""
    bare = words.strip().strip("$`").strip()
    return bare.removeprefix(r"\(").removesuffix(r"\)").strip()
