"""The drawing of a network: its equations, written out for a few steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from symgrad.draw.canvas import Canvas, arrow_from, node, shape_of
from symgrad.draw.drawing import Arrow, Drawing, Label, Node, framed
from symgrad.draw.fixed import Places, fixed_places
from symgrad.draw.geometry import Box, Path
from symgrad.draw.graph import Graph, graph_of, on_paths, without_weights
from symgrad.draw.labels import height, width
from symgrad.draw.layers import Layout, Part, layered
from symgrad.draw.routes import STEEPEST, is_clear, straight, through
from symgrad.draw.written import written_out
from symgrad.errors import SymgradError
from symgrad.export.math import Math, Name
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

VIEWS = ("equations", "units")
BELOW, WEIGHED = 15.0, 21.0
"""Points between a node and what stands below it; with a weight beside the arrow."""
BETWEEN = 9.0
ANGLES = (90.0, 180.0, 270.0, 135.0, 45.0, 225.0, 315.0)
"""Where something may stand beside a node, in degrees clockwise from the right."""


def draw(
    network: Network,
    steps: int | None = None,
    start: str | None = None,
    end: str | None = None,
    notation: str | Notation = "nielsen",
    view: str | None = None,
    ends: Mapping[str, int] | None = None,
) -> Drawing:
    """Return a drawing of a network: x → y where the equation of y reads x, for so many steps or layers.

    start, end: the paths from one quantity to the other are marked. view: "equations", a circle for each, or "units",
    where an activation shares one with what it is of. ends: sizes of families, {"n": 4}.
    Raises SymgradError for a network that is too large, and for a quantity that it does not have.

    >>> from symgrad.network.read import read_builtin
    >>> drawing = draw(read_builtin("chain"), steps=2, start="b[1]", end="C")
    >>> [f"{a.start} -> {a.end}" for a in drawing.arrows if a.marked]
    ['b[1] -> z[1]', 'z[1] -> a[1]', 'a[1] -> z[2]', 'z[2] -> a[2]', 'a[2] -> C']
    """
    depth = steps if steps is not None else (2 if network.grid else 3 if len(network.steps) <= 2 else 1)
    if depth < 1:
        raise SymgradError(f"{depth} steps cannot be drawn", todo="give 1 or more")
    equations = written_out(network, depth, ends)
    units = view == "units" or (view is None and len(network.depths) > 1)
    graph = graph_of(network, equations, units)
    marked = on_paths(graph, start, end) if start is not None and end is not None else frozenset[str]()
    page = Page(network, graph, find_notation(notation), marked)
    canvas = page.fixed(fixed_places(network, graph, page.widest())) or page.layered()
    words = description(network, graph, start, end, marked)
    return framed(
        Drawing(network.name, words, 0, 0, tuple(canvas.nodes.values()), tuple(canvas.arrows), tuple(canvas.labels))
    )


def description(network: Network, graph: Graph, start: str | None, end: str | None, marked: frozenset[str]) -> str:
    """Return what a drawing shows, in words."""
    arrows = "; ".join(f"{y} reads {', '.join(own)}" for y, own in graph.reads.items() if own)
    shown = f"The equations of {network.name} as a graph, an arrow for what each reads: {arrows}."
    return shown + (f" The paths from {start} to {end} are marked." if marked else "")


class Group(NamedTuple):
    """What stands beside a node with one arrow: whose equation reads it, its keys, what is written, its weight."""

    end: str
    keys: tuple[str, ...]
    maths: tuple[Math, ...]
    weight: str | None


class Page:
    """The drawing of one graph in one notation."""

    def __init__(self, network: Network, graph: Graph, notation: Notation, marked: frozenset[str]) -> None:
        self.graph, self.marked = graph, marked
        typesetter = Typesetter(network, notation)
        self.math: dict[str, Math] = {}
        for key, q in graph.found.items():
            label = typesetter.quantity(q)
            self.math[key] = label if width(label) < 90 else Name(key, whole=True)

    def widest(self) -> float:
        """Return the width of the widest node."""
        return max(node(own, self.math[key], True).width for key, own in self.graph.keys.items())

    def layered(self) -> Canvas:
        """Return the drawing in layers, from left to right; a weight that finds no place stands beside its end."""
        while True:
            canvas, crowded = self._in_layers()
            if not crowded:
                return canvas
            for start in crowded:
                without_weights(self.graph, start)

    def _in_layers(self) -> tuple[Canvas, list[str]]:
        graph, of = self.graph, self.graph.node_of()
        reads = _node_reads(graph)
        upper = _upper(layered([Part(k, 20, 10, 10) for k in graph.keys], reads, {}), reads)
        parts = []
        for key, own in graph.keys.items():
            shape = node(own, self.math[key], self._computed(key))
            wide, high = self._group_size(own)
            half = shape.height / 2
            far = half + high if high else half
            up, down = (far, half) if key in upper else (half, far)
            parts.append(Part(key, max(shape.width, wide), up, down))
        weights = {(of[x], of[y]): width(self.math[str(q)]) for (x, y), q in graph.weights.items()}
        layout = layered(parts, reads, weights)
        canvas = Canvas()
        for key, own in graph.keys.items():
            canvas.nodes[key] = node(own, self.math[key], self._computed(key), *layout.at[key])
        for key in graph.keys:
            self._write_groups(canvas, key, 270.0 if key in upper else 90.0)
        crowded = []
        for x, y in graph.edges():
            arrow = Arrow(x, y, self._way(canvas, layout, of[x], of[y]), x in self.marked and y in self.marked)
            canvas.arrows.append(arrow)
        for arrow in list(canvas.arrows):
            q = graph.weights.get((arrow.start, arrow.end))
            if q and not self._write_weight(canvas, arrow, str(q)):
                crowded.append(arrow.start)
        return canvas, crowded

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
            q = graph.weights.get((arrow.start, arrow.end))
            if q and not self._write_weight(canvas, arrow, str(q)):
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
                found.append(Group(end, keys, maths, str(weight) if weight else None))
        return found

    def _group_size(self, own: tuple[str, ...]) -> tuple[float, float]:
        """Return how wide and how high what stands below a node is."""
        groups = self._groups(own)
        if not groups:
            return 0.0, 0.0
        weights = [width(self.math[g.weight]) for g in groups if g.weight]
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
            canvas.nodes[key], g.maths, g.keys, self._on_path(g), angles, WEIGHED if g.weight else BELOW, g.end
        )
        return arrow is not None and self._write_weight(canvas, arrow, g.weight)

    def _write_weight(self, canvas: Canvas, arrow: Arrow, weight: str | None) -> bool:
        if not weight:
            return True
        marked = weight in self.marked and arrow.end in self.marked
        return canvas.write_along(arrow, self.math[weight], (weight,), marked)

    def _on_path(self, g: Group) -> bool:
        own = (*g.keys, g.weight) if g.weight else g.keys
        return g.end in self.marked and bool(self.marked.intersection(own))

    def _write_row(self, canvas: Canvas, at: Node, groups: Sequence[Group], angle: float) -> bool:
        """Put several groups side by side below or above a node."""
        far = WEIGHED if any(g.weight for g in groups) else BELOW
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
        placed = [self._write_weight(canvas, arrow, g.weight) for arrow, g in made]
        return all(placed)


def _row_width(groups: Sequence[Group]) -> float:
    return sum(width(*g.maths) + 2.0 for g in groups) + BETWEEN * (len(groups) - 1)


def _node_reads(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return by computed node the nodes that it reads, in order of computation."""
    of = graph.node_of()
    found: dict[str, dict[str, None]] = {}
    for y, own in graph.reads.items():
        into = found.setdefault(of[y], {})
        into.update(dict.fromkeys(of[x] for x in own if of[x] != of[y]))
    order = [of[y] for y in graph.reads if of[y] == y]
    return {k: tuple(found[k]) for k in order}


def _upper(layout: Layout, reads: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Return the nodes that stand highest in a column of several: what is read besides stands above them."""
    columns: dict[int, list[str]] = {}
    for key, n in layout.column.items():
        columns.setdefault(n, []).append(key)
    return {min(own, key=lambda k: layout.at[k][1]) for own in columns.values() if len(own) > 1}
