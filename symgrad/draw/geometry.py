"""Boxes and curves in the plane, in points, y downwards: where one touches another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
Path = tuple[Point, ...]
"""A start, and three points for each cubic Bézier segment."""
SAMPLES = 16
"""Pieces into which a segment is cut."""


@dataclass(frozen=True)
class Box:
    """A rectangle about (x, y)."""

    x: float
    y: float
    width: float
    height: float

    def grown(self, by: float) -> Box:
        """Return the box with a margin."""
        return Box(self.x, self.y, self.width + 2 * by, self.height + 2 * by)

    def overlaps(self, other: Box) -> bool:
        """Tell whether two boxes have a part in common.

        >>> Box(0, 0, 2, 2).overlaps(Box(1.5, 0, 2, 2)), Box(0, 0, 2, 2).overlaps(Box(2, 0, 2, 2))
        (True, False)
        """
        near_x = abs(self.x - other.x) * 2 < self.width + other.width - 1e-9
        return near_x and abs(self.y - other.y) * 2 < self.height + other.height - 1e-9

    def holds(self, p: Point) -> bool:
        """Tell whether a point lies inside."""
        return abs(p[0] - self.x) * 2 < self.width - 1e-9 and abs(p[1] - self.y) * 2 < self.height - 1e-9


def line(a: Point, b: Point) -> Path:
    """Return a straight path.

    >>> line((0, 0), (3, 0))
    ((0, 0), (1.0, 0.0), (2.0, 0.0), (3, 0))
    """
    dx, dy = b[0] - a[0], b[1] - a[1]
    return (a, (a[0] + dx / 3, a[1] + dy / 3), (a[0] + 2 * dx / 3, a[1] + 2 * dy / 3), b)


def is_straight(path: Path) -> bool:
    """Tell whether a path is one line.

    >>> is_straight(line((0, 0), (3, 1))), is_straight(((0, 0), (1, 0), (2, 1), (3, 1)))
    (True, False)
    """
    (x0, y0), (x1, y1) = path[0], path[-1]
    far = hypot(x1 - x0, y1 - y0) or 1.0
    return all(abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / far < 0.01 for x, y in path)


def segments(path: Path) -> Iterator[tuple[Point, Point, Point, Point]]:
    """Yield the cubic segments of a path."""
    for i in range(0, len(path) - 1, 3):
        yield path[i], path[i + 1], path[i + 2], path[i + 3]


def sampled(path: Path, number: int = SAMPLES) -> list[Point]:
    """Return points along a path.

    >>> sampled(line((0, 0), (2, 0)), 2)
    [(0, 0), (1.0, 0.0), (2.0, 0.0)]
    """
    found = [path[0]]
    for a, b, c, d in segments(path):
        for k in range(1, number + 1):
            t = k / number
            u = 1 - t
            found.append(
                (
                    u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
                    u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
                )
            )
    return found


def meets(path: Path, box: Box) -> bool:
    """Tell whether a path runs through a box.

    >>> meets(line((0, 0), (10, 0)), Box(5, 0.5, 2, 2)), meets(line((0, 0), (10, 0)), Box(5, 2, 2, 2))
    (True, False)
    """
    around, pieces = _pieces(path)
    return box.overlaps(around) and any(_crosses(a, b, box) for a, b in pieces)


@lru_cache(maxsize=4096)
def _pieces(path: Path) -> tuple[Box, tuple[tuple[Point, Point], ...]]:
    """Return the box around a path, and its pieces."""
    points = [path[0], path[-1]] if is_straight(path) else sampled(path)
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    box = Box((left + right) / 2, (top + bottom) / 2, right - left + 0.01, bottom - top + 0.01)
    return box, tuple(pairwise(points))


def _crosses(a: Point, b: Point, box: Box) -> bool:
    """Tell whether the line from a to b has a point inside the box: it is cut to the box, axis by axis."""
    low, high = 0.0, 1.0
    for n, middle, half in ((0, box.x, box.width / 2 - 1e-9), (1, box.y, box.height / 2 - 1e-9)):
        start, step = a[n] - middle, b[n] - a[n]
        if abs(step) < 1e-12:
            if abs(start) >= half:
                return False
            continue
        near, far = sorted(((-half - start) / step, (half - start) / step))
        low, high = max(low, near), min(high, far)
        if low >= high:
            return False
    return True


def moved(path: Path, dx: float, dy: float) -> Path:
    """Return a path in another place."""
    return tuple((x + dx, y + dy) for x, y in path)
