"""Whether a claim is a bound, a derivative, or about a recorded function: what judges it is loaded only then."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.finding import Judgement
from symgrad.reading.known import is_activation
from symgrad.reading.tree import Apply, Derivative, Unknown, walk


def bound(case: Case) -> Judgement | None:
    """Judge an inequality; None for any other relation."""
    if case.relation not in ("<", "≤", ">", "≥"):
        return None
    from symgrad.audit.checks.formula import bound as bounds

    return bounds.bound(case)


def matrix(case: Case) -> Judgement | None:
    """Judge the derivative of a form of vectors and matrices; None for any other claim."""
    match case.left:
        case Derivative() | Unknown("∇"):
            from symgrad.audit.checks.formula import matrix as forms

            return forms.matrix(case)
    return None


def recorded(case: Case) -> Judgement | None:
    """Judge an equation in which an activation stands; None for any other claim."""
    if case.relation not in ("=", "≈"):
        return None
    if not any(isinstance(n, Apply) and is_activation(n.name) for side in case.nodes[-2:] for n in walk(side)):
        return None
    from symgrad.audit.checks.formula import recorded as records

    return records.recorded(case)
