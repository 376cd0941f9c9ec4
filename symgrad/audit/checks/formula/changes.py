r"""Changes of letters, Δt and Δx: each is a letter of its own, whose square is Δt^2."""

from __future__ import annotations

from symgrad.reading.tree import Apply, Node, Symbol, rebuilt, walk

CHANGE = Symbol("Delta")


def joined(node: Node) -> Node:
    r"""Return a formula in which \Delta t is one letter.

    >>> t, c = Symbol("t"), Symbol("c")
    >>> joined(Apply("*", (CHANGE, Apply("^", (t, c))))) == Apply("^", (Symbol("Δt"), c))
    True
    >>> joined(Apply("*", (Apply("*", (c, CHANGE)), t))) == Apply("*", (c, Symbol("Δt")))
    True
    """
    if not any(n == CHANGE for n in walk(node)):
        return node
    node = rebuilt(node, joined)
    match node:
        case Apply("*", (before, letter)):
            if before == CHANGE and (changed := _changed(letter)):
                return changed
            if isinstance(before, Apply) and before.name == "*" and before.arguments[1] == CHANGE:
                changed = _changed(letter)
                return Apply("*", (before.arguments[0], changed)) if changed else node
    return node


def _changed(letter: Node) -> Node | None:
    match letter:
        case Symbol(name):
            return Symbol(f"Δ{name}")
        case Apply("^", (Symbol(name), power)):
            return Apply("^", (Symbol(f"Δ{name}"), power))
    return None
