"""A drawing as data: shapes, arrows and labels with their places in points, each with the quantities it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from symgrad.draw.geometry import Box, Path, moved
from symgrad.errors import SymgradError
from symgrad.export.math import Math


@dataclass(frozen=True)
class Node:
    """One or several quantities at (x, y), each computed from the one before it: (a[1], s[1]) in one circle.

    shape: "round" a circle, or an oval around a longer label; "box"; "plain" a label alone, what nothing computes;
    "operation" a small circle with a sign; "dots" for what is left out; "frame" a box behind others.
    """

    keys: tuple[str, ...]
    label: Math | None
    x: float
    y: float
    width: float
    height: float
    shape: str = "round"

    @property
    def key(self) -> str:
        """The last of its quantities."""
        return self.keys[-1]

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        return Box(self.x, self.y, self.width, self.height)


@dataclass(frozen=True)
class Arrow:
    """start is read by the equation of end; ``marked``: it lies on a path that is highlighted; ``head``: with a tip."""

    start: str
    end: str
    path: Path
    marked: bool = False
    head: bool = True


@dataclass(frozen=True)
class Label:
    """Mathematics at (x, y), with commas between: what the equation of ``end`` reads besides, or an arrow's factor.

    keys: the quantities it names. along: start and end of the arrow that it stands beside.
    """

    maths: tuple[Math, ...]
    x: float
    y: float
    width: float
    height: float
    keys: tuple[str, ...] = ()
    end: str = ""
    along: tuple[str, str] | None = None
    marked: bool = False

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        return Box(self.x, self.y, self.width, self.height)


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a network, in points; the upper left corner is (0, 0)."""

    title: str
    description: str
    width: float
    height: float
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...] = ()

    @property
    def dependences(self) -> frozenset[tuple[str, str]]:
        """Every pair (x, y) of which the drawing says that the equation of y reads x."""
        drawn = {(a.start, a.end) for a in self.arrows if a.start and a.end}
        drawn |= {(key, m.end) for m in self.labels if m.end for key in m.keys}
        return frozenset(drawn.union(*(pairwise(n.keys) for n in self.nodes if n.shape != "frame")))

    def svg(self) -> str:
        """Return the drawing as SVG; the same drawing gives the same text.

        >>> from symgrad.network.read import read_network
        >>> from symgrad.draw.network import draw
        >>> draw(read_network("C = w*x")).svg()[:4]
        '<svg'
        """
        from symgrad.draw.svg import drawing_svg

        return drawing_svg(self)

    def tikz(self, macros: bool = True) -> str:
        """Return the drawing as a tikzpicture. macros: with the commands of the notation, which the page defines."""
        from symgrad.draw.tikz import drawing_tikz

        return drawing_tikz(self, macros)

    def typst(self) -> str:
        """Return the drawing as Typst, without a package: placed shapes, curves and labels."""
        from symgrad.draw.typst import drawing_typst

        return drawing_typst(self)

    def pdf(self) -> bytes:
        """Return the drawing as PDF, a page of its size; needs typst, ``pip install 'symgrad[typst]'``."""
        from symgrad.draw.typst import drawing_pdf

        return drawing_pdf(self)

    def _repr_html_(self) -> str:
        """Show the drawing in a notebook, as the SVG that it is."""
        return self.svg()

    def _repr_pdf_(self) -> bytes | None:
        """Show the drawing in LaTeX; nothing without typst."""
        try:
            return self.pdf()
        except SymgradError:
            return None


def framed(drawing: Drawing, margin: float = 4.0) -> Drawing:
    """Return the drawing moved to where everything lies inside, with a margin on all sides."""
    boxes = [n.box for n in drawing.nodes] + [m.box for m in drawing.labels]
    points = [p for a in drawing.arrows for p in a.path]
    left = min([b.x - b.width / 2 for b in boxes] + [x for x, _ in points]) - margin
    top = min([b.y - b.height / 2 for b in boxes] + [y for _, y in points]) - margin
    right = max([b.x + b.width / 2 for b in boxes] + [x for x, _ in points]) + margin
    bottom = max([b.y + b.height / 2 for b in boxes] + [y for _, y in points]) + margin
    return replace(
        drawing,
        width=right - left,
        height=bottom - top,
        nodes=tuple(replace(n, x=n.x - left, y=n.y - top) for n in drawing.nodes),
        arrows=tuple(replace(a, path=moved(a.path, -left, -top)) for a in drawing.arrows),
        labels=tuple(replace(m, x=m.x - left, y=m.y - top) for m in drawing.labels),
    )
