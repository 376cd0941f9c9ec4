"""The drawing of a network: its equations, written out for a few steps, in layers from left to right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities
from symgrad.draw.drawing import Arrow, Beside, Drawing, Node
from symgrad.errors import SymgradError
from symgrad.export.math import Name
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.export.typeset import Typesetter
from symgrad.network.network import Network

LARGEST = 200
"""Quantities that a drawing may have."""
SWEEPS = 8
"""How often the layers are put in order of what they read and of what reads them."""

Reads = Mapping[str, tuple[str, ...]]
"""A computed quantity -> what its equation reads."""


def draw(
    network: Network,
    steps: int | None = None,
    start: str | None = None,
    end: str | None = None,
    notation: str | Notation = "nielsen",
) -> Drawing:
    """Return a drawing of a network: x → y where the equation of y reads x, for so many steps or layers.

    start, end: the paths from one quantity to the other are marked. Raises SymgradError for a network of several
    recurrences, for one that is too large, and for a quantity that it does not have.

    >>> from symgrad.network.read import read_builtin
    >>> drawing = draw(read_builtin("chain"), steps=2, start="b[1]", end="C")
    >>> [f"{a.start} -> {a.end}" for a in drawing.arrows if a.marked]
    ['z[1] -> a[1]', 'a[1] -> z[2]', 'z[2] -> a[2]', 'a[2] -> C']
    """
    if network.grid:
        raise SymgradError(
            f"{network.name} has several recurrences, whose steps are not drawn",
            todo="draw a network with one recurrence, or none",
        )
    depth = steps if steps is not None else (3 if len(network.steps) <= 2 else 1)
    if depth < 1:
        raise SymgradError(f"{depth} steps cannot be drawn", todo="give 1 or more")
    found, reads = unrolled(network, depth)
    typesetter = Typesetter(network, find_notation(notation))
    labels = {}
    for key, q in found.items():
        label = typesetter.quantity(q)
        labels[key] = label if isinstance(label, Name) else Name(key, whole=True)
    marked = _on_paths(reads, start, end, found) if start is not None and end is not None else frozenset()
    started = {e.target.name for e in network.equations}
    inner = [key for key, q in found.items() if key in reads or q.name in started]
    places = _places({y: tuple(x for x in own if x in inner) for y, own in reads.items()}, inner)
    nodes = tuple(Node(key, labels[key], *places[key], computed=key in reads) for key in inner)
    arrows = tuple(Arrow(x, y, x in marked and y in marked) for y, own in reads.items() for x in own if x in inner)
    beside = []
    for y, own in reads.items():
        if others := tuple(x for x in own if x not in inner):
            on_path = y in marked and bool(marked.intersection(others))
            beside.append(Beside(y, others, tuple(labels[x] for x in others), on_path, places[y][1] < 0))
    return Drawing(network.name, nodes, arrows, tuple(beside))


def unrolled(network: Network, depth: int) -> tuple[dict[str, Quantity], Reads]:
    """Return the quantities of a network of so many steps, by their text, and what the equation of each reads."""
    equations = [e.at(network.depth_symbol, depth) for e in network.openings]
    equations += [
        e.at(network.depth_symbol, depth).at(network.symbol, n) for n in range(1, depth + 1) for e in network.steps
    ]
    equations += [e.at(network.depth_symbol, depth) for e in network.closings]
    if len(equations) > LARGEST:
        raise SymgradError(f"{len(equations)} quantities do not fit on a page", todo="give fewer steps")
    found: dict[str, Quantity] = {}
    reads: dict[str, tuple[str, ...]] = {}
    for e in equations:
        own = tuple(dict.fromkeys(q for q in sorted(quantities(e.value), key=str) if not _is_zero(network, q)))
        for q in (*own, e.target):
            found.setdefault(str(q), q)
        reads[str(e.target)] = tuple(map(str, own))
    return found, reads


def _is_zero(network: Network, q: Quantity) -> bool:
    """Tell whether q is of a step before the first, where it is 0."""
    return isinstance(q.index, int) and q.index < 0


def _on_paths(reads: Reads, start: str, end: str, found: Iterable[str]) -> frozenset[str]:
    known = set(found)
    for name in (start, end):
        if name.replace(" ", "") not in known:
            raise SymgradError(f"there is no {name} in the drawing", todo=f"name one of {', '.join(sorted(known))}")
    below, above = {end}, {start}
    for y in reversed(list(reads)):
        if y in below:
            below.update(reads[y])
    for y, own in reads.items():
        if above.intersection(own):
            above.add(y)
    both = below & above
    return frozenset(both) if start in both and end in both else frozenset()


def _places(reads: Reads, keys: list[str]) -> dict[str, tuple[float, float]]:
    """Return the places: a layer behind all that it reads, inputs one before their first reader."""
    layer: dict[str, int] = {}
    for y, own in reads.items():
        layer[y] = 1 + max((layer.get(x, 0) for x in own if x in reads), default=0)
    for x in keys:
        if x not in reads:
            layer[x] = min(layer[y] for y, own in reads.items() if x in own) - 1
    columns: dict[int, list[str]] = {}
    for key in keys:
        columns.setdefault(layer[key], []).append(key)
    y_of = {key: float(i) for column in columns.values() for i, key in enumerate(column)}
    readers: dict[str, list[str]] = {}
    for y, own in reads.items():
        for x in own:
            readers.setdefault(x, []).append(y)
    for sweep in range(SWEEPS):
        for n in sorted(columns, reverse=bool(sweep % 2)):
            column = columns[n]
            near = {k: [*reads.get(k, ()), *readers.get(k, ())] for k in column}
            column.sort(key=lambda k: (sum(y_of[x] for x in near[k]) / max(len(near[k]), 1), k))
            for i, key in enumerate(column):
                y_of[key] = i - (len(column) - 1) / 2
    return {key: (float(layer[key]), y_of[key]) for key in keys}
