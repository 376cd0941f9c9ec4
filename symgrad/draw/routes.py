"""The ways of arrows: from edge to edge of two shapes, through the lanes between them, and where a label stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot

from symgrad.draw.geometry import Box, Path, Point, line, meets, sampled
from symgrad.draw.layers import Layout

STEEPEST = 1.5
"""The steepest straight arrow: height by width."""
CLEAR = 1.5
"""Points between an arrow and what it passes."""
Shape = tuple[Box, bool]
"""The rectangle around a node, and whether it is round."""


def edge_of(shape: Shape, towards: Point, clear: float = 0.5) -> Point:
    """Return where the line from the middle of a shape to a point leaves it."""
    box, round_ = shape
    dx, dy = towards[0] - box.x, towards[1] - box.y
    far = hypot(dx, dy) or 1.0
    half, high = box.width / 2, box.height / 2
    if round_ and half - high < 0.01:
        cut = half + clear
    elif round_ and abs(dx) * high > abs(dy) * (half - high) and abs(dx) > 0:  # the half circle at an end of an oval
        middle = half - high
        ux, uy = abs(dx) / far, abs(dy) / far
        cut = middle * ux + (max((high + clear) ** 2 - (middle * uy) ** 2, 0.0)) ** 0.5
    else:
        cut = min((half + clear) / abs(dx) if dx else 1e9, (high + clear) / abs(dy) if dy else 1e9) * far
    return (box.x + dx / far * cut, box.y + dy / far * cut)


def straight(start: Shape, end: Shape) -> Path:
    """Return the straight way between two shapes."""
    (a, _), (b, _) = start, end
    return line(edge_of(start, (b.x, b.y)), edge_of(end, (a.x, a.y), 1.0))


def through(layout: Layout, edge: tuple[str, str], start: Shape, end: Shape) -> Path:
    """Return the way through the lanes: level where it passes a column, and curved between two."""
    x, y = edge
    a, b = start[0], end[0]
    stops = [(layout.column[x], a.y), *layout.lanes[edge], (layout.column[y], b.y)]
    here = (a.x + a.width / 2 + 0.5, a.y)
    path: list[Point] = [here]
    for (n, height), (m, next_height) in pairwise(stops):
        right, left = layout.columns[n][1], layout.columns[m][0]
        path += _level(path[-1], (max(right, path[-1][0]), height))
        end_x = left if m != stops[-1][0] else min(left, b.x - b.width / 2 - 1.0)
        path += _curve(path[-1], (end_x, next_height))
    path += _level(path[-1], (b.x - b.width / 2 - 1.0, b.y))
    return tuple(path)


def _level(a: Point, b: Point) -> Sequence[Point]:
    return () if abs(b[0] - a[0]) < 0.01 else line(a, b)[1:]


def _curve(a: Point, b: Point) -> Sequence[Point]:
    if abs(a[1] - b[1]) < 0.01:
        return _level(a, b)
    reach = (b[0] - a[0]) * 0.5
    return ((a[0] + reach, a[1]), (b[0] - reach, b[1]), b)


def is_clear(path: Path, obstacles: Iterable[Box]) -> bool:
    """Tell whether a way meets none of some boxes, with a little room."""
    return not any(meets(path, box.grown(CLEAR)) for box in obstacles)


def beside(path: Path, width: float, height: float, gap: float = 2.0) -> Iterator[Box]:
    """Yield boxes of a size that stand beside a way without touching it, the best first."""
    points = sampled(path, 24)
    number = len(points) - 1
    for share in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82):
        n = min(max(round(share * number), 1), number - 1)
        x, y = points[n]
        (ax, ay), (bx, by) = points[n - 1], points[n + 1]
        far = hypot(bx - ax, by - ay) or 1.0
        ux, uy = (bx - ax) / far, (by - ay) / far
        for side in (1, -1):  # above an arrow to the right first
            nx, ny = side * uy, -side * ux
            away = abs(nx) * width / 2 + abs(ny) * height / 2 + gap
            box = Box(x + nx * away, y + ny * away, width, height)
            if not meets(path, box):
                yield box
