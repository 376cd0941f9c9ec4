"""Places that the indices give: steps of a recurrent network side by side, and the grid of a stack of them."""

from __future__ import annotations

from collections.abc import Mapping

from symgrad.draw.graph import Graph
from symgrad.network.network import Network

Places = Mapping[str, tuple[float, float]]
UPWARDS = 46.0
"""Points from a quantity to the next in the same step."""
SIDEWAYS = 40.0
"""Points between the ovals of two steps."""


def fixed_places(network: Network, graph: Graph, widest: float, longest: float = 0.0) -> Places | None:
    """Return the places of a network that is unrolled in time, or of a grid; None for another.

    widest: the width of the widest node; longest: room for what stands along an arrow.
    """
    across = widest + max(SIDEWAYS, longest)
    if len(network.depths) == 2:
        return _grid(network, graph, across)
    if network.steps and not network.grid and _shared(network, graph):
        return _in_time(graph, across)
    return None


def _shared(network: Network, graph: Graph) -> bool:
    """Tell whether the steps share their weights, as they do in time."""
    weights = [q for (_, y), q in graph.weights.items() if graph.step.get(y)]
    return bool(weights) and not any(q.indices for q in weights)


def _in_time(graph: Graph, across: float) -> Places | None:
    """Return steps from left to right, and in each what is computed upwards."""
    of = graph.node_of()
    time = {of[y]: step[0] for y, step in graph.step.items() if len(step) == 1}
    if any(len(step) > 1 for step in graph.step.values()):
        return None
    rank: dict[str, int] = {}
    reads = {y: [of[x] for x in own] for y, own in graph.reads.items()}
    for y in graph.reads:
        if y in graph.keys and y in time:
            inner = [x for k in graph.keys[y] for x in reads[k] if time.get(x) == time[y] and x != y]
            rank[y] = 1 + max((rank[x] for x in inner), default=-1)
    places: dict[str, tuple[int | float, int]] = {y: (time[y], rank[y]) for y in rank}
    names = {graph.found[y].name: rank[y] for y in rank}
    for k in graph.keys:
        q = graph.found[k]
        if k in places or (k in graph.reads and k in graph.step and graph.step[k]):
            continue
        if isinstance(q.index, int) and q.name in names:
            places[k] = (q.index, names[q.name])
        elif k in graph.reads and graph.reads[k] and all(of[x] in places for x in graph.reads[k]):
            read = [places[of[x]] for x in graph.reads[k]]
            places[k] = (sum(x for x, _ in read) / len(read), max(y for _, y in read) + 1)
        else:
            return None
    if len(set(places.values())) < len(graph.keys):
        return None
    return {k: (x * across, -y * UPWARDS) for k, (x, y) in places.items()}


def _grid(network: Network, graph: Graph, across: float) -> Places | None:
    """Return layers upwards, and steps to the right."""
    places: dict[str, tuple[float, float]] = {}
    of = graph.node_of()
    for k in graph.keys:
        q = graph.found[k]
        numbers = [p for p in q.indices if isinstance(p, int)]
        if len(numbers) == 2:
            places[k] = (float(numbers[1]), float(numbers[0]))
        elif k in graph.reads and not numbers and all(of[x] in places for x in graph.reads[k]) and graph.reads[k]:
            read = [places[of[x]] for x in graph.reads[k]]
            places[k] = (sum(x for x, _ in read) / len(read), max(y for _, y in read) + 1)
        else:
            return None
    if len(set(places.values())) < len(graph.keys):
        return None
    return {k: (x * across, -y * UPWARDS) for k, (x, y) in places.items()}
