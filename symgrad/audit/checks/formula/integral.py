"""Antiderivatives: ∫ f dx = F + C, judged by the derivative of F."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.checks.formula.identity import unclear
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.definitions import written_out
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.reading.tree import Derivative, Integral, symbols

KIND = "integral"


def _definite(case: Case, first: Integral) -> Judgement:
    """Judge ∫_0^a x² dx = a³/3, at numbers for its letters."""
    right = case.right
    for node in (first.body, right):
        if reason := unclear(node):
            return unchecked(reason, KIND)
    if "∞" in symbols(first) or case.left != first or not symbols(right) <= symbols(first) or not symbols(first):
        return unchecked("a definite integral", KIND)
    found = compare(first, right, domain=case.domain)
    if found.word is Word.REFUTED and (case.relation != "=" or not symbols(right)):
        return unchecked("a definite integral", KIND)
    return Judgement(found.word, reason=found.reason, kind=KIND)


def _of_one_integrand(left: Integral, right: Integral) -> Judgement | None:
    """Confirm ∫ f dx = ∫ g dx where f = g; what differs may be an integral by parts, or by a substitution."""
    limits = [(n.low, n.high, n.variable) for n in (left, right)]
    if limits[0] != limits[1] or left.body == right.body or unclear(left.body) or unclear(right.body):
        return None
    found = compare(left.body, right.body, left.variable)
    return Judgement(Word.CONFIRMED, reason=found.reason, kind=KIND) if found.word is Word.CONFIRMED else None


def integral(case: Case) -> Judgement | None:
    """Judge a chain that begins with an integral; None for any other."""
    of = case.left if isinstance(case.left, Integral) else case.nodes[0]
    first, right = (written_out(n, case.known) for n in (of, case.right))
    if case.relation not in ("=", "≈") or not isinstance(first, Integral):
        return None
    if isinstance(right, Integral) and (same := _of_one_integrand(first, right)):
        return same
    if first.low is not None or first.high is not None:
        return _definite(case, first)
    for node in (first.body, right):
        if reason := unclear(node):
            return unchecked(reason, KIND)
    if first.variable not in symbols(right):
        return unchecked("no antiderivative", KIND)
    if not symbols(first.body) <= symbols(right) | {first.variable}:
        return unchecked("letters that the other side does not have", KIND)
    found = compare(Derivative(right, first.variable), first.body, first.variable)
    return Judgement(found.word, reason=found.reason, kind=KIND)
