"""A drawing as SVG that stands alone: shapes, arrows, and labels as text with their indices."""

from __future__ import annotations

from html import escape
from math import hypot
from typing import TYPE_CHECKING

from symgrad.draw.geometry import Path, Point, is_straight, segments
from symgrad.draw.labels import SIZE, tspans

if TYPE_CHECKING:
    from symgrad.draw.drawing import Arrow, Drawing, Label, Node

INK, GREY, MARKED, SHADE = "#1a1a1a", "#6b6b6b", "#b3401f", "#f1f1f1"
THIN, BROAD = 0.6, 1.4
"""Points: of lines, and of those on a marked path."""
TIP = 4.6
"""The length of the tip of an arrow."""
FONTS = "Latin Modern Roman, Latin Modern Math, STIX Two Text, STIX Two Math, Times New Roman, serif"


def drawing_svg(drawing: Drawing) -> str:
    """Return a drawing as SVG, in points: it prints as large as its letters are set, 10 pt."""
    w, h = f"{drawing.width:.1f}", f"{drawing.height:.1f}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}pt" height="{h}pt" role="img" '
        f'font-family="{FONTS}" font-size="{SIZE:g}" text-anchor="middle" fill="{INK}">',
        f"<title>{escape(drawing.title)}</title>",
        f"<desc>{escape(drawing.description)}</desc>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    lines += [_shape(n) for n in drawing.nodes if n.shape == "frame"]
    lines += [_arrow(a) for a in sorted(drawing.arrows, key=lambda a: a.marked)]
    lines += [_shape(n) for n in drawing.nodes if n.shape != "frame"]
    lines += [_label(m) for m in drawing.labels]
    return "\n".join([*lines, "</svg>"]) + "\n"


def tip(path: Path, marked: bool) -> tuple[Path, tuple[Point, Point, Point]]:
    """Return a path that ends where its tip begins, and the corners of the tip."""
    end, before = path[-1], next(p for p in reversed(path[:-1]) if hypot(p[0] - path[-1][0], p[1] - path[-1][1]) > 1e-6)
    length = TIP + (1.0 if marked else 0.0)
    far = hypot(end[0] - before[0], end[1] - before[1])
    ux, uy = (end[0] - before[0]) / far, (end[1] - before[1]) / far
    back = end[0] - ux * length, end[1] - uy * length
    half = length * 0.36
    corners = (end, (back[0] - uy * half, back[1] + ux * half), (back[0] + uy * half, back[1] - ux * half))
    return (*path[:-1], (end[0] - ux * length * 0.8, end[1] - uy * length * 0.8)), corners


def _arrow(a: Arrow) -> str:
    colour, stroke = (MARKED, BROAD) if a.marked else (GREY, THIN)
    path, corners = tip(a.path, a.marked) if a.head else (a.path, ())
    shown = f"M{_p(path[0])}"
    if is_straight(path):
        shown += f"L{_p(path[-1])}"
    else:
        shown += "".join(f"C{_p(b)} {_p(c)} {_p(d)}" for _, b, c, d in segments(path))
    head = f'<path d="M{"L".join(map(_p, corners))}Z" fill="{colour}"/>' if corners else ""
    return f'<path d="{shown}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>{head}'


def _shape(n: Node) -> str:
    place = f'x="{n.x - n.width / 2:.1f}" y="{n.y - n.height / 2:.1f}" width="{n.width:.1f}" height="{n.height:.1f}"'
    line = f'stroke="{INK}" stroke-width="{THIN}"'
    shown = ""
    if n.shape in ("round", "operation"):
        shown = f'<rect {place} rx="{n.height / 2:.1f}" fill="white" {line}/>'
    elif n.shape == "box":
        shown = f'<rect {place} rx="2.5" fill="{SHADE}" {line}/>'
    elif n.shape == "frame":
        shown = f'<rect {place} rx="7" fill="none" stroke="{GREY}" stroke-width="{THIN}" stroke-dasharray="3 2"/>'
    elif n.shape == "dots":
        across = n.width > n.height
        for k in (-1, 0, 1):
            x, y = (n.x + 4.5 * k, n.y) if across else (n.x, n.y + 4.5 * k)
            shown += f'<circle cx="{x:.1f}" cy="{y:.1f}" r="0.9"/>'
    if n.label is not None:
        shown += f'<text x="{n.x:.1f}" y="{n.y + 3.2:.1f}">{tspans(n.label)}</text>'
    return shown


def _label(m: Label) -> str:
    colour = f' fill="{MARKED}"' if m.marked else ""
    return f'<text x="{m.x:.1f}" y="{m.y + 3.0:.1f}"{colour}>{tspans(*m.maths)}</text>'


def _p(p: Point) -> str:
    return f"{p[0]:.1f} {p[1]:.1f}"
