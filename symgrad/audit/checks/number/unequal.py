"""Numbers that are said to differ: 3 ≠ 0."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.number.link import number
from symgrad.audit.doubt.evidence import traits
from symgrad.audit.finding import SURE, Evidence, Judgement, Word, unchecked
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Number, Tuple, Unknown, walk
from symgrad.reading.value import UndefinedError, ball

KIND, RELATION = "numeric", "= in the place of ≠"
LIKELY = 2


def unequal(case: Case) -> Judgement | None:
    """Confirm that two numbers differ, or refute it of a calculation with whole ones; None for any other claim."""
    if case.relation != "≠":
        return None
    if _is_zero(case.left) and _is_zero(case.right) and isinstance(case.left, Tuple):
        shown = Evidence(True, traits(case.left, case.right), RELATION, SURE)
        return Judgement(Word.REFUTED, "=", "all entries are 0", "matrix", evidence=shown)
    if not case.closed:
        return None
    try:
        difference = ball(number(case.left)) - ball(number(case.right))
    except (NotUnderstoodError, UndefinedError):
        return None
    if difference.is_finite() and not difference.contains(0):
        return Judgement(Word.CONFIRMED, reason="the balls are disjoint", kind=KIND)
    if difference == 0 and _is_of_whole_numbers(case):
        shown = Evidence(True, traits(case.left, case.right), RELATION, LIKELY)
        return Judgement(Word.REFUTED, "=", "both sides are equal", KIND, evidence=shown)
    return unchecked("perhaps equal", KIND)


def _is_zero(node: Node) -> bool:
    """Tell whether a side is 0, a vector or a matrix of zeros, or a zero with its size below it."""
    match node:
        case Number(value):
            return value == 0
        case Unknown("_", (Number(value), *_)):
            return value == 0
        case Tuple(items):
            return bool(items) and all(map(_is_zero, items))
    return False


def _is_of_whole_numbers(case: Case) -> bool:
    """Tell whether a side is a whole number, and the other is calculated from such without a quotient."""
    nodes = [n for side in case.nodes[-2:] for n in walk(side)]
    whole = all(not n.places and n.value.denominator == 1 for n in nodes if isinstance(n, Number))
    operations = {n.name for n in nodes if isinstance(n, Apply)}
    beside_its_value = sum(isinstance(side, Number) for side in case.nodes[-2:]) == 1
    return whole and beside_its_value and {"neg"} < operations | {"neg"} <= {"+", "-", "*", "^", "neg"}
