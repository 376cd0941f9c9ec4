"""Places in layers: each quantity stands in a column behind all that it reads, and arrows cross columns in lanes.

The method of Sugiyama, Tagawa and Toda (1981): columns by the longest way from what reads nothing, an arrow that passes
a column gets a lane in it, columns are put in order by the mean place of neighbours, and heights are those nearest to
the neighbours that keep things apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
"""How often the columns are put in order."""
APART, LANE = 9.0, 7.0
"""Points between two things in a column; the room of a lane."""
GAP = 22.0
"""Points between two columns, where no label stands between them."""
FIRM = {0: 1.0, 1: 3.0, 2: 12.0}
"""How strongly an arrow pulls its ends to one height, by how many of the two are lanes."""

ALONE = 8.0
"""How much more strongly one that is the only one at both of its ends."""

Edge = tuple[str, str]
Lane = tuple[str, str, int]
Thing = str | Lane


@dataclass(frozen=True)
class Part:
    """What stands in a column: its width, and how far it reaches up and down from its middle."""

    key: str
    width: float
    up: float
    down: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands. columns: left and right ends. lanes: by arrow the columns and heights that it passes."""

    at: Mapping[str, tuple[float, float]]
    column: Mapping[str, int]
    columns: tuple[tuple[float, float], ...]
    lanes: Mapping[Edge, tuple[tuple[int, float], ...]]


def layered(
    parts: Sequence[Part],
    reads: Mapping[str, Sequence[str]],
    labels: Mapping[Edge, float],
    gap: float = GAP,
    outer: bool = False,
    apart: float = APART,
) -> Layout:
    """Return the places of parts; ``reads``: by what is computed, what it reads, in order of computation.

    labels: the widths of what stands beside arrows. outer: what reads nothing stands in the first column, and what
    nothing reads in the last. apart: points between two things in a column.

    >>> made = layered([Part(k, 20, 10, 10) for k in "xyz"], {"y": "x", "z": "xy"}, {})
    >>> [made.column[k] for k in "xyz"], [len(lanes) for lanes in made.lanes.values()]
    ([0, 1, 2], [0, 1, 0])
    """
    layer = _layers([p.key for p in parts], reads)
    if outer:
        read = {x for own in reads.values() for x in own}
        last = max(layer.values())
        layer = {k: 0 if k not in reads else n if k in read else last for k, n in layer.items()}
    edges = [(x, y) for y, own in reads.items() for x in own]
    rows: list[list[Thing]] = [[] for _ in range(1 + max(layer.values(), default=0))]
    for p in parts:
        rows[layer[p.key]].append(p.key)
    links: list[tuple[Thing, Thing]] = []
    lanes: dict[Edge, list[Lane]] = {}
    for x, y in edges:
        way: list[Lane] = [(x, y, n) for n in range(layer[x] + 1, layer[y])]
        lanes[x, y] = way
        for lane in way:
            rows[lane[2]].append(lane)
        links += pairwise([x, *way, y])
    order = _ordered(rows, links)
    sizes: dict[Thing, tuple[float, float]] = {p.key: (p.up, p.down) for p in parts}
    sizes |= {lane: (LANE / 2, LANE / 2) for way in lanes.values() for lane in way}
    heights = _heights(order, links, sizes, apart)
    for way in lanes.values():
        _straighten(heights, order, way, sizes, apart)
    wide = {p.key: p.width for p in parts}
    columns: list[tuple[float, float]] = []
    for n, column in enumerate(order):
        room = gap
        for (x, y), label in labels.items():
            if n and layer[x] < n <= layer[y] and (layer[y] == n or layer[x] == n - 1):
                room = max(room, label + 15.0)
        left = columns[-1][1] + room if columns else 0.0
        columns.append((left, left + max([wide.get(k, 0.0) for k in column if isinstance(k, str)] or [0.0])))
    at = {k: (sum(columns[layer[k]]) / 2, heights[k]) for k in wide}
    passed = {e: tuple((lane[2], heights[lane]) for lane in way) for e, way in lanes.items()}
    return Layout(at, layer, tuple(columns), passed)


def _layers(keys: Sequence[str], reads: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the columns: behind all that is read; what reads nothing one before its first reader."""
    layer: dict[str, int] = {}
    for y, own in reads.items():
        layer[y] = 1 + max((layer.get(x, 0) for x in own), default=0)
    for x in keys:
        if x not in reads:
            layer[x] = min((layer[y] for y, own in reads.items() if x in own), default=1) - 1
    for y in reversed(list(reads)):  # one that reads nothing late stands beside its reader
        readers = [layer[z] for z, own in reads.items() if y in own]
        if readers and all(x not in reads for x in reads[y]) and len(reads[y]) <= 1:
            layer[y] = max(layer[y], min(readers) - 1) if not reads[y] else layer[y]
    least = min(layer.values(), default=0)
    return {k: n - least for k, n in layer.items()}


def _ordered(rows: list[list[Thing]], links: list[tuple[Thing, Thing]]) -> list[list[Thing]]:
    before: dict[Thing, list[Thing]] = {}
    after: dict[Thing, list[Thing]] = {}
    for a, b in links:
        after.setdefault(a, []).append(b)
        before.setdefault(b, []).append(a)
    rows = [list(r) for r in rows]
    best, fewest = [list(r) for r in rows], _crossings(rows, after)
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for n in range(len(rows)) if forward else reversed(range(len(rows))):
            near = before if forward else after
            place = {k: i for row in rows for i, k in enumerate(row)}
            rows[n].sort(key=lambda k: _mean([place[x] for x in near.get(k, ())], place[k]))
        crossed = _crossings(rows, after)
        if crossed < fewest:
            best, fewest = [list(r) for r in rows], crossed
    return _swapped(best, before, after)


def _mean(places: list[int], own: int) -> float:
    return sum(places) / len(places) if places else float(own)


def _swapped(
    rows: list[list[Thing]], before: Mapping[Thing, list[Thing]], after: Mapping[Thing, list[Thing]]
) -> list[list[Thing]]:
    """Exchange neighbours in a column as long as fewer arrows cross."""
    for _ in range(SWEEPS):
        better = False
        place = {k: i for row in rows for i, k in enumerate(row)}
        for row in rows:
            for i in range(len(row) - 1):
                a, b = row[i], row[i + 1]
                now = then = 0
                for near in (before, after):
                    xs, ys = [place[x] for x in near.get(a, ())], [place[y] for y in near.get(b, ())]
                    now += sum(x > y for x in xs for y in ys)
                    then += sum(y > x for x in xs for y in ys)
                if then < now:
                    row[i], row[i + 1] = b, a
                    place[a], place[b] = i + 1, i
                    better = True
        if not better:
            break
    return rows


def _crossings(rows: list[list[Thing]], after: Mapping[Thing, list[Thing]]) -> int:
    place = {k: i for row in rows for i, k in enumerate(row)}
    count = 0
    for row in rows:
        ends = [(i, place[y]) for i, k in enumerate(row) for y in after.get(k, ())]
        count += sum(a < c and b > d for a, b in ends for c, d in ends)
    return count


def _heights(
    order: list[list[Thing]],
    links: list[tuple[Thing, Thing]],
    sizes: Mapping[Thing, tuple[float, float]],
    apart: float,
) -> dict[Thing, float]:
    near: dict[Thing, list[tuple[Thing, float]]] = {}
    ahead, behind = Counter(a for a, _ in links), Counter(b for _, b in links)
    for a, b in links:
        firm = FIRM[isinstance(a, tuple) + isinstance(b, tuple)]
        firm *= ALONE if ahead[a] == behind[b] == 1 else 1.0
        near.setdefault(a, []).append((b, firm))
        near.setdefault(b, []).append((a, firm))
    column = {k: n for n, row in enumerate(order) for k in row}
    y: dict[Thing, float] = {}
    for row in order:
        _put_apart(y, row, dict.fromkeys(row, 0.0), dict.fromkeys(row, 1.0), sizes, apart)
    for sweep in range(4 * SWEEPS):
        late = sweep >= 3 * SWEEPS
        for n in range(len(order)) if sweep % 2 == 0 else reversed(range(len(order))):
            wanted, weight = {}, {}
            for k in order[n]:
                side = -1 if sweep % 2 == 0 else 1
                own = [(x, f) for x, f in near.get(k, ()) if late or (column[x] - n) * side > 0] or near.get(k, [])
                total = sum(f for _, f in own)
                wanted[k] = sum(f * y[x] for x, f in own) / total if own else y[k]
                weight[k] = total or 0.1
            _put_apart(y, order[n], wanted, weight, sizes, apart)
    return y


def _straighten(
    y: dict[Thing, float],
    order: list[list[Thing]],
    way: list[Lane],
    sizes: Mapping[Thing, tuple[float, float]],
    apart: float,
) -> None:
    """Put as many lanes of one arrow as there is room for to one height, from its start on."""
    i = 0
    while i < len(way):
        low, high, j = float("-inf"), float("inf"), i
        while j < len(way):
            least, most = _room(y, order[way[j][2]], way[j], sizes, apart)
            if max(low, least) > min(high, most):
                break
            low, high, j = max(low, least), min(high, most), j + 1
        mean = sum(y[lane] for lane in way[i:j]) / (j - i)
        y.update(dict.fromkeys(way[i:j], min(max(mean, low), high)))
        i = j


def _room(
    y: Mapping[Thing, float],
    row: Sequence[Thing],
    lane: Lane,
    sizes: Mapping[Thing, tuple[float, float]],
    apart: float,
) -> tuple[float, float]:
    """Return how far a lane may be moved up and down in its column; where it is lies between."""
    i = row.index(lane)
    low, high = float("-inf"), float("inf")
    if i:
        k = row[i - 1]
        low = y[k] + sizes[k][1] + LANE / 2 + (0.0 if isinstance(k, tuple) else apart)
    if i + 1 < len(row):
        k = row[i + 1]
        high = y[k] - sizes[k][0] - LANE / 2 - (0.0 if isinstance(k, tuple) else apart)
    return min(low, y[lane]), max(high, y[lane])


def _put_apart(
    y: dict[Thing, float],
    row: Sequence[Thing],
    wanted: Mapping[Thing, float],
    weight: Mapping[Thing, float],
    sizes: Mapping[Thing, tuple[float, float]],
    apart: float,
) -> None:
    """Put a column as near to the wanted heights as its sizes let it: neighbours that meet are pooled."""
    offset, offsets = 0.0, []
    for i, k in enumerate(row):
        if i:
            lanes = isinstance(k, tuple) and isinstance(row[i - 1], tuple)
            offset += sizes[row[i - 1]][1] + sizes[k][0] + (0.0 if lanes else apart)
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []  # height, weight, how many
    for k, o in zip(row, offsets, strict=True):
        pools.append((wanted[k] - o, weight[k], 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, u, m), (b, v, n) = pools[-2:]
            pools[-2:] = [((a * u + b * v) / (u + v), u + v, m + n)]
    i = 0
    for h, _, many in pools:
        for _ in range(many):
            y[row[i]] = h + offsets[i]
            i += 1
