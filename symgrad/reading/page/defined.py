"""Lines of a page that say what a name stands for, at every index: J_j = ..., ∂⁺s_k/∂W dW = ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from symgrad.reading.page.lexicon import shown
from symgrad.reading.tree import Apply, Name, Node, Number, Partial


@dataclass(frozen=True)
class Definition:
    """left = right; change: W, where the line says what a derivative by W does to dW.

    steps: ("j", 1, L - 1) where the line holds for j = 1, ..., L - 1 alone, one for each of its indices.
    """

    left: Name | Partial
    right: Node
    change: Name | None = None
    steps: tuple[tuple[str, Node, Node], ...] = ()


Instance = tuple[object, ...]
"""A name with numbers in the place of its indices."""


def instance(node: Name | Partial, number: Callable[[Node], Fraction | None]) -> Instance:
    """Return a name with its indices as numbers; what has no number stays as it is written."""
    if isinstance(node, Partial):
        return node.immediate, *instance(node.of, number), "/", *instance(node.wrt, number)
    parts = [*node.below, *([] if node.above is None else [node.above])]
    values: list[object] = []
    for part in parts:
        x = number(part)
        values.append(shown(part) if x is None else x)
    return node.base, node.accents, node.bracket, node.primes, len(node.below), *values


def matched(left: Name | Partial, sought: Instance, fixed: Mapping[str, int]) -> dict[str, int] | None:
    """Match J_j with J_4, giving j = 4; None where they are different names.

    fixed: symbols that have one number on the whole page.
    """
    bound: dict[str, int] = {}
    pattern = instance(left, lambda x: None)
    nodes = _indices(left)
    if len(pattern) != len(sought):
        return None
    for have, want in zip(pattern, sought, strict=True):
        if have == want and not (isinstance(have, str) and have in nodes):
            continue
        node = nodes.get(have) if isinstance(have, str) else None
        if node is None or not _bind(node, want, fixed, bound):
            return None
    return bound


def _indices(node: Name | Partial) -> dict[str, Node]:
    if isinstance(node, Partial):
        return {**_indices(node.of), **_indices(node.wrt)}
    parts = [*node.below, *([] if node.above is None else [node.above])]
    return {shown(p): p for p in parts}


def _bind(node: Node, want: object, fixed: Mapping[str, int], bound: dict[str, int]) -> bool:
    """Tell whether an index of the line can be the one that is sought; its symbol gets a number."""
    if not isinstance(want, Fraction):
        return shown(node) == want
    symbol, offset = "", Fraction(0)
    match node:
        case Number(value):
            return value == want
        case Name(base) if node == Name(base):
            symbol = base
        case Apply("+", (Name(base) as name, Number(value))) if name == Name(base):
            symbol, offset = base, value
        case Apply("+", (Name(base) as name, Apply("neg", (Number(value),)))) if name == Name(base):
            symbol, offset = base, -value
        case _:
            return False
    number = want - offset
    known = fixed.get(symbol, bound.get(symbol))
    if known is not None:
        return number == known
    bound[symbol] = int(number)
    return True
