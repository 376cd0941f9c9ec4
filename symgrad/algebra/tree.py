"""Trees, walked and folded: what every operation on expressions and on linear maps is written on.

A tree is known by what stands immediately inside a node; ``inside`` and ``rebuilt`` of ``expression_tree`` and
``map_tree`` say it for the two trees, one line a kind of node. Nothing here recurses: a tree may be deep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Node = TypeVar("Node")
Value = TypeVar("Value")

Inside = Callable[[Node], Sequence[Node]]
"""The nodes that stand immediately inside a node, from left to right."""


def walk(root: Node, inside: Inside[Node]) -> Iterator[Node]:
    """Yield a node and all nodes inside it, each before those inside it, from left to right.

    >>> list(walk((1, (2, 3)), lambda x: x if isinstance(x, tuple) else ()))
    [(1, (2, 3)), 1, (2, 3), 2, 3]
    """
    pending = [root]
    while pending:
        x = pending.pop()
        yield x
        pending += reversed(inside(x))


def fold(
    root: Node,
    inside: Inside[Node],
    value: Callable[[Node, Callable[[Node], Value]], Value],
    known: dict[int, tuple[Node, Value]] | None = None,
) -> Value:
    """Return value(root, of), where of(y) is the same of a node y that stands inside; a shared node is valued once.

    known: the values of nodes that were met before, by id, each with its node, so that no other gets its id.

    >>> fold((1, (2, 3)), lambda x: x if isinstance(x, tuple) else (),
    ...     lambda x, of: sum(map(of, x)) if isinstance(x, tuple) else x)
    6
    """
    known = {} if known is None else known
    pending = [(root, False)]
    while pending:
        x, entered = pending.pop()
        if id(x) in known:
            continue
        if entered:
            known[id(x)] = x, value(x, lambda y: known[id(y)][1])
        else:
            pending.append((x, True))
            pending += [(y, False) for y in reversed(inside(x))]
    return known[id(root)][1]


def replace(
    root: Node,
    inside: Inside[Node],
    rebuilt: Callable[[Node, Callable[[Node], Node]], Node],
    change: Callable[[Node], Node | None],
) -> Node:
    """Return a tree with change(x) in the place of each node x for which that is not None; nothing in x is visited."""
    put: dict[int, Node] = {}

    def remaining(x: Node) -> Sequence[Node]:
        new = change(x)
        if new is None:
            return inside(x)
        put[id(x)] = new
        return ()

    return fold(root, remaining, lambda x, of: put[id(x)] if id(x) in put else rebuilt(x, of))


def remembered_hash(node: Any) -> int:
    """Return the hash of a node of a tree, computed once: that of a deep tree is asked for at each of its nodes."""
    try:
        known: int = node._hash
    except AttributeError:
        known = hash((type(node), *(getattr(node, name) for name in node.__slots__)))
        object.__setattr__(node, "_hash", known)
    return known
