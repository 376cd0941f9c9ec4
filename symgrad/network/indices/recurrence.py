"""Which indices are recurrences, and which are those of families.

An index is a family where its range is declared, ``h: range(1, H+1)``, and no equation reads what it defines at h-1.
"""

from __future__ import annotations

from collections.abc import Sequence

from symgrad.algebra.expression import Quantity
from symgrad.algebra.expression_tree import quantities, reads
from symgrad.algebra.index import Affine, Index, difference, symbols
from symgrad.network.equation import Equation
from symgrad.network.graph import in_circles
from symgrad.network.indices.ranges import Ranges, slots_of


def recurrences(found: Ranges, equations: Sequence[Equation]) -> tuple[str, ...]:
    """Return the roots of the indices along which equations read each other, or are counted from 1 to a depth.

    A declared range is one only where something that an equation defines is read at another value of its own index.
    """
    defined = {e.target.name for e in equations}
    circular = in_circles(equations)
    kept: dict[str, None] = {}
    for e in equations:
        for slot, p in slots_of(e.target):
            root = found.root(found.slots[slot]) if slot in found.slots else ""
            if isinstance(p, Index) and root not in found.declared:
                kept[root] = None
    for e in equations:
        for q in quantities(e.value):
            for slot, p in slots_of(q):
                root = found.root(found.slots[slot]) if slot in found.slots else ""
                if root not in found.declared or q.name not in defined:
                    continue
                if isinstance(p, Affine):
                    if q.name in circular:
                        kept[root] = None
                    continue
                before = difference(p, found.declared[root].lower) if isinstance(p, int) else p.offset
                if before is None or before < 0 or (before and isinstance(p, Index)):
                    kept[root] = None
    return tuple(kept)


def is_chain(found: Ranges, equations: Sequence[Equation], root: str) -> bool:
    """Tell whether the one recurrence is a chain: each step reads the steps before it, at a fixed distance.

    So it is not where a step reads later ones, or a sum of steps, or where what later steps read is a family, or where
    something starts from the last step of something else.
    """
    stepped = {e.target.name for e in equations if _stands_at(found, e.target, root)}
    for e in equations:
        if e.target.further and any(isinstance(p, int) for p in e.target.indices):
            return False
        step = e.target.name in stepped and _stands_at(found, e.target, root)
        own = symbols(e.target.indices)
        for q, spans in [(e.target, ()), *reads(e.value)]:
            roots = roots_of(found, q)
            if any(r == root and isinstance(p, Affine) for r, p in zip(roots, q.indices, strict=True)):
                return False
            if roots.count(root) > 1:
                return False
            if q.name not in stepped or root not in roots:
                continue
            p = q.indices[roots.index(root)]
            if isinstance(p, int):
                outside = bool(q.further)
            elif step and isinstance(p, Index):
                free = p.symbol in own and p.symbol not in {s.symbol for s in spans}
                outside = not free or p.offset > 0 or (p.offset < 0 and bool(q.further))
            else:
                outside = bool(e.target.indices) and not own  # c[0] = h[T]
            if outside:
                return False
    return True


def _stands_at(found: Ranges, q: Quantity, root: str) -> bool:
    """Tell whether the left side q is of the general step."""
    return any(r == root and isinstance(p, Index) for r, p in zip(roots_of(found, q), q.indices, strict=True))


def roots_of(found: Ranges, q: Quantity) -> list[str]:
    """Return the root of each index of a quantity, "" where it is not known."""
    return [found.root(found.slots[slot]) if slot in found.slots else "" for slot, _ in slots_of(q)]
