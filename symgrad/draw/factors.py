"""The mnemonic: on each arrow of the paths between two quantities the factor that it gives the derivative.

An arrow x → y carries the local Jacobian of the equation of y by x, from the same rules that derive the closed form:
along a path the factors multiply, parallel paths add, and ``path_sum`` is what the arrows of the drawing come to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symgrad.algebra import map_algebra as M
from symgrad.algebra.differential import Partial
from symgrad.algebra.expression import Quantity
from symgrad.algebra.linear_map import Column, LinearMap, Scale, Transpose
from symgrad.algebra.map_algebra import IDENTITY
from symgrad.algebra.substitution import move
from symgrad.calculus.closed_form import ClosedForm
from symgrad.calculus.jacobian import local_jacobian
from symgrad.draw.drawing import Drawing, Label, framed
from symgrad.draw.graph import Edge, Graph, all_reads, graph_of, on_paths
from symgrad.draw.labels import height, width
from symgrad.draw.network import assembled
from symgrad.draw.page import Page
from symgrad.draw.written import Written, written_out
from symgrad.errors import NotDefined, SymgradError
from symgrad.export.derivative import Presentation
from symgrad.export.math import Derivative, Infix, Math
from symgrad.export.notation import Notation
from symgrad.export.notation import notation as find_notation
from symgrad.network.network import Network

LONGEST = 76.0
"""Points: a longer factor is written by its name, ∂y/∂x."""
WIDEST = 430.0
"""Points: a longer equation is left out below the drawing."""


def draw_factors(
    form: ClosedForm,
    depth: int,
    notation: str | Notation = "nielsen",
    layout: str = "numerator",
    indices: Mapping[str, int] | None = None,
) -> Drawing:
    """Return the drawing of a derivative at a number of steps: its paths, each arrow with its factor.

    indices: numbers for open indices, {"k": 1}. A factor that is no array, or too long, is written as ∂y/∂x.
    Raises SymgradError where no path leads from one to the other.

    >>> from symgrad.network.read import read_builtin
    >>> from symgrad.calculus.closed_form import closed_form
    >>> from symgrad.export.text import math_text
    >>> drawing = draw_factors(closed_form(read_builtin("chain"), "C", "b[1]"), 2)
    >>> [math_text(m.maths[0]) for m in drawing.labels if m.along]
    ["σ'(z_1)", 'w_2', "σ'(z_2)", '∂C/∂a_2']
    """
    network = form.network
    numbers = {network.depth_symbol: depth, **dict.fromkeys(network.depths, depth), **(indices or {})}
    of, wrt = (move(q, numbers) for q in (form.of, form.wrt))
    for q in (of, wrt):
        if not all(isinstance(p, int) for p in q.indices):
            raise SymgradError(f"{q} has no number", todo="give one, {'k': 1} or --at k=1")
    equations = written_out(network, depth)
    graph = graph_of(network, equations)
    marked = on_paths(graph, str(wrt), str(of))
    written = find_notation(notation)
    graph.factors = factors(network, equations, all_reads(graph), graph.node_of(), depth, marked, written, layout)
    _leave(graph, str(wrt), marked)
    page = Page(network, graph, written, marked)
    words = f"The paths from {wrt} to {of} in {network.name}, each arrow with its factor in the derivative."
    drawing = assembled(network, page.drawn(), words)
    shown = Presentation(form, written, layout)
    if shown.definitions():  # it would need them to be read
        return drawing
    return under(drawing, Infix("=", shown.left, shown.right))


def factors(
    network: Network,
    equations: Sequence[Written],
    reads: Mapping[str, Sequence[str]],
    nodes: Mapping[str, str],
    depth: int,
    marked: frozenset[str],
    notation: Notation,
    layout: str,
) -> dict[Edge, Math]:
    """Return what stands on each arrow of the paths; nothing on that of a parameter that is added."""
    found: dict[Edge, Math] = {}
    for w in equations:
        y = str(w.target)
        for q, m in local_jacobian(network, w.equation).items() if y in marked else ():
            if str(q) in marked and (m != IDENTITY or str(q) in nodes):
                immediate = _acts_otherwise(reads, str(q), y)
                form = ClosedForm(network, w.target, q, depth, m)
                found[str(q), y] = _factor(form, immediate, notation, layout)
    return found


def _factor(form: ClosedForm, immediate: bool, notation: Notation, layout: str) -> Math:
    """Write a local Jacobian as an array, or by its name where it is none or takes too much room."""
    page = Presentation(form, notation, layout)
    name = Derivative(page.typesetter.quantity(form.of), page.typesetter.quantity(form.wrt), immediate)
    match form.map:
        case Scale(Partial()) | Transpose(Column(Partial())):
            return name
    try:
        if page.applied:
            return page.typesetter.identity if form.map == IDENTITY else name
        return page.right if width(page.right) <= LONGEST else name
    except NotDefined:  # of a family whose size has no number on a page
        return name


def _acts_otherwise(reads: Mapping[str, Sequence[str]], x: str, y: str) -> bool:
    """Tell whether x also acts on y through something else: its total derivative is not the factor then."""
    pending, seen = [q for q in reads[y] if q != x], set[str]()
    while pending:
        q = pending.pop()
        if q not in seen:
            seen.add(q)
            pending += reads.get(q, ())
    return x in seen


def _leave(graph: Graph, wrt: str, marked: frozenset[str]) -> None:
    """Leave of what stands beside nodes only the quantity that the derivative is by."""
    own = {end: q for (_, end), q in graph.weights.items() if str(q) == wrt}
    graph.weights.clear()
    kept: dict[str, list[tuple[tuple[Quantity, ...], Quantity | None]]] = {}
    for end, groups in graph.beside.items():
        read = [q for group, weight in groups for q in (*group, *([weight] if weight else [])) if str(q) == wrt]
        if read and end in marked:
            kept[end] = [((read[0],), None)]
    for end, q in own.items():
        if end in marked:
            kept[end] = [((q,), None)]
    graph.beside = kept


def under(drawing: Drawing, equation: Math) -> Drawing:
    """Return the drawing with an equation below it, where that is not too long."""
    wide, high = width(equation), height(equation)
    if wide > max(WIDEST, drawing.width):
        return drawing
    label = Label((equation,), drawing.width / 2, drawing.height + 6.0 + high / 2, wide, high)
    return framed(replace(drawing, labels=(*drawing.labels, label)), 2.0)


def path_sum(network: Network, of: Quantity, wrt: Quantity, depth: int) -> LinearMap:
    """Return ∂of/∂wrt as the drawing has it: the sum over all paths of the products of their factors.

    of, wrt: at numbers. The sum is made from the end on, ∂of/∂x = Σ_y ∂of/∂y ∂y/∂x over the readers y of x.
    """
    toward: dict[Quantity, list[LinearMap]] = {of: [IDENTITY]}
    for w in reversed(written_out(network, depth)):
        if w.target in toward:
            so_far = M.add(*toward[w.target])
            for q, m in local_jacobian(network, w.equation).items():
                toward.setdefault(q, []).append(M.compose(so_far, m))
    return M.add(*toward.get(wrt, [M.ZERO]))
