"""Laws that hold of all numbers, and that an author states of something else: A B = B A, (f + g) + h = f + (g + h)."""

from __future__ import annotations

import re

from symgrad.audit.finding import Passage
from symgrad.reading.tree import Apply, Node, Number, Symbol, walk

OPERATIONS = frozenset("+-*") | {"neg"}
MOST = 3
"""Operations on each side of a law."""
_STRUCTURE = re.compile(
    r"\b(?:(?:semi|sub)?groups?|rings?|fields?|vector spaces?|subspaces?|modules?|matri(?:x|ces)|operators?|axioms?|"
    r"commut\w+|associati\w+|distributi\w+|monoids?|categor(?:y|ies)|linear maps?|scalars?|quaternions?|lattices?)\b|"
    r"矩阵|群|环|向量空间|算子",
    re.IGNORECASE,
)
"""Words for what has laws of its own."""


def law(passage: Passage, left: Node, right: Node) -> str:
    """Return why an equation that holds for all numbers says nothing of them, or nothing.

    >>> from symgrad.audit.finding import Place
    >>> a, b = Symbol("a"), Symbol("b")
    >>> passage = Passage("ab = ba", Place("notes.md", 1))
    >>> law(passage, Apply("*", (a, b)), Apply("*", (b, a)))
    'a law of all numbers, perhaps stated of something else'
    >>> law(passage, Apply("neg", (a,)), Apply("*", (Number(-1, "-1"), a)))
    ''
    """
    if not all(map(_is_of_law, (left, right))) or not any(isinstance(n, Symbol) for n in walk(left)):
        return ""
    if _is_exchange(left, right) or _STRUCTURE.search(passage.before) or dict(passage.known).get("algebra"):
        return "a law of all numbers, perhaps stated of something else"
    return ""


def _is_exchange(left: Node, right: Node) -> bool:
    """Tell whether two sides are one operation between the same parts in another order."""
    match left, right:
        case Apply("+" | "*" as one, first), Apply(other, second):
            return one == other and first == second[::-1]
    return False


def _is_of_law(side: Node) -> bool:
    parts = list(walk(side))
    inverse = sum(isinstance(n, Apply) and _is_inverse(n) for n in parts)
    operations = sum(isinstance(n, Apply) and n.name in OPERATIONS for n in parts) - inverse
    others = sum(not _is_simple(n) for n in parts)
    return operations <= MOST and others == 0


def _is_inverse(n: Node) -> bool:
    match n:
        case Apply("^", (_, Apply("neg", (Number(one),)))):
            return one == 1
    return False


def _is_simple(n: Node) -> bool:
    match n:
        case Number(value):
            return value in (0, 1)
        case Symbol(name):
            return name != "pi"
        case Apply(name):
            return name in OPERATIONS or _is_inverse(n)
    return False
