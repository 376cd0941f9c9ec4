"""A drawing while it is made: what stands there already, and what still finds a free place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, radians, sin

from symgrad.draw.drawing import Arrow, Label, Node
from symgrad.draw.geometry import Box, Path, line, meets, sampled
from symgrad.draw.labels import height, width
from symgrad.draw.routes import Shape, beside, edge_of, is_clear
from symgrad.export.math import Math

DIAMETER = 20.0


def shape_of(n: Node) -> Shape:
    """Return the shape of a node, for arrows that end at it."""
    return n.box, n.shape in ("round", "operation")


def node(keys: tuple[str, ...], label: Math, computed: bool, x: float = 0.0, y: float = 0.0) -> Node:
    """Return a node as large as its label: a circle, an oval, or the label alone."""
    wide = width(label)
    if not computed:
        return Node(keys, label, x, y, wide + 3.0, height(label) + 2.0, "plain")
    return Node(keys, label, x, y, DIAMETER if wide <= DIAMETER - 4 else wide + 9.0, DIAMETER, "round")


@dataclass
class Canvas:
    """Nodes, arrows and labels that have a place."""

    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)

    def is_free(self, box: Box, but: Arrow | None = None) -> bool:
        """Tell whether a label may stand in a box."""
        taken = [n.box for n in self.nodes.values() if n.shape != "frame"] + [m.box for m in self.labels]
        wider = Box(box.x, box.y, box.width + 8.0, box.height + 2.0)
        if any(wider.overlaps(b) for b in taken):
            return False
        return not any(meets(a.path, box.grown(1.0)) for a in self.arrows if a is not but)

    def boxes(self, *but: str) -> list[Box]:
        """Return the boxes of nodes, but those of some keys, and of labels."""
        own = [n.box for n in self.nodes.values() if n.shape != "frame" and not set(but).intersection(n.keys)]
        return own + [m.box for m in self.labels]

    def write_along(self, arrow: Arrow, math: Math, keys: tuple[str, ...], marked: bool) -> bool:
        """Put a label beside an arrow where it touches nothing; tell whether there was a place."""
        for box in beside(arrow.path, width(math), height(math) - 2.0):
            if self.is_free(box, arrow):
                along = arrow.start, arrow.end
                label = Label(
                    (math,), box.x, box.y, box.width, box.height, keys, arrow.end if keys else "", along, marked
                )
                self.labels.append(label)
                return True
        return False

    def write_beside(
        self,
        at: Node,
        maths: tuple[Math, ...],
        keys: tuple[str, ...],
        marked: bool,
        angles: Iterable[float],
        far: float,
        end: str,
    ) -> Arrow | None:
        """Put a label at one of some angles from a node, with an arrow to it; return the arrow, None without a place.

        Angles are in degrees, clockwise from the right.
        """
        wide, high = width(*maths) + 2.0, height(*maths)
        shape = shape_of(at)
        for angle in angles:
            ux, uy = cos(radians(angle)), sin(radians(angle))
            reach_x, reach_y = at.width / 2 + far + wide / 2 * abs(ux), at.height / 2 + far + high / 2 * abs(uy)
            box = Box(at.x + ux * reach_x, at.y + uy * reach_y, wide, high)
            path = arrow_from(box, shape)
            if self.is_free(box) and is_clear(path, self.boxes(*at.keys)) and not self._crossed(path):
                label = Label(maths, box.x, box.y, wide, high, keys, end, None, marked)
                arrow = Arrow(keys[0], end, path, marked)
                self.labels.append(label)
                self.arrows.append(arrow)
                return arrow
        return None

    def _crossed(self, path: Path) -> bool:
        points = sampled(path)
        small = [Box(x, y, 3.0, 3.0) for x, y in points[2:-2]]
        return any(meets(a.path, b) for a in self.arrows for b in small)


def arrow_from(box: Box, shape: Shape) -> Path:
    """Return the way from a label to a node."""
    target, _ = shape
    start = edge_of((box, False), (target.x, target.y))
    return line(start, edge_of(shape, (box.x, box.y), 1.0))
