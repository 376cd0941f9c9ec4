"""A drawing as TikZ, with labels as LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from symgrad.draw.geometry import Point, is_straight, segments
from symgrad.export.latex_math import math_latex
from symgrad.export.math import Math
from symgrad.export.style import plain

if TYPE_CHECKING:
    from symgrad.draw.drawing import Arrow, Drawing, Label, Node

HEAD = r"""\begin{tikzpicture}[x=1pt, y=-1pt, >=stealth, line width=0.5pt,
  every node/.style={inner sep=0pt, outer sep=0pt, font=\fontsize{10}{12}\selectfont},
  round/.style={draw, fill=white, rounded corners=#1}, round/.default=10pt,
  box/.style={draw, fill=black!5, rounded corners=2.5pt},
  frame/.style={draw=black!60, densely dashed, rounded corners=7pt},
  reads/.style={->, draw=black!60},
  path/.style={->, draw={rgb,255:red,179;green,64;blue,31}, line width=1.3pt},
  factor/.style={text={rgb,255:red,179;green,64;blue,31}}]"""


def drawing_tikz(drawing: Drawing, macros: bool = True) -> str:
    """Return a drawing as a tikzpicture, which needs TikZ and no library of it. macros: see ``Drawing.tikz``."""
    latex = math_latex if macros else lambda m: math_latex(plain(m))
    lines = [HEAD]
    lines += [_shape(n, latex) for n in drawing.nodes if n.shape == "frame"]
    lines += [_arrow(a) for a in sorted(drawing.arrows, key=lambda a: a.marked)]
    lines += [_shape(n, latex) for n in drawing.nodes if n.shape != "frame"]
    lines += [_label(m, latex) for m in drawing.labels]
    return "\n".join([*lines, r"\end{tikzpicture}"]) + "\n"


def _arrow(a: Arrow) -> str:
    style = "path" if a.marked else "reads"
    if not a.head:
        style += ", -"
    if is_straight(a.path):
        way = f"{_p(a.path[0])} -- {_p(a.path[-1])}"
    else:
        curves = [f".. controls {_p(b)} and {_p(c)} .. {_p(d)}" for _, b, c, d in segments(a.path)]
        way = " ".join([_p(a.path[0]), *curves])
    return rf"  \draw[{style}] {way};"


def _shape(n: Node, latex: Callable[[Math], str]) -> str:
    place = f"at ({n.x:.1f}, {n.y:.1f})"
    size = f"minimum width={n.width:.1f}pt, minimum height={n.height:.1f}pt"
    if n.shape == "dots":
        across = n.width > n.height
        dots = [(4.5 * k, 0.0) if across else (0.0, 4.5 * k) for k in (-1, 0, 1)]
        return "\n".join(rf"  \fill ({n.x + x:.1f}, {n.y + y:.1f}) circle (0.9pt);" for x, y in dots)
    style = {"round": f"round={n.height / 2 - 0.1:.1f}pt, {size}", "box": f"box, {size}", "frame": f"frame, {size}"}
    style["operation"] = style["round"]
    label = f"${latex(n.label)}$" if n.label is not None else ""
    return rf"  \node[{style.get(n.shape, '')}] {place} {{{label}}};"


def _label(m: Label, latex: Callable[[Math], str]) -> str:
    words = r",\ ".join(map(latex, m.maths))
    return rf"  \node[{'factor' if m.marked else ''}] at ({m.x:.1f}, {m.y:.1f}) {{${words}$}};"


def _p(p: Point) -> str:
    return f"({p[0]:.1f}, {p[1]:.1f})"
