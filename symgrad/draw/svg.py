"""A drawing as SVG that stands alone: circles, arrows, and labels with their indices as text."""

from __future__ import annotations

from html import escape
from math import hypot
from typing import TYPE_CHECKING

from symgrad.algebra.greek import LETTERS
from symgrad.export.math import Name
from symgrad.export.names import Split, split
from symgrad.export.text import math_text

if TYPE_CHECKING:
    from symgrad.draw.drawing import Drawing, Node

STEP_X, STEP_Y, RADIUS, MARGIN = 84.0, 92.0, 17.0, 26.0
BELOW = 50.0
"""Distance of a node from what is written below it."""
OVER = 44.0
"""Room for an arrow that passes over a node."""
INK, FAINT, MARKED = "#1b1b1b", "#888888", "#b3401f"
ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7"}


def drawing_svg(drawing: Drawing) -> str:
    """Return a drawing as SVG."""
    left, top = min(n.x for n in drawing.nodes), min(n.y for n in drawing.nodes)
    column = {n.key: n.x for n in drawing.nodes}
    over = OVER if any(column[a.end] - column[a.start] > 1 for a in drawing.arrows) else 0.0
    at = {n.key: (MARGIN + (n.x - left) * STEP_X, MARGIN + over + (n.y - top) * STEP_Y) for n in drawing.nodes}
    widths = {b.end: 0.5 * sum(map(_width, b.labels)) for b in drawing.beside}
    shift = max([0.0, *(w + 4 - at[end][0] for end, w in widths.items())])
    at = {key: (x + shift, y) for key, (x, y) in at.items()}
    width = max([x + MARGIN for x, _ in at.values()] + [at[end][0] + w + 4 for end, w in widths.items()])
    higher = max([0.0, *(BELOW + 18 - at[b.end][1] for b in drawing.beside if b.above)])
    at = {key: (x, y + higher) for key, (x, y) in at.items()}
    height = max([y + MARGIN for _, y in at.values()] + [at[b.end][1] + BELOW + 14 for b in drawing.beside])
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(drawing.title, quote=True)}" '
        'font-family="Latin Modern Math, Cambria Math, STIX Two Math, serif" font-size="15">',
        f"<title>{escape(drawing.title)}</title>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for arrow in sorted(drawing.arrows, key=lambda a: a.marked):
        lines.append(_arrow(at[arrow.start], at[arrow.end], arrow.marked))
    for b in drawing.beside:
        x, y = at[b.end]
        lines.append(_arrow((x, y + (-BELOW - 6 if b.above else BELOW + 4)), (x, y), b.marked))
        words = "<tspan>, </tspan>".join(label(m, lowered=True) for m in b.labels)
        lines.append(
            f'<text x="{x:.1f}" y="{y + (-BELOW + 3 if b.above else BELOW + 5):.1f}" text-anchor="middle" fill="{INK}" '
            f'stroke="white" stroke-width="5" paint-order="stroke">{words}</text>'
        )
    lines += [_node(n, *at[n.key]) for n in drawing.nodes]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _arrow(start: tuple[float, float], end: tuple[float, float], marked: bool) -> str:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = hypot(dx, dy) or 1.0
    ux, uy = dx / far, dy / far
    a = start[0] + ux * RADIUS, start[1] + uy * RADIUS
    b = end[0] - ux * (RADIUS + 1), end[1] - uy * (RADIUS + 1)
    colour, stroke = (MARKED, 1.8) if marked else (FAINT, 1.0)
    back = b[0] - ux * 7, b[1] - uy * 7
    bend = 0.0 if abs(dx) <= STEP_X * 1.5 else 62.0 + 0.06 * far
    if bend:  # past a layer: around what stands between
        cx, cy = (a[0] + b[0]) / 2 + uy * bend, (a[1] + b[1]) / 2 - ux * bend
        if abs(dy) > 1:  # along the row where it begins, and then to the other
            cx, cy = end[0], start[1]
            a = start[0] + RADIUS, start[1]
            b = end[0], end[1] - (RADIUS + 1) * (1 if dy > 0 else -1)
        path = f"M{a[0]:.1f} {a[1]:.1f}Q{cx:.1f} {cy:.1f} {b[0]:.1f} {b[1]:.1f}"
        length = hypot(b[0] - cx, b[1] - cy)
        ux, uy = (b[0] - cx) / length, (b[1] - cy) / length
        back = b[0] - ux * 7, b[1] - uy * 7
    else:
        path = f"M{a[0]:.1f} {a[1]:.1f}L{back[0]:.1f} {back[1]:.1f}"
    wings = f"{back[0] - uy * 3:.1f},{back[1] + ux * 3:.1f} {back[0] + uy * 3:.1f},{back[1] - ux * 3:.1f}"
    head = f'<polygon points="{b[0]:.1f},{b[1]:.1f} {wings}" fill="{colour}"/>'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{stroke}"/>{head}'


def _node(n: Node, x: float, y: float) -> str:
    circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{RADIUS:g}" fill="white" stroke="{INK}"/>' if n.computed else ""
    return f'{circle}<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" fill="{INK}">{label(n.label)}</text>'


def _width(m: Name) -> float:
    """Return about how wide a label is, with the comma behind it."""
    return 14.0 + 6.0 * len("".join(text_of(m)[1:]))


def text_of(m: Name) -> tuple[str, str, str]:
    """Return the letter of a name, what stands below it, and what stands above it."""
    parts = Split(m.base) if m.whole else split(m.base)
    base = LETTERS.get(parts.base, parts.base) + "".join(ACCENTS[a] for a in parts.accents) + "′" * m.primes
    below = ",".join([*parts.sub, *map(math_text, m.below)]).replace(" ", "")
    if m.index is None or m.place == "subscript":
        return base, below, ""
    inside = math_text(m.index).replace(" ", "")
    return base, below, {"bracket": f"[{inside}]", "parenthesis": f"({inside})"}.get(m.place, inside)


def label(m: Name, lowered: bool = False) -> str:
    """Return a name as the text of SVG: its letter slanted, its indices below or above it.

    lowered: what follows stands on the line again.

    >>> label(Name("w_max", Name("j")))
    '<tspan font-style="italic">w</tspan><tspan dy="4" font-size="10">max,j</tspan>'
    """
    base, below, above = text_of(m)
    slant = ' font-style="italic"' if len(base) == 1 else ""
    shown, moved = f"<tspan{slant}>{escape(base)}</tspan>", 0
    for words, to in ((below, 4), (above, -6)):
        if words:
            shown += f'<tspan dy="{to - moved}" font-size="10">{escape(words)}</tspan>'
            moved = to
    return shown + (f'<tspan dy="{-moved}">\u200b</tspan>' if lowered and moved else "")
