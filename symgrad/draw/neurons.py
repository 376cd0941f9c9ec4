"""Layers of neurons: a column of circles for each vector, and a line for each weight between two columns."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from symgrad.algebra.dimension import named, number
from symgrad.algebra.expression import Quantity
from symgrad.algebra.linear_map import Compose, Diagonal, Identity, Scale, Sum
from symgrad.algebra.map_tree import parts as parts_of
from symgrad.calculus.jacobian import local_jacobian
from symgrad.draw.canvas import Canvas, shape_of
from symgrad.draw.drawing import Arrow, Drawing, Label, Node, framed
from symgrad.draw.geometry import Box, line
from symgrad.draw.graph import Graph, graph_of, node_reads, on_paths
from symgrad.draw.labels import height, width
from symgrad.draw.layers import Layout, Part, layered
from symgrad.draw.routes import edge_of, is_clear, through
from symgrad.draw.written import Written, written_out
from symgrad.errors import SymgradError
from symgrad.export.math import Math
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

DIAMETER, PITCH = 12.0, 19.0
"""Points: of a neuron, and from one to the next."""
MOST = 6
"""Neurons of a layer that are drawn; of more the first ones and the last, and dots between."""
APART = 46.0
"""Points between two layers."""


def draw_neurons(
    network: Network,
    steps: int,
    start: str | None = None,
    end: str | None = None,
    notation: str | Notation = "nielsen",
    sizes: Mapping[str, int] | None = None,
) -> Drawing:
    """Return layers of neurons: an activation shares its circles with what it is of.

    sizes: numbers for dimensions, {"n": 4} for every layer, {"n[1]": 5} for one; a layer without a number has dots.
    Raises SymgradError for a network of matrices.

    >>> from symgrad.network.read import read_builtin
    >>> drawing = draw_neurons(read_builtin("mlp"), 2, sizes={"n[0]": 2, "n[1]": 3, "n[2]": 1})
    >>> len([n for n in drawing.nodes if n.shape == "round"]), sum(a.end == "z[1]" for a in drawing.arrows)
    (7, 6)
    """
    equations = written_out(network, steps, sizes)
    graph = graph_of(network, equations, units=True)
    marked = on_paths(graph, start, end) if start is not None and end is not None else frozenset[str]()
    layers = {k: _places(network, graph.found[k], sizes or {}) for k in graph.keys}
    by_target = {str(w.target): w for w in equations}
    page = Layers(network, graph, by_target, layers, Typesetter(network, find_notation(notation)), marked)
    shown = "; ".join(f"{k} {_told(places)}" for k, places in layers.items())
    words = f"The layers of {network.name} as neurons, a line for each weight: {shown}."
    return framed(page.drawing(network.name, words))


def _places(network: Network, q: Quantity, sizes: Mapping[str, int]) -> tuple[bool, ...]:
    """Return what stands in a column: True for a neuron, False for dots."""
    shape = network.shape(q)
    if len(shape) > 1:
        raise SymgradError(f"{q} is a matrix, and no layer of neurons", todo="draw it with --view units, or cell")
    if not shape:
        return (True,)
    dimensions = list(named(shape[0]))
    numbers = {d: sizes.get(str(d), sizes.get(d.name)) for d in dimensions}
    known = {d: n for d, n in numbers.items() if n is not None}
    size = number(shape[0], known) if len(known) == len(dimensions) else MOST + 1
    return (True,) * size if size <= MOST else (True, True, True, False, True)


def _told(places: tuple[bool, ...]) -> str:
    return "with dots" if False in places else f"of {len(places)}"


class Layers:
    """Columns of circles in their places."""

    def __init__(
        self,
        network: Network,
        graph: Graph,
        equations: Mapping[str, Written],
        places: Mapping[str, tuple[bool, ...]],
        write: Typesetter,
        marked: frozenset[str],
    ) -> None:
        self.network, self.graph, self.equations = network, graph, equations
        self.places, self.write, self.marked = places, write, marked

    def drawing(self, title: str, words: str) -> Drawing:
        """Return the drawing."""
        canvas = Canvas()
        layout = self._layout()
        columns = {k: self._column(canvas, k, *layout.at[k]) for k in self.graph.keys}
        for x, y in self.graph.edges():
            canvas.arrows += self._lines(canvas, layout, columns, x, y)
        nodes = [n for own in columns.values() for n in own] + list(canvas.nodes.values())
        return Drawing(title, words, 0, 0, tuple(nodes), tuple(canvas.arrows), tuple(canvas.labels))

    def _lines(self, canvas: Canvas, layout: Layout, columns: Mapping[str, list[Node]], x: str, y: str) -> list[Arrow]:
        """Return a line for each weight, or one arrow for all of them where they would run through something."""
        of, marked = self.graph.node_of(), x in self.marked and y in self.marked
        start, end = columns[of[x]], columns[of[y]]
        pairs = list(zip(start, end, strict=True) if self._is_elementwise(x, y, start, end) else product(start, end))
        neurons = [n for own in columns.values() for n in own]
        labels = [m.box for m in canvas.labels]
        lines: list[Arrow] = []
        for a, b in [] if layout.lanes[of[x], of[y]] else pairs:
            way = line(edge_of(shape_of(a), (b.x, b.y), 0.0), edge_of(shape_of(b), (a.x, a.y), 0.0))
            if not is_clear(way, labels + [n.box for n in neurons if n is not a and n is not b]):
                break
            lines.append(Arrow(x, y, way, marked, False))
        if len(lines) == len(pairs):
            return lines
        boxes = [(Box(*layout.at[k], DIAMETER, self._high(k)), False) for k in (of[x], of[y])]
        return [Arrow(x, y, through(layout, (of[x], of[y]), boxes[0], boxes[1]), marked)]

    def _high(self, key: str) -> float:
        return PITCH * (len(self.places[key]) - 1) + DIAMETER

    def _layout(self) -> Layout:
        parts, reads = [], node_reads(self.graph)
        for key in self.graph.keys:
            half, above = self._high(key) / 2, self._parameters(key)
            wide = max(DIAMETER, width(self.write.quantity(self.graph.found[key])), width(*above) if above else 0.0)
            parts.append(Part(key, wide, half + (16.0 if above else 0.0), half + 16.0))
        return layered(parts, reads, {}, APART)

    def _parameters(self, key: str) -> list[Math]:
        """Return what the equations of a layer read besides layers: its weights and biases."""
        return [self.write.quantity(self.graph.found[k]) for own in self.graph.keys[key] for k in self._besides(own)]

    def _besides(self, key: str) -> list[str]:
        if key not in self.equations:
            return []
        return [str(q) for q in self.equations[key].reads if str(q) not in self.graph.reads[key]]

    def _column(self, canvas: Canvas, key: str, x: float, y: float) -> list[Node]:
        """Return the circles of a column; its name stands below it, and what it reads besides above it."""
        high, made = self._high(key), []
        for n, neuron in enumerate(self.places[key]):
            at = y - high / 2 + DIAMETER / 2 + PITCH * n
            own = self.graph.keys[key]
            if neuron:
                made.append(Node(own, None, x, at, DIAMETER, DIAMETER, "round"))
            else:
                canvas.nodes[key] = Node(own, None, x, at, 3.0, DIAMETER, "dots")
        name = self.write.quantity(self.graph.found[key])
        canvas.labels.append(Label((name,), x, y + high / 2 + 8.0, width(name), height(name) - 2.0))
        for reader in self.graph.keys[key]:
            if keys := tuple(self._besides(reader)):
                maths = tuple(self.write.quantity(self.graph.found[k]) for k in keys)
                marked = reader in self.marked and bool(self.marked.intersection(keys))
                size = width(*maths), height(*maths) - 2.0
                canvas.labels.append(Label(maths, x, y - high / 2 - 8.0, *size, keys, reader, None, marked))
        return made

    def _is_elementwise(self, x: str, y: str, start: list[Node], end: list[Node]) -> bool:
        """Tell whether each entry of y reads one entry of x alone."""
        if len(start) != len(end):
            return False
        m = local_jacobian(self.network, self.equations[y].equation).get(self.graph.found[x])
        return m is not None and all(
            isinstance(part, Identity | Diagonal | Scale | Compose | Sum) for part in parts_of(m)
        )
