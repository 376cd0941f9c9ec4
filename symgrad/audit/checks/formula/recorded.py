"""Equations with functions of which symgrad has records, SELU'(z) = SELU'(1) for z > 0: judged by their evidence."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.statement.formula import Letters, by_evidence, decimal
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.claims.kind import Claim
from symgrad.claims.relation import Relation
from symgrad.claims.slope import Slope
from symgrad.errors import SymgradError
from symgrad.network.formula import read_formula
from symgrad.reading.known import is_activation
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Derivative, Node, Symbol, symbols, walk

KIND = "function"


def recorded(case: Case) -> Judgement | None:
    """Judge an equation in which such a function stands; None for any other claim."""
    named = (n.name for side in case.nodes[-2:] for n in walk(side) if isinstance(n, Apply))
    if case.relation not in ("=", "≈") or not any(map(is_activation, named)):
        return None
    if isinstance(case.left, Symbol) or isinstance(case.right, Symbol) or case.left == case.right:
        return None
    try:
        claim = _claim(case)
    except (NotUnderstoodError, SymgradError) as error:
        return unchecked(f"not understood: {error}", KIND)
    found = by_evidence(claim, KIND)
    if found.word is Word.REFUTED and not isinstance(claim, Slope):
        return unchecked(f"perhaps another function, or an equation that is to be solved; {found.reason}", KIND)
    return found


def _claim(case: Case) -> Claim:
    letters = Letters()
    domain = letters.intervals(case.nodes[-2:], case.domain)
    match case.left:
        case Derivative(body, variable, 1):
            if variable not in symbols(body):
                raise NotUnderstoodError("what is differentiated is not written out")
            if not symbols(case.right) <= symbols(body):
                raise NotUnderstoodError("letters that the other side does not have")
            return Slope(letters.formula(body), letters.name(variable), letters.formula(case.right), domain)
    left, shown = letters.formula(case.left), decimal(case.right)
    if case.relation == "≈" and shown is None:
        raise NotUnderstoodError("≈ compares a number with a decimal")
    rounded = shown is not None and not left.variables and (case.relation == "≈" or _is_rounded(case.right))
    if rounded and shown is not None:
        return Relation(left, "≈", read_formula(shown))
    return Relation(left, "=", letters.formula(case.right), domain)


def _is_rounded(node: Node) -> bool:
    return "." in (decimal(node) or "")
