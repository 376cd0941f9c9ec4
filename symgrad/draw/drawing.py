"""A drawing of a network as data: nodes with mathematics for labels, and arrows, each a dependence of the model."""

from __future__ import annotations

from dataclasses import dataclass

from symgrad.export.math import Name


@dataclass(frozen=True)
class Node:
    """A quantity at (x, y), in units of the distance of two neighbours; ``computed``: an equation defines it."""

    key: str
    label: Name
    x: float
    y: float
    computed: bool


@dataclass(frozen=True)
class Arrow:
    """start is read by the equation of end, both by their keys; ``marked``: it lies on a path that is highlighted."""

    start: str
    end: str
    marked: bool = False


@dataclass(frozen=True)
class Beside:
    """Parameters and inputs that the equation of ``end`` reads: written below or above it, with one arrow for all.

    What several equations read, as the W of a recurrent network, is written beside each of them.
    """

    end: str
    keys: tuple[str, ...]
    labels: tuple[Name, ...]
    marked: bool = False
    above: bool = False


@dataclass(frozen=True)
class Drawing:
    """Nodes, the arrows between them, and what is read besides."""

    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    beside: tuple[Beside, ...] = ()

    @property
    def dependences(self) -> frozenset[tuple[str, str]]:
        """Every pair (x, y) of which the drawing says that the equation of y reads x."""
        drawn = {(a.start, a.end) for a in self.arrows}
        return frozenset(drawn | {(key, b.end) for b in self.beside for key in b.keys})

    def svg(self) -> str:
        """Return the drawing as SVG; the same drawing gives the same text.

        >>> from symgrad.network.read import read_network
        >>> from symgrad.draw.network import draw
        >>> draw(read_network("C = w*x")).svg()[:4]
        '<svg'
        """
        from symgrad.draw.svg import drawing_svg

        return drawing_svg(self)

    def tikz(self) -> str:
        """Return the drawing as a tikzpicture."""
        from symgrad.draw.tikz import drawing_tikz

        return drawing_tikz(self)

    def typst(self) -> str:
        """Return the drawing as Typst, without a package: placed circles, lines and labels."""
        from symgrad.draw.typst import drawing_typst

        return drawing_typst(self)

    def _repr_svg_(self) -> str:
        """Show the drawing in a notebook."""
        return self.svg()
