"""A drawing as TikZ, with labels as LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symgrad.export.latex_math import math_latex

if TYPE_CHECKING:
    from symgrad.draw.drawing import Drawing

STEP_X, STEP_Y = 1.9, 2.0
"""Centimetres."""


def drawing_tikz(drawing: Drawing) -> str:
    """Return a drawing as a tikzpicture."""
    names = {n.key: f"n{i}" for i, n in enumerate(drawing.nodes)}
    layer = {n.key: n.x for n in drawing.nodes}
    row = {n.key: n.y for n in drawing.nodes}
    lines = [
        r"\begin{tikzpicture}[>=stealth, quantity/.style={circle, draw, fill=white, inner sep=0pt, minimum size=8mm}]"
    ]
    for n in drawing.nodes:
        style = "quantity" if n.computed else "inner sep=2pt"
        place = f"({n.x * STEP_X:.2f}, {-n.y * STEP_Y:.2f})"
        lines.append(rf"  \node[{style}] ({names[n.key]}) at {place} {{${math_latex(n.label)}$}};")
    for b in drawing.beside:
        colour = "red!70!black, thick" if b.marked else "gray"
        words = ",\\ ".join(map(math_latex, b.labels))
        far, side = ("0.95", "above") if b.above else ("-0.95", "below")
        below = rf"({names[b.end]}) -- ++(0, {far}) node[{side}, black, fill=white, inner sep=2pt]"
        lines.append(rf"  \draw[<-, {colour}] {below} {{${words}$}};")
    for a in drawing.arrows:
        side = "right" if row[a.start] > row[a.end] else "left"
        bend = f", bend {side}=50" if layer[a.end] - layer[a.start] > 1 else ""
        colour = "red!70!black, thick" if a.marked else "gray"
        lines.append(rf"  \draw[->, {colour}] ({names[a.start]}) to[{bend.lstrip(', ')}] ({names[a.end]});")
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"
