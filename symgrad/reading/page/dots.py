"""Products with dots on a page, W_L ⋯ W_1: the factors that the dots leave out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Call, Name, Node, Number, Partial, children

DOTS = Apply("⋯", ())

Exact = Callable[[Node], Fraction | None]
"""The exact number that an index is, None where it is none."""


def dotted(first: Node, last: Node, exact: Exact, longest: int) -> list[Node]:
    """Return W_L ⋯ W_1, whose factors differ in nothing but an index that goes up or down by 1."""
    steps: set[Fraction] = {b - a for a, b in _differences(first, last, exact)}
    if len(steps) != 1:
        raise NotUnderstoodError("dots between what differs in more than an index")
    total = int(steps.pop())
    between = [n if total > 0 else -n for n in range(1, min(abs(total), longest) + 1)]
    return [first, *(_moved(first, last, n, exact) for n in between)]


def _differences(a: Node, b: Node, exact: Exact) -> list[tuple[Fraction, Fraction]]:
    if a == b:
        return []
    x, y = exact(a), exact(b)
    if x is not None and y is not None:
        return [(x, y)]
    inner, other = children(a), children(b)
    if type(a) is not type(b) or len(inner) != len(other) or not inner or _bare(a) != _bare(b):
        raise NotUnderstoodError("dots between what differs in more than an index")
    return [d for p, q in zip(inner, other, strict=True) for d in _differences(p, q, exact)]


def _moved(a: Node, b: Node, by: int, exact: Exact) -> Node:
    """Return a with the indices moved in which it differs from b."""
    if a == b:
        return a
    x = exact(a)
    if x is not None:
        return Number(x + by, str(x + by))
    match a, b:
        case Name(base, accents, below, above, bracket, primes), Name():
            moved = tuple(_moved(p, q, by, exact) for p, q in zip(below, b.below, strict=True))
            up = above if above is None or b.above is None else _moved(above, b.above, by, exact)
            return Name(base, accents, moved, up, bracket, primes)
        case Apply(name, arguments), Apply():
            inner = tuple(_moved(p, q, by, exact) for p, q in zip(arguments, b.arguments, strict=True))
            return Apply(name, inner)
        case Call(function, arguments, slot), Call():
            inner = tuple(_moved(p, q, by, exact) for p, q in zip(arguments, b.arguments, strict=True))
            return Call(function, inner, slot)
        case Partial(of, wrt, immediate), Partial():
            above_, below_ = _moved(of, b.of, by, exact), _moved(wrt, b.wrt, by, exact)
            if isinstance(above_, Name) and isinstance(below_, Name):
                return Partial(above_, below_, immediate)
    raise NotUnderstoodError("dots between what differs in more than an index")


def _bare(node: Node) -> object:
    """Return what a node is, without its children."""
    match node:
        case Name(base, accents, below, above, bracket, primes):
            return base, accents, len(below), above is None, bracket, primes
        case Apply(name):
            return name
        case Call(_, _, by):
            return by
        case Partial(_, _, immediate):
            return immediate
    return node
