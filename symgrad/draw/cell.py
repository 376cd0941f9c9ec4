"""One step as a circuit: an LSTM cell, a residual block, a transformer block, drawn from the equations of the step."""

from __future__ import annotations

from symgrad.draw.canvas import Canvas, shape_of
from symgrad.draw.drawing import Arrow, Drawing, Node, framed
from symgrad.draw.geometry import Box, Path
from symgrad.draw.labels import width
from symgrad.draw.layers import Layout, Part, layered
from symgrad.draw.operations import Operation, Operations, of_one_step, weights_of
from symgrad.draw.routes import is_clear, straight, through
from symgrad.export.math import Math
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

CIRCLE, BOX = 13.0, 18.0
"""Points: the diameter of a circle, the height of a box."""
MARGIN = 9.0
"""Points between the frame and what is in it."""
GAP = 20.0


def draw_cell(network: Network, notation: str | Notation = "nielsen", upwards: bool | None = None) -> Drawing:
    """Return the operations of one step as a circuit: weights and functions in boxes, sums and products in circles.

    What flows is an arrow; a function of a map by weights stands for both. Time runs to the right, depth upwards.

    >>> from symgrad.network.read import read_builtin
    >>> drawing = draw_cell(read_builtin("residual"))
    >>> sorted(n.key for n in drawing.nodes if n.shape == "plain")
    ['a[j-1]', 'out a[j]']
    """
    equations = of_one_step(network)
    write = Typesetter(network, find_notation(notation))
    if upwards is None:
        names = {w.partition("[")[0] for w in weights_of(network, equations)}
        upwards = bool(network.steps or network.grid) and any(q.indices for q in network.parameters if q.name in names)
    made = Operations(network, equations, write, not upwards)
    ends = made.kept | {key for key in made.computed if not made.readers.get(key)}
    circuit = Circuit(made, ends, write, upwards)
    words = f"One step of {network.name} as a circuit: " + "; ".join(
        f"{o.keys[-1]} from {', '.join(o.inputs)}" for o in made.found.values() if o.inputs
    )
    return framed(circuit.drawing(network.name, words + "."))


class Circuit:
    """The operations of one step in their places."""

    def __init__(self, made: Operations, ends: set[str], write: Typesetter, upwards: bool) -> None:
        self.upwards, self.operations = upwards, dict(made.found)
        self.labels: dict[str, Math] = {}
        readers: dict[str, int] = {}
        for o in made.found.values():
            for k in o.inputs:
                readers[k] = readers.get(k, 0) + 1
        for key, o in made.found.items():
            q = made.quantities.get(key)
            if q is None:
                continue
            if key in ends:
                self.operations[f"out {key}"] = Operation((f"out {key}",), write.quantity(q), "plain", [key])
            elif o.shape != "plain" and readers.get(key):
                self.labels[key] = write.quantity(q)

    def drawing(self, title: str, words: str) -> Drawing:
        """Return the drawing, as wide as its boxes need."""
        canvas = Canvas()
        layout = self._layout()
        for key, o in self.operations.items():
            x, y = layout.at[key]
            wide, high = _size(o)
            place = (y, -x) if self.upwards else (x, y)
            canvas.nodes[key] = Node(o.keys, o.label, *place, wide, high, o.shape)
        canvas.arrows = [
            Arrow(x, key, self._way(canvas, layout, x, key)) for key, o in self.operations.items() for x in o.inputs
        ]
        self._name(canvas)
        return Drawing(
            title,
            words,
            0,
            0,
            (*self._frame(canvas), *canvas.nodes.values()),
            tuple(canvas.arrows),
            tuple(canvas.labels),
        )

    def _layout(self) -> Layout:
        parts = []
        for key, o in self.operations.items():
            wide, high = _size(o)
            across, along = (wide, high) if self.upwards else (high, wide)
            along += 2 * MARGIN if o.shape == "plain" else 0.0
            parts.append(Part(key, along, across / 2, across / 2))
        named = {
            (x, key): 9.0 if self.upwards else width(self.labels[x])
            for key, o in self.operations.items()
            for x in o.inputs
            if x in self.labels
        }
        reads = {key: tuple(o.inputs) for key, o in self.operations.items() if o.inputs}
        return layered(parts, reads, named, GAP, outer=True)

    def _way(self, canvas: Canvas, layout: Layout, x: str, y: str) -> Path:
        """Return the way of an arrow; for one upwards it is found to the right and turned."""
        start, end = (shape_of(canvas.nodes[k]) for k in (x, y))
        if not layout.lanes[x, y]:
            path = straight(start, end)
            level = abs(layout.at[x][1] - layout.at[y][1]) < 0.5
            if level and is_clear(path, canvas.boxes(x, y)):
                return path
        if not self.upwards:
            return through(layout, (x, y), start, end)
        turned = [(Box(*layout.at[k], canvas.nodes[k].height, canvas.nodes[k].width), False) for k in (x, y)]
        return tuple((b, -a) for a, b in through(layout, (x, y), *turned))

    def _name(self, canvas: Canvas) -> None:
        """Write the name of a quantity along one of its arrows, where there is room."""
        for key, math in self.labels.items():
            for arrow in [a for a in canvas.arrows if a.start == key]:
                if canvas.write_along(arrow, math, (), False):
                    break

    def _frame(self, canvas: Canvas) -> list[Node]:
        """Return the frame around everything but what comes in and what goes out."""
        inner = [n.box for n in canvas.nodes.values() if n.shape != "plain"]
        every = [*inner, *(m.box for m in canvas.labels)]
        bends = [p for a in canvas.arrows for p in a.path]
        left, right, top, bottom = _around(every if self.upwards else inner)
        if self.upwards:
            _, _, top, bottom = _around(inner)
            left, right = min(left, *(x for x, _ in bends)), max(right, *(x for x, _ in bends))
        else:
            _, _, top, bottom = _around(every)
            top, bottom = min(top, *(y for _, y in bends)), max(bottom, *(y for _, y in bends))
        left, right, top, bottom = left - MARGIN, right + MARGIN, top - MARGIN, bottom + MARGIN
        return [Node(("frame",), None, (left + right) / 2, (top + bottom) / 2, right - left, bottom - top, "frame")]


def _around(boxes: list[Box]) -> tuple[float, float, float, float]:
    """Return the left, right, upper and lower end of boxes."""
    return (
        min(b.x - b.width / 2 for b in boxes),
        max(b.x + b.width / 2 for b in boxes),
        min(b.y - b.height / 2 for b in boxes),
        max(b.y + b.height / 2 for b in boxes),
    )


def _size(o: Operation) -> tuple[float, float]:
    if o.shape == "operation":
        return CIRCLE, CIRCLE
    return (max(width(o.label) + 8.0, BOX), BOX) if o.shape == "box" else (width(o.label) + 3.0, 13.0)
