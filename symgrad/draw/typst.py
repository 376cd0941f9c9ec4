"""A drawing as Typst, with labels as its mathematics: a block of placed circles, lines and words."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from symgrad.export.typst_math import math_typst

if TYPE_CHECKING:
    from symgrad.draw.drawing import Drawing

STEP_X, STEP_Y, RADIUS, BELOW, MARGIN = 1.9, 2.0, 0.4, 1.2, 0.5
"""Centimetres."""


def drawing_typst(drawing: Drawing) -> str:
    """Return a drawing as Typst: one block, which stands where a figure does."""
    left, top = min(n.x for n in drawing.nodes), min(n.y for n in drawing.nodes)
    column = {n.key: n.x for n in drawing.nodes}
    over = 1.1 if any(column[a.end] - column[a.start] > 1 for a in drawing.arrows) else 0.0
    over = max(over, BELOW if any(b.above for b in drawing.beside) else 0.0)
    at = {n.key: (1.0 + (n.x - left) * STEP_X, MARGIN + over + (n.y - top) * STEP_Y) for n in drawing.nodes}
    width = max(x for x, _ in at.values()) + 1.0
    height = max(y for _, y in at.values()) + MARGIN + (BELOW if drawing.beside else 0.0)
    lines = [f"#block(width: {width:.2f}cm, height: {height:.2f}cm, {{"]
    for b in drawing.beside:
        x, y = at[b.end]
        side = -1 if b.above else 1
        lines += _arrow((x, y + side * (BELOW - 0.05)), (x, y), b.marked, 0.25)
        words = ", ".join(map(math_typst, b.labels))
        lines.append(
            _at(x - 2, y + side * BELOW - 0.25, f"box(width: 4cm, height: 0.5cm, align(center + horizon)[${words}$])")
        )
    for a in sorted(drawing.arrows, key=lambda a: a.marked):
        lines += _arrow(at[a.start], at[a.end], a.marked, RADIUS)
    for n in drawing.nodes:
        x, y = at[n.key]
        inside = f"align(center + horizon)[${math_typst(n.label)}$]"
        size = f"width: {2 * RADIUS}cm, height: {2 * RADIUS}cm"
        shape = (
            f"circle(radius: {RADIUS}cm, fill: white, stroke: 0.5pt, {inside})"
            if n.computed
            else f"box({size}, {inside})"
        )
        lines.append(_at(x - RADIUS, y - RADIUS, shape))
    return "\n".join([*lines, "})"]) + "\n"


def _at(x: float, y: float, what: str) -> str:
    return f"  place(dx: {x:.2f}cm, dy: {y:.2f}cm, {what})"


def _arrow(start: tuple[float, float], end: tuple[float, float], marked: bool, before: float) -> list[str]:
    """Return the line and the head of an arrow; one past a layer is bent around what stands between."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    middle = None
    if dx > STEP_X * 1.5:
        middle = (start[0] + dx / 2, start[1] - 1.5) if abs(dy) < 0.1 else (end[0], start[1])
    ax, ay = (middle[0] - start[0], middle[1] - start[1]) if middle else (dx, dy)
    bx, by = (end[0] - middle[0], end[1] - middle[1]) if middle else (dx, dy)
    ux, uy = bx / hypot(bx, by), by / hypot(bx, by)
    a = start[0] + ax / hypot(ax, ay) * before, start[1] + ay / hypot(ax, ay) * before
    b = end[0] - ux * RADIUS, end[1] - uy * RADIUS
    colour = 'rgb("#b3401f")' if marked else 'rgb("#888888")'
    stroke = f"{1.2 if marked else 0.6}pt + {colour}"
    back = b[0] - ux * 0.16, b[1] - uy * 0.16
    begin = f"curve.move({_point(a)})"
    path = f"curve.quad({_point(middle)}, {_point(back)})" if middle else f"curve.line({_point(back)})"
    wings = (back[0] - uy * 0.07, back[1] + ux * 0.07), (back[0] + uy * 0.07, back[1] - ux * 0.07)
    head = ", ".join(map(_point, (b, *wings)))
    return [f"  place(curve(stroke: {stroke}, {begin}, {path}))", f"  place(polygon(fill: {colour}, {head}))"]


def _point(p: tuple[float, float]) -> str:
    return f"({p[0]:.2f}cm, {p[1]:.2f}cm)"
