"""The values that an answer prints: 1 + √2 and 1 - √2 of x = 1 ± √2, and 2 and 3 of x ∈ {2, 3}."""

from __future__ import annotations

import re

from symgrad.audit.checks.solved.statement import Statement
from symgrad.audit.parsed import chains_of
from symgrad.reading.tree import Apply, Node, Tuple, Unknown, rebuilt, walk

_SET = re.compile(
    r"(?:\\left\s*)?\\(?:\{|lbrace(?![a-z]))(.{1,200}?)(?:\\right\s*)?\\(?:\}|rbrace(?![a-z]))\s*", re.DOTALL
)


def values_of(statement: Statement) -> tuple[Node, ...] | None:
    """Return the values of an answer, or of a number by itself; None where one is not understood."""
    nodes = statement.nodes
    if not nodes or (len(nodes) > 1 and "\\mp" in statement.text):
        return None
    value = nodes[min(1, len(nodes) - 1)]
    side = statement.chain.sides[min(1, len(nodes) - 1)]
    if isinstance(value, Unknown) and value.name == "\\set":
        return values_in(statement.text[side.start : side.end])
    if isinstance(value, Tuple) or any(isinstance(n, Unknown) and n.name != "±" for n in walk(value)):
        return None
    return tuple(branches(value))


def values_in(text: str) -> tuple[Node, ...] | None:
    r"""Return what stands in the braces of a set, between commas; None where that is not understood.

    >>> [type(n).__name__ for n in values_in(r"\{1, -2\}") or ()]
    ['Number', 'Apply']
    """
    found = _SET.fullmatch(text)
    if found is None or "mid" in found[1]:
        return None
    nodes = []
    for item in re.split(r"[,;]", found[1]):
        chains = chains_of(item)
        node = chains[0].sides[0].node if len(chains) == 1 and not chains[0].relations else None
        if node is None:
            return None
        nodes += branches(node)
    return tuple(nodes)


def branches(node: Node) -> list[Node]:
    """Return both values of a formula with ±, or the one of a formula without.

    >>> branches(Tuple(()))
    [Tuple(items=())]
    """
    if not any(isinstance(n, Unknown) and n.name == "±" for n in walk(node)):
        return [node]

    def of(n: Node, sign: str) -> Node:
        match n:
            case Unknown("±", (a, b)):
                return Apply(sign, (of(a, sign), of(b, sign)))
            case Unknown("±", (a,)):
                return of(a, sign) if sign == "+" else Apply("neg", (of(a, sign),))
        return rebuilt(n, lambda m: of(m, sign))

    return [of(node, "+"), of(node, "-")]
