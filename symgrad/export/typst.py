r"""A document as Typst: a part with displayed equations, or a file of its own.

An equation with a label is one that the author's document refers to as @eq-1; it has the label's words for its number.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from symgrad.export.latex import label
from symgrad.export.lines import FACTOR, SIGN, Line, Piece, broken
from symgrad.export.math import Comment, Display, Document, Heading, Listing, Part, Steps, Text
from symgrad.export.typst_math import compact, factor_space, math_typst, sign
from symgrad.export.typst_words import escaped, paragraph, prose, quoted
from symgrad.export.width import BINARY, piece_width, width

PREAMBLE = """#set document(title: {title})
#set page(paper: "a4", margin: 30mm, numbering: "1")
#set text(font: "New Computer Modern", size: 11pt, lang: "en")
#set par(justify: true)
#set heading(numbering: none)
#show math.equation.where(block: true): set block(breakable: true)
"""

LINE = 32.5
"""Room on a line, in em: on A4 with margins of 30 mm and a text of 11 pt it is 38 em, and a page in a book has less."""

_INDENT = 2.3
_LABEL = 4.0
"""Room that is left for an equation's number."""
_LEFT_AT_MOST = 10.0
"""A left side that is wider stands on a line of its own."""
_STEPS = 7.0
"""Room that "for l = L-1, …, 1" takes besides its letters."""


def typst(document: Document) -> str:
    """Return a document as Typst, without settings.

    >>> from symgrad.export.math import Name
    >>> print(typst(Document((Text(("With ", Name("W_hh"), ":")), Display(Name("x"), Name("sigma"), name="eq:x")))))
    With $W_"hh"$:
    <BLANKLINE>
    $ x = sigma $ <eq:x>
    """
    parts: list[str] = []
    for _, group in groupby(document.parts, key=_is_bare):
        together = list(group)
        displays = [p for p in together if _is_bare(p) and isinstance(p, Display)]
        parts += [equation(displays)] if displays else map(_part, together)
    return "\n\n".join(parts) + "\n"


def typst_file(document: Document, title: str = "") -> str:
    """Return a document as a file that ``typst compile`` takes."""
    return f"{PREAMBLE.format(title=quoted(title))}\n{typst(document)}"


def _is_bare(part: Part) -> bool:
    """Tell whether a part is an equation that stands with those above and below it, as it has no number."""
    return isinstance(part, Display) and not (part.label or part.name)


def _part(part: Part) -> str:
    match part:
        case Display():
            return equation([part])
        case Heading(words, level):
            return f"{'=' * level} {prose(words)}"
        case Listing(lines):
            return listing(lines)
        case Text():
            return paragraph("".join(prose(x) if isinstance(x, str) else f"${math_typst(x)}$" for x in part.items))
        case Comment(lines):
            return "\n".join(f"// {line}" for line in lines.splitlines())
    raise TypeError(f"not a part: {part!r}")


def listing(lines: str) -> str:
    """Return lines of code or equations between backticks."""
    longest = max((len(run) for run in "".join(c if c == "`" else " " for c in lines).split()), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{lines}\n{fence}"


def equation(displays: list[Display]) -> str:
    """Set equations one below the other, aligned at their relations; one with a name can be referred to."""
    lines = [line for d in displays for line in rows(d, displays)]
    body = " \\\n  ".join(lines)
    inside = f"$\n  {body}\n$" if len(lines) > 1 else f"$ {body.replace('&', '', 1)} $"
    words, name = displays[0].label, displays[0].name or label(displays[0].label)
    if words:
        inside = f"#math.equation(block: true, numbering: _ => [({escaped(words)})], {inside})"
    return inside + (f" <{label(name)}>" if name else "")


def rows(d: Display, displays: list[Display]) -> list[str]:
    """Return the lines of one equation, each with its &; for which steps it holds stands behind it."""
    if not d.steps:
        return _rows(d, displays)
    room = LINE - sum(_STEPS + width(s.symbol) + width(s.first) + width(s.last) for s in d.steps)
    lines = _rows(replace(d, steps=()), displays)
    fits = len(lines) == 1 and width(d.left) + BINARY + width(d.right) <= room
    return [f"{lines[0]} {steps(d.steps)}"] if fits else [*lines, f"&{steps(d.steps)}"]


def steps(ranges: tuple[Steps, ...]) -> str:
    """Return for which steps an equation holds: for l = L-1, …, 1."""
    shown = (f"{math_typst(s.symbol)} = {compact(s.first)}, …, {compact(s.last)}" for s in ranges)
    return 'quad quad "for " ' + ' " and " '.join(shown)


def _rows(d: Display, displays: list[Display]) -> list[str]:
    relation = sign(d.relation)
    room = LINE - (_LABEL if d.label else 0)
    if len(displays) == 1 and width(d.left) + BINARY + width(d.right) <= room:
        return [f"{math_typst(d.left)} &{relation} {math_typst(d.right)}"]
    wide = [width(x.left) for x in displays]
    left = max([w + BINARY for w in wide if w <= _LEFT_AT_MOST], default=0.0)
    lines = broken(d.right, room - max(left, BINARY) - _INDENT, piece_width)
    if width(d.left) > _LEFT_AT_MOST:
        first, *others = broken(d.left, room - left, piece_width)
        right = [f"&quad {relation} {_line(lines[0])}", *map(_continued, lines[1:])]
        return [f"&{_line(first)}", *map(_continued, others), *right]
    return [f"{math_typst(d.left)} &{relation} {_line(lines[0])}", *map(_continued, lines[1:])]


def _continued(line: Line) -> str:
    begin = {FACTOR: "quad quad ⋅ ", SIGN: "quad "}.get(line[0].joint, "quad ")
    return f"&{begin}{_line(line)}"


def _line(line: Line) -> str:
    return "".join((_space(p) if i else "") + math_typst(p.math) for i, p in enumerate(line))


def _space(p: Piece) -> str:
    return factor_space(p.math) if p.joint == FACTOR else " "
