"""A drawing as Typst, with labels as its mathematics: a block of placed shapes, curves and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symgrad.draw.geometry import Point, is_straight, segments
from symgrad.draw.svg import BROAD, GREY, INK, MARKED, SHADE, THIN, tip
from symgrad.errors import SymgradError
from symgrad.export.typst_math import math_typst

if TYPE_CHECKING:
    from symgrad.draw.drawing import Arrow, Drawing, Label, Node


def drawing_typst(drawing: Drawing) -> str:
    """Return a drawing as Typst: one block, which stands where a figure does."""
    lines = [
        f"#block(width: {drawing.width:.1f}pt, height: {drawing.height:.1f}pt, {{",
        f'  set text(size: 10pt, fill: rgb("{INK}"))',
    ]
    for n in drawing.nodes:
        lines += _shape(n) if n.shape == "frame" else []
    for a in sorted(drawing.arrows, key=lambda a: a.marked):
        lines += _arrow(a)
    for n in drawing.nodes:
        lines += _shape(n) if n.shape != "frame" else []
    lines += [_words(m) for m in drawing.labels]
    return "\n".join([*lines, "})"]) + "\n"


def drawing_pdf(drawing: Drawing) -> bytes:
    """Return a drawing as PDF, one page of its size. Raises SymgradError where typst is not installed."""
    try:
        import typst
    except ImportError:
        raise SymgradError("a drawing as PDF needs typst", todo="pip install 'symgrad[typst]'") from None
    page = f"#set page(width: {drawing.width:.1f}pt, height: {drawing.height:.1f}pt, margin: 0pt)\n"
    made: bytes = typst.compile((page + drawing_typst(drawing)).encode(), format="pdf")
    return made


def _shape(n: Node) -> list[str]:
    size = f"width: {n.width:.1f}pt, height: {n.height:.1f}pt"
    x, y = n.x - n.width / 2, n.y - n.height / 2
    if n.shape == "dots":
        across = n.width > n.height
        return [
            _at(
                n.x - 0.9 + (4.5 * k if across else 0),
                n.y - 0.9 + (0 if across else 4.5 * k),
                "circle(radius: 0.9pt, fill: black)",
            )
            for k in (-1, 0, 1)
        ]
    inside = f", align(center + horizon)[${math_typst(n.label)}$]" if n.label is not None else ""
    line = f'stroke: {THIN}pt + rgb("{INK}")'
    look = {
        "round": f"rect({size}, inset: 0pt, radius: {n.height / 2:.1f}pt, fill: white, {line}",
        "box": f'rect({size}, inset: 0pt, radius: 2.5pt, fill: rgb("{SHADE}"), {line}',
        "frame": f'rect({size}, radius: 7pt, stroke: (paint: rgb("{GREY}"), thickness: {THIN}pt, dash: "dashed")',
    }
    look["operation"] = look["round"]
    return [_at(x, y, look.get(n.shape, f"box({size}") + inside + ")")]


def _words(m: Label) -> str:
    words = "$" + ", ".join(map(math_typst, m.maths)) + "$"
    shown = f'text(fill: rgb("{MARKED}"))[{words}]' if m.marked else f"[{words}]"
    wide = m.width + 20.0
    place = f"box(width: {wide:.1f}pt, height: {m.height:.1f}pt, align(center + horizon, {shown}))"
    return _at(m.x - wide / 2, m.y - m.height / 2, place)


def _at(x: float, y: float, what: str) -> str:
    return f"  place(dx: {x:.1f}pt, dy: {y:.1f}pt, {what})"


def _arrow(a: Arrow) -> list[str]:
    """Return the line and the tip of an arrow."""
    colour, stroke = (MARKED, BROAD) if a.marked else (GREY, THIN)
    path, corners = tip(a.path, a.marked) if a.head else (a.path, ())
    if is_straight(path):
        way = [f"curve.line({_p(path[-1])})"]
    else:
        way = [f"curve.cubic({_p(b)}, {_p(c)}, {_p(d)})" for _, b, c, d in segments(path)]
    drawn = f'curve(stroke: {stroke}pt + rgb("{colour}"), curve.move({_p(path[0])}), {", ".join(way)})'
    lines = [_at(0, 0, drawn)]
    if corners:
        lines.append(_at(0, 0, f'polygon(fill: rgb("{colour}"), {", ".join(map(_p, corners))})'))
    return lines


def _p(p: Point) -> str:
    return f"({p[0]:.1f}pt, {p[1]:.1f}pt)"
