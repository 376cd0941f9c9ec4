"""How a Jacobian is laid out: a row for each function, or for each variable."""

from __future__ import annotations

from itertools import zip_longest

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement, Word
from symgrad.reading.tree import Derivative, Node, Symbol, Tuple

NUMERATOR = "a row for each function: the numerator layout"
DENOMINATOR = "right in denominator layout only: a row for each variable"


def layout(case: Case) -> Judgement | None:
    """Judge a right side that is a matrix of derivatives by name; None for anything else."""
    return layout_of(case.right)


def layout_of(node: Node) -> Judgement | None:
    """Judge a matrix of derivatives by name; None for anything else.

    >>> z, w = (Derivative(Symbol(f"z_{i}"), "x") for i in "12")
    >>> layout_of(Tuple((Tuple((z, w)), Tuple((z, w))))).reason
    'right in denominator layout only: a row for each variable'
    """
    if not isinstance(node, Tuple) or len(node.items) < 2:
        return None
    rows = [r.items for r in node.items if isinstance(r, Tuple)]
    if len(rows) != len(node.items):
        return None
    named = [[n for n in r if _is_named(n)] for r in rows]
    pairs = [[(n.body.name, n.variable) for n in r] for r in named if len(r) > 1]  # type: ignore[union-attr]
    others = sum(not _is_named(n) and n != Symbol("…") for r in rows for n in r)
    if others or not pairs:
        return None
    same_function = all(len({f for f, _ in r}) == 1 for r in pairs)
    same_variable = all(len({x for _, x in r}) == 1 for r in pairs)
    columns = [[n for n in column if _is_named(n)] for column in zip_longest(*rows)]
    across = [{(n.variable if same_function else n.body.name) for n in c} for c in columns]  # type: ignore[union-attr]
    if same_function == same_variable or any(len(names) > 1 for names in across):
        return None
    if same_function:
        return Judgement(Word.CONFIRMED, reason=NUMERATOR, kind="layout")
    return Judgement(Word.NOTE, reason=DENOMINATOR, kind="layout")


def _is_named(n: Node | None) -> bool:
    return isinstance(n, Derivative) and isinstance(n.body, Symbol)
