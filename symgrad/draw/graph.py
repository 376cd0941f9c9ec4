"""What is drawn of written equations: nodes, the arrows between them with their weights, and what is read besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from symgrad.algebra.expression import Apply, Quantity
from symgrad.draw.written import Written
from symgrad.errors import SymgradError
from symgrad.export.math import Math
from symgrad.network.network import Network

Edge = tuple[str, str]


@dataclass
class Graph:
    """Nodes by the last of their quantities.

    keys: of each node its quantities, each computed from the one before it. reads: by the equation of what (a key)
    which nodes are read (their keys). weights: the parameter that stands before what an arrow carries. beside: by
    equation the groups of parameters and inputs that it reads, each with the weight before it. factors: what stands
    along an arrow in place of a weight.
    """

    found: dict[str, Quantity] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    weights: dict[Edge, Quantity] = field(default_factory=dict)
    beside: dict[str, list[tuple[tuple[Quantity, ...], Quantity | None]]] = field(default_factory=dict)
    factors: dict[Edge, Math] = field(default_factory=dict)
    step: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def node_of(self) -> dict[str, str]:
        """Return by quantity the node that shows it."""
        return {k: node for node, own in self.keys.items() for k in own}

    def edges(self) -> list[Edge]:
        """Return the arrows: what is read, and by whose equation."""
        inside = {(a, b) for own in self.keys.values() for a, b in pairwise(own)}
        return [(x, y) for y, own in self.reads.items() for x in own if (x, y) not in inside]


def graph_of(network: Network, equations: Sequence[Written], units: bool = False) -> Graph:
    """Return the graph of equations; units: what is an activation of one quantity stands in one circle with it."""
    graph = Graph()
    computed = {str(w.target): w for w in equations}
    for w in equations:
        for q in (*w.reads, w.target):
            graph.found.setdefault(str(q), q)
    inputs = _inputs(network, equations, computed)
    shown = [k for k in graph.found if k in inputs or k in computed]
    into = _joined(equations, computed) if units else {}
    gone = set(into.values())
    for k in shown:
        if k not in gone:
            own = [k]
            while own[0] in into:
                own.insert(0, into[own[0]])
            graph.keys[k] = tuple(own)
    nodes = set(shown)
    for w in equations:
        y = str(w.target)
        graph.step[y] = w.step
        graph.reads[y] = tuple(str(q) for q in w.reads if str(q) in nodes)
        _weigh(network, graph, w, nodes)
    return graph


def _inputs(network: Network, equations: Sequence[Written], computed: Mapping[str, Written]) -> set[str]:
    """Return what stands in a node though nothing computes it: states at the start, and what several equations read."""
    states = {w.target.name for w in equations if w.target.indices}
    readers: dict[str, set[str]] = {}
    where: dict[str, set[tuple[int, ...]]] = {}
    weights: set[str] = set()
    for w in equations:
        for q in w.reads:
            readers.setdefault(str(q), set()).add(str(w.target))
            where.setdefault(str(q), set()).add(w.step)
        for term in w.terms:
            known = [q for q in term if str(q) in computed or q.name in states]
            if known:
                weights |= {str(q) for q in term if q not in known}
            elif len(term) == 2 and len(network.shape(term[0])) != len(network.shape(term[1])):
                weights.add(str(weight_of(network, term)))
    return {
        k
        for w in equations
        for q in w.reads
        for k in [str(q)]
        if k not in computed and (q.name in states or (len(readers[k]) > 1 and len(where[k]) == 1 and k not in weights))
    }


def weight_of(network: Network, term: Sequence[Quantity]) -> Quantity:
    """Return the parameter of a product of two that nothing computes: the matrix, or what stands in front."""
    ranks = [len(network.shape(q)) for q in term]
    return term[1] if ranks[1] > ranks[0] else term[0]


def _joined(equations: Sequence[Written], computed: Mapping[str, Written]) -> dict[str, str]:
    """Return y -> x for each y = f(x) where nothing else reads x."""
    readers: dict[str, int] = {}
    for w in equations:
        for q in w.reads:
            readers[str(q)] = readers.get(str(q), 0) + 1
    found = {}
    for w in equations:
        e = w.value
        if isinstance(e, Apply) and e.op.kind == "function" and len(e.arguments) == 1 and len(w.reads) == 1:
            x = str(w.reads[0])
            if isinstance(e.arguments[0], Quantity) and x in computed and readers[x] == 1:
                found[str(w.target)] = x
    return found


def _weigh(network: Network, graph: Graph, w: Written, nodes: set[str]) -> None:
    """Put the weights of an equation on its arrows, and what else it reads beside it."""
    y, done = str(w.target), set[str]()
    groups: list[tuple[tuple[Quantity, ...], Quantity | None]] = []
    for term in w.terms:
        inner = [q for q in term if str(q) in nodes]
        outer = [q for q in term if str(q) not in nodes]
        if len(inner) == 1 and len(outer) == 1:
            graph.weights[str(inner[0]), y] = outer[0]
            done.add(str(outer[0]))
        elif len(outer) == 2 and not inner and len(groups) < 2:
            weight = weight_of(network, outer)
            groups.append(((outer[1] if weight is outer[0] else outer[0],), weight))
            done |= {str(q) for q in outer}
    rest = tuple(q for q in w.reads if str(q) not in nodes and str(q) not in done)
    if rest:
        groups.append((rest, None))
    if groups:
        graph.beside[y] = groups


def without_weights(graph: Graph, start: str) -> None:
    """Put the weights of all arrows from a quantity beside their ends, for want of room, and all of their names."""
    names = {q.name for (x, _), q in graph.weights.items() if x == start}
    for edge in [e for e, q in graph.weights.items() if q.name in names]:
        _put_beside(graph, edge)


def _put_beside(graph: Graph, edge: Edge) -> None:
    q = graph.weights.pop(edge)
    groups = graph.beside.setdefault(edge[1], [])
    for n, (own, weight) in enumerate(groups):
        if weight is None:
            groups[n] = ((q, *own), None)
            return
    groups.append(((q,), None))


def in_one_group(graph: Graph, end: str) -> None:
    """Put all that an equation reads besides into one group, its weights too, for want of room."""
    groups = graph.beside.get(end, [])
    if groups:
        every = (q for own, weight in groups for q in ((weight, *own) if weight else own))
        graph.beside[end] = [(tuple(dict.fromkeys(every)), None)]


def on_paths(graph: Graph, start: str, end: str) -> frozenset[str]:
    """Return what lies on a way from one quantity to another. Raises SymgradError where there is none."""
    start, end = start.replace(" ", ""), end.replace(" ", "")
    for name in (start, end):
        if name not in graph.found:
            known = ", ".join(sorted(graph.found))
            raise SymgradError(f"there is no {name} in the drawing", todo=f"name one of {known}")
    reads = all_reads(graph)
    below, above = {end}, {start}
    for y in reversed(list(reads)):
        if y in below:
            below.update(reads[y])
    for y, own in reads.items():
        if above.intersection(own):
            above.add(y)
    both = below & above
    if start not in both or end not in both:
        raise SymgradError(
            f"no path leads from {start} to {end}", todo="name two of which the second depends on the first"
        )
    return frozenset(both)


def all_reads(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return by equation everything that it reads, parameters too."""
    found: dict[str, tuple[str, ...]] = {}
    for y, own in graph.reads.items():
        more: Iterable[Quantity] = [
            q for group, weight in graph.beside.get(y, ()) for q in (*group, *([weight] if weight else []))
        ]
        carried = [q for (_, end), q in graph.weights.items() if end == y]
        found[y] = (*own, *map(str, more), *map(str, carried))
    return found


def node_reads(graph: Graph) -> dict[str, tuple[str, ...]]:
    """Return by computed node the nodes that it reads, in order of computation."""
    of = graph.node_of()
    found: dict[str, dict[str, None]] = {}
    for y, own in graph.reads.items():
        into = found.setdefault(of[y], {})
        into.update(dict.fromkeys(of[x] for x in own if of[x] != of[y]))
    order = [of[y] for y in graph.reads if of[y] == y]
    return {k: tuple(found[k]) for k in order}
