"""The page of a graph: nodes in columns or in places that the indices give, arrows, and what stands beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symgrad.draw.canvas import Canvas, arrow_from, node, shape_of
from symgrad.draw.drawing import Arrow, Label, Node
from symgrad.draw.fixed import Places, fixed_places
from symgrad.draw.geometry import Box, Path
from symgrad.draw.graph import Graph, in_one_group, node_reads, without_weights
from symgrad.draw.labels import height, width
from symgrad.draw.layers import APART, GAP, Layout, Part, layered
from symgrad.draw.routes import STEEPEST, is_clear, straight, through
from symgrad.errors import SymgradError
from symgrad.export.math import Math, Name
from symgrad.export.notation import Notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

BELOW, WEIGHED = 15.0, 21.0
"""Points between a node and what stands below it; with a weight beside the arrow."""
BETWEEN = 9.0
ANGLES = (90.0, 180.0, 270.0, 135.0, 45.0, 225.0, 315.0)
"""Where something may stand beside a node, in degrees clockwise from the right."""
WIDEST = 8.0
"""How much wider the gaps between columns may become, for factors to find room."""


class Along(NamedTuple):
    """What stands along an arrow: a weight with its key, or a factor, which has none."""

    math: Math
    keys: tuple[str, ...] = ()


class Group(NamedTuple):
    """What stands beside a node with one arrow: whose equation reads it, what is written, and what along the arrow."""

    end: str
    keys: tuple[str, ...]
    maths: tuple[Math, ...]
    along: Along | None


class Page:
    """The drawing of one graph in one notation."""

    def __init__(self, network: Network, graph: Graph, notation: Notation, marked: frozenset[str]) -> None:
        self.network, self.graph, self.marked = network, graph, marked
        typesetter = Typesetter(network, notation)
        self.math: dict[str, Math] = {}
        for key, q in graph.found.items():
            label = typesetter.quantity(q)
            self.math[key] = label if width(label) < 90 else Name(key, whole=True)

    def drawn(self) -> Canvas:
        """Return the drawing, in the places that the indices give where everything finds room there, else in layers."""
        widest = max(node(own, self.math[key], True).width for key, own in self.graph.keys.items())
        longest = max([0.0, *(width(m) + 12.0 for m in self.graph.factors.values())])
        return self.fixed(fixed_places(self.network, self.graph, widest, longest)) or self.layered()

    def along(self, start: str, end: str) -> Along | None:
        """Return what stands along an arrow."""
        if (start, end) in self.graph.factors:
            return Along(self.graph.factors[start, end])
        q = self.graph.weights.get((start, end))
        return Along(self.math[str(q)], (str(q),)) if q else None

    def layered(self) -> Canvas:
        """Return the drawing in layers, from left to right; a weight that finds no place stands beside its end."""
        gap, apart = GAP, APART
        while True:
            canvas, crowded, tight = self._in_layers(gap, apart)
            if not crowded and not tight:
                return canvas
            if self.graph.factors or tight:
                gap, apart = gap * 1.06, apart + 5.0
            if gap > WIDEST * GAP:
                raise SymgradError("what stands beside arrows finds no room", todo="draw fewer steps")
            for start in crowded:
                without_weights(self.graph, start)
            for key in tight:
                for end in self.graph.keys[key]:
                    in_one_group(self.graph, end)

    def _in_layers(self, gap: float, apart: float) -> tuple[Canvas, list[str], list[str]]:
        graph, of = self.graph, self.graph.node_of()
        reads = node_reads(graph)
        upper = _upper(layered([Part(k, 20, 10, 10) for k in graph.keys], reads, {}), reads)
        parts = []
        for key, own in graph.keys.items():
            shape = node(own, self.math[key], self._computed(key))
            wide, high = self._group_size(own)
            half = shape.height / 2
            far = half + high if high else half
            up, down = (far, half) if key in upper else (half, far)
            parts.append(Part(key, max(shape.width, wide), up, down))
        named = [(x, y, along) for x, y in graph.edges() if (along := self.along(x, y))]
        layout = layered(parts, reads, {(of[x], of[y]): width(a.math) for x, y, a in named}, gap, apart=apart)
        canvas = Canvas()
        for key, own in graph.keys.items():
            canvas.nodes[key] = node(own, self.math[key], self._computed(key), *layout.at[key])
        tight = [key for key in graph.keys if not self._write_groups(canvas, key, 270.0 if key in upper else 90.0)]
        crowded, arrows = [], []
        for x, y in graph.edges():
            way = self._way(canvas, layout, of[x], of[y])
            arrows.append(Arrow(x, y, way, x in self.marked and y in self.marked))
        canvas.arrows += arrows
        for arrow in arrows:
            if not self._write_along(canvas, arrow, self.along(arrow.start, arrow.end)):
                crowded.append(arrow.start)
        return canvas, crowded, tight

    def _way(self, canvas: Canvas, layout: Layout, x: str, y: str) -> Path:
        start, end = shape_of(canvas.nodes[x]), shape_of(canvas.nodes[y])
        if not layout.lanes[x, y]:
            path = straight(start, end)
            dx, dy = abs(start[0].x - end[0].x), abs(start[0].y - end[0].y)
            if dy <= STEEPEST * dx and is_clear(path, canvas.boxes(x, y)):
                return path
        return through(layout, (x, y), start, end)

    def fixed(self, places: Places | None) -> Canvas | None:
        """Return the drawing with its nodes in given places, or None where not everything finds room."""
        if places is None:
            return None
        graph, of, canvas = self.graph, self.graph.node_of(), Canvas()
        for key, own in graph.keys.items():
            canvas.nodes[key] = node(own, self.math[key], self._computed(key), *places[key])
        for x, y in graph.edges():
            path = straight(shape_of(canvas.nodes[of[x]]), shape_of(canvas.nodes[of[y]]))
            if not is_clear(path, canvas.boxes(of[x], of[y])):
                return None
            canvas.arrows.append(Arrow(x, y, path, x in self.marked and y in self.marked))
        for arrow in list(canvas.arrows):
            if not self._write_along(canvas, arrow, self.along(arrow.start, arrow.end)):
                return None
        alike: dict[str, list[str]] = {}
        for key in graph.keys:
            alike.setdefault(graph.found[key].name, []).append(key)
        for keys in alike.values():
            if not self._write_alike(canvas, keys):
                return None
        return canvas

    def _write_alike(self, canvas: Canvas, keys: list[str]) -> bool:
        """Put what stands beside the steps of one quantity, at the same angle beside all where there is one."""
        number = max(len(self._groups(self.graph.keys[k])) for k in keys)
        for n in range(number):
            before = list(canvas.arrows), list(canvas.labels)
            for angles in (*((a,) for a in ANGLES), ANGLES):
                canvas.arrows, canvas.labels = list(before[0]), list(before[1])
                if all(self._write_group(canvas, k, n, angles) for k in keys):
                    break
            else:
                return False
        return True

    # --- what stands beside a node ---

    def _computed(self, key: str) -> bool:
        return key in self.graph.reads

    def _groups(self, own: tuple[str, ...]) -> list[Group]:
        """Return the groups beside a node."""
        found = []
        for end in own:
            for group, weight in self.graph.beside.get(end, ()):
                keys = tuple(map(str, group))
                maths = tuple(self.math[k] for k in keys)
                along = Along(self.math[str(weight)], (str(weight),)) if weight else self.along(keys[0], end)
                found.append(Group(end, keys, maths, along))
        return found

    def _group_size(self, own: tuple[str, ...]) -> tuple[float, float]:
        """Return how wide and how high what stands below a node is."""
        groups = self._groups(own)
        if not groups:
            return 0.0, 0.0
        weights = [width(g.along.math) for g in groups if g.along]
        far = WEIGHED if weights else BELOW
        wide = max(_row_width(groups), 2 * max(weights, default=0.0) + 8.0)
        return wide + (sum(weights) if len(groups) > 1 else 0.0), far + max(height(*g.maths) for g in groups)

    def _write_groups(self, canvas: Canvas, key: str, angle: float) -> bool:
        groups = self._groups(self.graph.keys[key])
        if len(groups) > 1:
            return self._write_row(canvas, canvas.nodes[key], groups, angle)
        return self._write_group(canvas, key, 0, (angle,))

    def _write_group(self, canvas: Canvas, key: str, n: int, angles: Sequence[float]) -> bool:
        groups = self._groups(self.graph.keys[key])
        if n >= len(groups):
            return True
        g = groups[n]
        arrow = canvas.write_beside(
            canvas.nodes[key], g.maths, g.keys, self._on_path(g), angles, WEIGHED if g.along else BELOW, g.end
        )
        return arrow is not None and self._write_along(canvas, arrow, g.along)

    def _write_along(self, canvas: Canvas, arrow: Arrow, along: Along | None) -> bool:
        if along is None:
            return True
        marked = arrow.marked if not along.keys else arrow.end in self.marked and along.keys[0] in self.marked
        return canvas.write_along(arrow, along.math, along.keys, marked)

    def _on_path(self, g: Group) -> bool:
        own = (*g.keys, *g.along.keys) if g.along else g.keys
        return g.end in self.marked and bool(self.marked.intersection(own))

    def _write_row(self, canvas: Canvas, at: Node, groups: Sequence[Group], angle: float) -> bool:
        """Put several groups side by side below or above a node."""
        far = WEIGHED if any(g.along for g in groups) else BELOW
        side = -1 if angle > 180 else 1
        x = at.x - _row_width(groups) / 2
        made = []
        for g in groups:
            wide, high = width(*g.maths) + 2.0, height(*g.maths)
            box = Box(x + wide / 2, at.y + side * (at.height / 2 + far + high / 2), wide, high)
            x += wide + BETWEEN
            arrow = Arrow(g.keys[0], g.end, arrow_from(box, shape_of(at)), self._on_path(g))
            canvas.arrows.append(arrow)
            canvas.labels.append(Label(g.maths, box.x, box.y, wide, high, g.keys, g.end, None, arrow.marked))
            made.append((arrow, g))
        placed = [self._write_along(canvas, arrow, g.along) for arrow, g in made]
        return all(placed)


def _row_width(groups: Sequence[Group]) -> float:
    return sum(width(*g.maths) + 2.0 for g in groups) + BETWEEN * (len(groups) - 1)


def _upper(layout: Layout, reads: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the nodes that stand highest in a column of several: what is read besides stands above them."""
    columns: dict[int, list[str]] = {}
    for key, n in layout.column.items():
        columns.setdefault(n, []).append(key)
    return {min(own, key=lambda k: layout.at[k][1]) for own in columns.values() if len(own) > 1}
