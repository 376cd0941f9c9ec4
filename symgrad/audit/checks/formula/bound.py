"""Inequalities with letters: bounds of the slope of a known activation, |σ'(z)| ≤ 1/4."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from symgrad.arithmetic import arithmetic
from symgrad.audit.case import Case
from symgrad.audit.checks.formula.points import compare
from symgrad.audit.checks.formula.quantified import is_for_all
from symgrad.audit.checks.statement.formula import Letters, by_evidence
from symgrad.audit.definitions import written_out
from symgrad.audit.finding import Judgement, Word, unchecked
from symgrad.claims.relation import Relation
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.reading.known import records
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Node, Symbol, symbols
from symgrad.reading.value import UndefinedError, evaluate

KIND = "inequality"
TURNED = {"<": "≥", "≤": "≥", ">": "≤", "≥": "≤"}
_ALWAYS = re.compile(r"\balways (?:have|holds?|true)\b[^.!?]{0,40}\Z", re.IGNORECASE)


def bound(case: Case) -> Judgement | None:
    """Judge an inequality: |σ'(z)| < 1/4 is wrong at z = 0. None for any other relation."""
    left, right = (written_out(n, case.known) for n in case.nodes[-2:])
    relation = case.relation
    if relation not in ("<", "≤", ">", "≥"):
        return None
    if relation in (">", "≥"):
        left, relation, right = right, {">": "<", "≥": "≤"}[relation], left
    inner = left.arguments[0] if isinstance(left, Apply) and left.name == "abs" else left
    steepest = _steepest(inner)
    if steepest is None or symbols(right):
        return _proved(case)
    try:
        value = evaluate(right, {})
    except (NotUnderstoodError, UndefinedError) as error:
        return unchecked(str(error), KIND)
    top = steepest.numerator / type(value)(steepest.denominator)
    if value > top or (relation == "≤" and value == top):
        return Judgement(Word.CONFIRMED, reason="the greatest slope", kind=KIND)
    if relation == "<" and value == top:
        return Judgement(Word.REFUTED, f"≤ {steepest}", "at 0 both sides are equal", KIND)
    if is_for_all(case) and isinstance(inner, Apply) and isinstance(inner.arguments[0], Symbol) and not _bounds(case):
        return Judgement(Word.REFUTED, f"≤ {steepest}", f"at 0 the slope is {steepest}", KIND)
    return unchecked("perhaps a condition: the slope can be larger", KIND)


def _steepest(node: Node) -> Fraction | None:
    """Return the greatest slope of the activation whose slope a node is, where it is known and taken at 0."""
    found = records(node.name) if isinstance(node, Apply) and node.primes == 1 else ()
    if len(found) != 1 or found[0].steepest is None:
        return None
    top, A = Fraction(found[0].steepest(*found[0].values)), arithmetic("ball")
    with A.working():
        at_zero = abs(found[0].slope_at(A, A.number(0)))
        return top if at_zero.is_exact() and bool(at_zero == A.number(top)) else None


def _bounds(case: Case) -> bool:
    """Tell whether the text bounds a letter of the claim."""
    letters = symbols(case.left) | symbols(case.right)
    return any(letters & (symbols(low) | symbols(high)) for low, _, high in case.domain.bounds)


def _proved(case: Case) -> Judgement:
    """Confirm an inequality that is proved over its whole domain; one that fails somewhere may be a condition.

    It is none where the sentence says of all its letters where they may be: "For all real x, e^x ≤ 1 + x".
    """
    said, for_all = "a condition, or a bound that is not known", is_for_all(case)
    if (isinstance(case.left, Symbol) or isinstance(case.right, Symbol)) and not for_all:
        return unchecked(said, KIND)
    letters = Letters()
    try:
        sides = letters.formula(case.left), letters.formula(case.right)
        claim = Relation(sides[0], case.relation, sides[1], letters.intervals(case.nodes[-2:], case.domain))
    except (NotUnderstoodError, SymgradError):
        return unchecked(said, KIND)
    found = by_evidence(claim, KIND, Verdict.ENCLOSED)
    if found.word is not Word.REFUTED:
        return found if found.word is Word.CONFIRMED else unchecked(said, KIND)
    if for_all or _is_turned(case, claim):
        return Judgement(Word.REFUTED, reason=letters.shown(found.reason), kind=KIND)
    return unchecked(f"a condition, or wrong: it does not hold everywhere ({found.reason})", KIND)


def _is_turned(case: Case, claim: Relation) -> bool:
    """Tell whether the opposite holds everywhere, -x^2 ≥ 0, where a chain comes to it, or the text says "always"."""
    if not (_ALWAYS.search(case.passage.before) or _is_come_to(case)):
        return False
    return by_evidence(replace(claim, relation=TURNED[case.relation]), KIND, Verdict.ENCLOSED).word is Word.CONFIRMED


def _is_come_to(case: Case) -> bool:
    """Tell whether the side before the relation is what the link before comes to."""
    return len(case.nodes) > 2 and compare(*case.nodes[-3:-1], domain=case.domain).word is Word.CONFIRMED
