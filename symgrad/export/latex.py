r"""A document as LaTeX: a snippet with align environments, or a file of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from symgrad.export.latex_math import SIGNS, compact_latex, factor_space, math_latex
from symgrad.export.latex_words import escaped, prose
from symgrad.export.lines import FACTOR, SIGN, Line, Piece, broken
from symgrad.export.math import NOTHING, Comment, Display, Document, Heading, Listing, Part, Steps, Text
from symgrad.export.setting import LATEX, PLAIN, Setting
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
BEGIN = "\\begin{document}\n"
END = "\\end{document}\n"

LINE = 32.5
"""Room on a line, in em: the text of LaTeX's article class on A4 at 11pt is 32.9 em wide."""

_INDENT = 2.3
_LABEL = 4.0
"""Room that is left for an equation's number."""
_LEFT_AT_MOST = 10.0
"""A left side that is wider stands on a line of its own."""


def latex(document: Document, setting: Setting = PLAIN) -> str:
    """Return a document as LaTeX, without a preamble.

    It needs amsmath, and amssymb for ``\\oslash`` in a document with elementwise quotients.
    """
    groups = groupby(document.parts, key=_is_display)
    commands = definitions(document) if setting.macros else ""
    return commands + "\n".join(_parts(list(group), setting) for _, group in groups) + "\n"


def latex_file(document: Document, _: str = "", setting: Setting = PLAIN) -> str:
    """Return a document as a file that pdflatex takes."""
    begin = PREAMBLE.replace(BEGIN, definitions(document) + BEGIN)
    return f"{begin}\n{latex(document, replace(setting, macros=False))}{END}"


def definitions(document: Document) -> str:
    r"""Return the lines that define the commands of a document's notation.

    >>> print(definitions(Document((), (("vh", r"\mathbf{h}"), ("vect", r"\mathbf{#1}")))), end="")
    \newcommand{\vh}{\mathbf{h}}
    \newcommand{\vect}[1]{\mathbf{#1}}
    """
    return "".join(f"\\newcommand{{\\{n}}}{'[1]' if '#1' in d else ''}{{{d}}}\n" for n, d in document.macros)


def _is_display(part: Part) -> bool:
    return isinstance(part, Display)


def _parts(parts: list[Part], setting: Setting) -> str:
    displays = [p for p in parts if isinstance(p, Display)]
    return environments(displays, setting) if displays else "\n\n".join(map(_part, parts))


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


def environments(displays: list[Display], setting: Setting) -> str:
    """Set equations one below the other in the environment that is asked for, each with its label if it has one."""
    match setting.env:
        case "none":
            return "\n".join(map(on_one_line, displays))
        case "line":
            return "\n".join(f"\\begin{{equation*}}\n    {on_one_line(d)}\n\\end{{equation*}}" for d in displays)
        case "equation":
            return "\n".join(_environment("equation", [_whole(d, setting)], [d], setting) for d in displays)
        case "gather":
            return _environment("gather", [_whole(d, setting) for d in displays], displays, setting)
    return align(displays, setting)


def align(displays: list[Display], setting: Setting = PLAIN) -> str:
    """Set equations one below the other, aligned at their relations; a label stands beside its equation."""
    numbered = _is_numbered(displays, setting)
    lines = [[f"{a}&{b}" for a, b in rows(d, displays, numbered)] for d in displays]
    return _environment("align", lines, displays, setting)


def _is_numbered(displays: list[Display], setting: Setting) -> bool:
    return setting.labels == LATEX and any(d.name for d in displays)


def _environment(name: str, lines: list[list[str]], displays: list[Display], setting: Setting) -> str:
    r"""Put the lines of equations into an environment; it numbers them where one has a label, and no other line."""
    numbered = _is_numbered(displays, setting)
    found = []
    for (first, *others), d in zip(lines, displays, strict=True):
        label = _label(d, setting)
        found += [f"{first}{label or (NO_NUMBER if numbered else '')}"]
        found += [f"{line}{NO_NUMBER if numbered else ''}" for line in others]
    star = "" if numbered else "*"
    body = " \\\\\n".join("    " + line for line in found)
    return f"\\begin{{{name}{star}}}\n{body}\n\\end{{{name}{star}}}"


NO_NUMBER = r" \notag"


def _label(d: Display, setting: Setting) -> str:
    """Return the number that an equation has in its source, and the name by which others refer to it."""
    if d.label:
        return rf" {tag(d.label)}\label{{{d.name or label(d.label)}}}"
    return rf" \label{{{d.name}}}" if d.name and setting.labels == LATEX else ""


def _whole(d: Display, setting: Setting) -> list[str]:
    """Return an equation as one line; one that is broken is split over several inside it."""
    lines = rows(d, [d], _is_numbered([d], setting))
    if len(lines) == 1:
        return ["".join(lines[0])]
    body = " \\\\\n".join(f"        {a}&{b}" for a, b in lines)
    return [f"\\begin{{split}}\n{body}\n    \\end{{split}}"]


def on_one_line(d: Display) -> str:
    """Return an equation as mathematics alone, which is not broken; of a right side that stands alone, that."""
    left = f"{math_latex(d.left)} {SIGNS.get(d.relation, d.relation)} " if d.left != NOTHING else ""
    return f"{left}{math_latex(d.right)}{' ' if d.steps else ''}{steps(d)}"


def tag(words: str) -> str:
    """Return the number of an equation, as it stands beside it."""
    return rf"\tag{{{escaped(words)}}}"


def aligned(displays: list[Display]) -> str:
    """Set equations in ``aligned``: bare LaTeX that stands inside another display."""
    body = " \\\\\n".join(f"{a}&{b}" for d in displays for a, b in rows(d, displays))
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def gathered(displays: list[Display]) -> str:
    """Set equations in ``gathered``, each in the middle of its line."""
    body = " \\\\\n".join(line for d in displays for line in _whole(d, PLAIN))
    return f"\\begin{{gathered}}\n{body}\n\\end{{gathered}}"


Cells = tuple[str, str]
"""What stands before the alignment of a line, and behind it."""


def rows(d: Display, displays: list[Display], numbered: bool = False) -> list[Cells]:
    """Return the lines of one equation; for which steps it holds stands behind it."""
    number = _LABEL if d.label or numbered else 0
    if not d.steps:
        return _rows(d, displays, LINE - number)
    room = LINE - sum(map(_steps_width, d.steps)) - number * numbered
    lines = _rows(replace(d, steps=()), displays, LINE - number)
    fits = len(lines) == 1 and width(d.left) + BINARY + width(d.right) <= room
    return [(lines[0][0], f"{lines[0][1]} {steps(d)}")] if fits else [*lines, ("", steps(d))]


def steps(d: Display) -> str:
    r"""Return for which steps an equation holds: \qquad \text{for } l = L-1, \ldots, 1."""
    ranges = [f"{math_latex(s.symbol)} = {compact_latex(s.first)}, \\ldots, {compact_latex(s.last)}" for s in d.steps]
    return r"\qquad \text{for } " + r" \text{ and } ".join(ranges) if ranges else ""


def _steps_width(s: Steps) -> float:
    return 7.0 + width(s.symbol) + width(s.first) + width(s.last)


def _rows(d: Display, displays: list[Display], room: float) -> list[Cells]:
    relation = SIGNS.get(d.relation, d.relation)
    relates = f"{relation} " if relation else ""
    before = f"{math_latex(d.left)} " if d.left != NOTHING else ""
    if len(displays) == 1 and width(d.left) + BINARY + width(d.right) <= room:
        return [(before, f"{relates}{math_latex(d.right)}")]
    wide = [width(x.left) for x in displays]
    left = max([w + BINARY for w in wide if w <= _LEFT_AT_MOST], default=0.0)
    lines = broken(d.right, room - max(left, BINARY) - _INDENT, piece_width)
    if width(d.left) > _LEFT_AT_MOST:
        first, *others = broken(d.left, room - left, piece_width)
        right = [("", rf"\quad {relates}{_line(lines[0])}"), *map(_continued, lines[1:])]
        return [("", _line(first)), *map(_continued, others), *right]
    return [(before, f"{relates}{_line(lines[0])}"), *map(_continued, lines[1:])]


def label(words: str) -> str:
    """Return a label without what LaTeX would read as a command."""
    return "".join(c if c.isascii() and (c.isalnum() or c in ":-.") else "-" for c in words)


def _continued(line: Line) -> Cells:
    begin = {FACTOR: r"\qquad {}\cdot ", SIGN: r"\quad {}"}.get(line[0].joint, r"\quad ")
    return "", f"{begin}{_line(line)}"


def _line(line: Line) -> str:
    return "".join((_space(p) if i else "") + math_latex(p.math) for i, p in enumerate(line))


def _space(p: Piece) -> str:
    return factor_space(p.math) if p.joint == FACTOR else " " if p.joint == SIGN else ""
