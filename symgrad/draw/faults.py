"""What must not happen in a drawing: something on top of something else. The layouts are measured by it."""

from __future__ import annotations

from itertools import combinations

from symgrad.draw.drawing import Arrow, Drawing
from symgrad.draw.geometry import Box, meets


def faults(drawing: Drawing) -> list[str]:
    """Return what overlaps: shapes and labels with each other, arrows with shapes and labels that are not their own.

    >>> from symgrad.network.read import read_builtin
    >>> from symgrad.draw.network import draw
    >>> faults(draw(read_builtin("lstm")))
    []
    """
    boxes = [(f"node {n.key}", n.box) for n in drawing.nodes if n.shape != "frame"]
    boxes += [(f"label {', '.join(m.keys)} at ({m.x:.0f}, {m.y:.0f})", m.box) for m in drawing.labels]
    found = [f"{a} overlaps {b}" for (a, x), (b, y) in combinations(boxes, 2) if x.overlaps(y)]
    page = Box(drawing.width / 2, drawing.height / 2, drawing.width, drawing.height)
    found += [f"{name} leaves the page" for name, box in boxes if not _inside(box, page)]
    for a in drawing.arrows:
        for n in drawing.nodes:
            own = a.start in n.keys or a.end in n.keys
            if n.shape != "frame" and not own and meets(a.path, n.box):
                found.append(f"arrow {a.start} -> {a.end} runs through {n.key}")
        found += [
            f"arrow {a.start} -> {a.end} touches label {', '.join(m.keys)}"
            for m in drawing.labels
            if meets(a.path, m.box)
        ]
        found += _inward(drawing, a)
    return found


def _inside(box: Box, page: Box) -> bool:
    across = abs(box.x - page.x) + box.width / 2 <= page.width / 2 + 0.01
    return across and abs(box.y - page.y) + box.height / 2 <= page.height / 2 + 0.01


def _inward(drawing: Drawing, a: Arrow) -> list[str]:
    """Return where an arrow runs on inside the shape that it begins or ends at."""
    found = []
    for n in drawing.nodes:
        if n.shape == "frame" or not {a.start, a.end}.intersection(n.keys):
            continue
        inner = Box(n.x, n.y, n.width * 0.66, n.height * 0.66)
        if meets(a.path, inner):
            found.append(f"arrow {a.start} -> {a.end} runs into {n.key}")
    return found
