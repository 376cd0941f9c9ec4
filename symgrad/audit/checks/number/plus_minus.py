"""Two numbers at once: 3 ± 2 · 0.75 = 3 ± 1.5, and the interval that they are the ends of, 3 ± 1.5 = [1.5, 4.5]."""

from __future__ import annotations

from symgrad.audit.case import Case, is_closed
from symgrad.audit.checks.number.link import judge
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Apply, Node, Tuple, Unknown

KIND = "numeric"


def plus_minus(case: Case) -> Judgement | None:
    """Confirm an equation between two values at once; None where there is no ±, or where letters are.

    It is not refuted: what stands behind ± may be an error, a share of what stands before it, or a list of solutions.
    """
    if case.relation not in ("=", "≈") or not any(isinstance(n, Unknown) and n.name == "±" for n in case.nodes[-2:]):
        return None
    left, right = map(_pairs, case.nodes[-2:])
    for some in left:
        for others in right:
            if all(map(is_closed, (*some, *others))) and _agree(case, some, others):
                return Judgement(Word.CONFIRMED, reason="both values", kind=KIND)
    return unchecked("two values: ±", KIND)


def _agree(case: Case, some: tuple[Node, ...], others: tuple[Node, ...]) -> bool:
    relation = case.relation
    return all(judge([x, y], relation)[0] is Word.CONFIRMED for x, y in zip(some, others, strict=True))


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """Return a side as its middle and what is added, and as its two values."""
    match node:
        case Unknown("±", (middle, more)):
            ends = Apply("-", (middle, more)), Apply("+", (middle, more))
            return [(middle, more), ends]
        case Unknown("±", (more,)):
            return [(Apply("neg", (more,)), more)]
        case Tuple((low, high)):
            return [(low, high)]
    return []
