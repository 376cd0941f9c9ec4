"""The drawing of a network: its equations, written out for a few steps."""

from __future__ import annotations

from collections.abc import Mapping

from symgrad.draw.canvas import Canvas
from symgrad.draw.drawing import Drawing, framed
from symgrad.draw.graph import Graph, graph_of, on_paths
from symgrad.draw.page import Page
from symgrad.draw.written import written_out
from symgrad.errors import SymgradError, UnknownName
from symgrad.export.math import Infix, Math
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

VIEWS = ("equations", "units", "neurons", "cell")


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
    where an activation shares one with what it is of; "neurons", a circle for each entry of a vector; or "cell", the
    operations of one step. ends: sizes of families and of layers, {"n": 4, "n[1]": 5}.
    Raises SymgradError for a network that is too large, and for a quantity that it does not have.

    >>> from symgrad.network.read import read_builtin
    >>> drawing = draw(read_builtin("chain"), steps=2, start="b[1]", end="C")
    >>> [f"{a.start} -> {a.end}" for a in drawing.arrows if a.marked]
    ['b[1] -> z[1]', 'z[1] -> a[1]', 'a[1] -> z[2]', 'z[2] -> a[2]', 'a[2] -> C']
    """
    if view is not None and view not in VIEWS:
        raise UnknownName("view", view, VIEWS)
    if (start is None) != (end is None):
        raise SymgradError("a path has a start and an end", todo="give both, or none")
    if view == "cell":
        if (steps or 1) != 1 or start is not None:
            raise SymgradError(
                "a cell is one step, and no path through several", todo="leave out the steps, and the path"
            )
        from symgrad.draw.cell import draw_cell

        return draw_cell(network, notation)
    depth = steps if steps is not None else (2 if network.grid else 3 if len(network.steps) <= 2 else 1)
    if depth < 1:
        raise SymgradError(f"{depth} steps cannot be drawn", todo="give 1 or more")
    if view == "neurons":
        from symgrad.draw.neurons import draw_neurons

        return draw_neurons(network, depth, start, end, notation, ends)
    equations = written_out(network, depth, ends)
    units = view == "units" or (view is None and len(network.depths) > 1)
    graph = graph_of(network, equations, units)
    marked = on_paths(graph, start, end) if start is not None and end is not None else frozenset[str]()
    page = Page(network, graph, find_notation(notation), marked)
    canvas = page.drawn()
    return assembled(network, canvas, description(network, graph, start, end, marked))


def assembled(network: Network, canvas: Canvas, words: str) -> Drawing:
    """Return a drawing of what stands on a canvas."""
    parts = tuple(canvas.nodes.values()), tuple(canvas.arrows), tuple(canvas.labels)
    return framed(Drawing(network.name, words, 0, 0, *parts))


def description(network: Network, graph: Graph, start: str | None, end: str | None, marked: frozenset[str]) -> str:
    """Return what a drawing shows, in words."""
    arrows = "; ".join(f"{y} reads {', '.join(own)}" for y, own in graph.reads.items() if own)
    shown = f"The equations of {network.name} as a graph, an arrow for what each reads: {arrows}."
    return shown + (f" The paths from {start} to {end} are marked." if marked else "")


def equations_of(network: Network, notation: str | Notation = "nielsen") -> tuple[Math, ...]:
    """Return the equations of a network as a page shows them, s_j = σ(a_j).

    >>> from symgrad.network.read import read_builtin
    >>> from symgrad.export.text import math_text
    >>> [math_text(e) for e in equations_of(read_builtin("rnn"))]
    ['a_j = U x_j + W s_{j-1} + b', 's_j = σ(a_j)', 'E = loss(s_t)']
    """
    write = Typesetter(network, find_notation(notation))
    return tuple(Infix("=", write.quantity(e.target), write.expression(e.value)) for e in network.equations)
