r"""A document as LaTeX: a snippet with align environments, or a file of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from symgrad.export.latex_math import SIGNS, compact_latex, factor_space, math_latex
from symgrad.export.latex_words import escaped, prose
from symgrad.export.lines import FACTOR, SIGN, Line, Piece, broken
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Steps, Text
from symgrad.export.width import BINARY, piece_width, width

PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath,amssymb}
\usepackage[margin=30mm]{geometry}
\allowdisplaybreaks
\begin{document}
"""
END = "\\end{document}\n"

LINE = 32.5
"""Room on a line, in em: the text of LaTeX's article class on A4 at 11pt is 32.9 em wide."""

_INDENT = 2.3
_LABEL = 4.0
"""Room that is left for an equation's number."""
_LEFT_AT_MOST = 10.0
"""A left side that is wider stands on a line of its own."""


def latex(document: Document) -> str:
    """Return a document as LaTeX, without a preamble.

    It needs amsmath, and amssymb for ``\\oslash`` in a document with elementwise quotients.
    """
    return "\n".join(_parts(list(group)) for _, group in groupby(document.parts, key=_is_display)) + "\n"


def latex_file(document: Document, _: str = "") -> str:
    """Return a document as a file that pdflatex takes."""
    return f"{PREAMBLE}\n{latex(document)}{END}"


def _is_display(part: Part) -> bool:
    return isinstance(part, Display)


def _parts(parts: list[Part]) -> str:
    displays = [p for p in parts if isinstance(p, Display)]
    return align(displays) if displays else "\n\n".join(map(_part, parts))


def _part(part: Part) -> str:
    match part:
        case Heading(words, level):
            return f"\\{'sub' * (level - 1)}section*{{{prose(words)}}}"
        case Listing(lines):
            return "\n".join(f"\\noindent\\texttt{{{escaped(line)}}}\\\\" for line in lines.splitlines())
        case Text():
            return "".join(prose(x) if isinstance(x, str) else f"${math_latex(x)}$" for x in part.items)
        case Comment(lines):
            return "\n".join(f"% {line}" for line in lines.splitlines())
    raise TypeError(f"not a part: {part!r}")


def align(displays: list[Display]) -> str:
    """Set equations one below the other, aligned at their relations; a label stands beside its equation."""
    lines = []
    for d in displays:
        first, *others = rows(d, displays)
        lines += [first + (f" {tag(d.label)}\\label{{{d.name or label(d.label)}}}" if d.label else ""), *others]
    body = " \\\\\n".join("    " + line for line in lines)
    return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"


def tag(words: str) -> str:
    """Return the number of an equation, as it stands beside it."""
    return rf"\tag{{{escaped(words)}}}"


def aligned(displays: list[Display]) -> str:
    """Set equations in ``aligned``: bare LaTeX that stands inside another display, or in a notebook."""
    body = " \\\\\n".join(line for d in displays for line in rows(d, displays))
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def rows(d: Display, displays: list[Display]) -> list[str]:
    """Return the lines of one equation, each with its &; for which steps it holds stands behind it."""
    if not d.steps:
        return _rows(d, displays)
    room = LINE - sum(map(_steps_width, d.steps))
    lines = _rows(replace(d, steps=()), displays)
    fits = len(lines) == 1 and width(d.left) + BINARY + width(d.right) <= room
    return [f"{lines[0]} {steps(d)}"] if fits else [*lines, f"&{steps(d)}"]


def steps(d: Display) -> str:
    r"""Return for which steps an equation holds: \qquad \text{for } l = L-1, \ldots, 1."""
    ranges = [f"{math_latex(s.symbol)} = {compact_latex(s.first)}, \\ldots, {compact_latex(s.last)}" for s in d.steps]
    return r"\qquad \text{for } " + r" \text{ and } ".join(ranges) if ranges else ""


def _steps_width(s: Steps) -> float:
    return 7.0 + width(s.symbol) + width(s.first) + width(s.last)


def _rows(d: Display, displays: list[Display]) -> list[str]:
    relation = SIGNS.get(d.relation, d.relation)
    room = LINE - (_LABEL if d.label else 0)
    if len(displays) == 1 and width(d.left) + BINARY + width(d.right) <= room:
        return [f"{math_latex(d.left)} &{relation} {math_latex(d.right)}"]
    wide = [width(x.left) for x in displays]
    left = max([w + BINARY for w in wide if w <= _LEFT_AT_MOST], default=0.0)
    lines = broken(d.right, room - max(left, BINARY) - _INDENT, piece_width)
    if width(d.left) > _LEFT_AT_MOST:
        first, *others = broken(d.left, room - left, piece_width)
        right = [rf"&\quad {relation} {_line(lines[0])}", *map(_continued, lines[1:])]
        return [f"&{_line(first)}", *map(_continued, others), *right]
    return [f"{math_latex(d.left)} &{relation} {_line(lines[0])}", *map(_continued, lines[1:])]


def label(words: str) -> str:
    """Return a label without what LaTeX would read as a command."""
    return "".join(c if c.isascii() and (c.isalnum() or c in ":-.") else "-" for c in words)


def _continued(line: Line) -> str:
    begin = {FACTOR: r"\qquad {}\cdot ", SIGN: r"\quad {}"}.get(line[0].joint, r"\quad ")
    return f"&{begin}{_line(line)}"


def _line(line: Line) -> str:
    return "".join((_space(p) if i else "") + math_latex(p.math) for i, p in enumerate(line))


def _space(p: Piece) -> str:
    return factor_space(p.math) if p.joint == FACTOR else " " if p.joint == SIGN else ""
