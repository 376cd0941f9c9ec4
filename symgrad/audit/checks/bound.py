"""Inequalities with letters: bounds of the slope of a known activation, |σ'(z)| ≤ 1/4."""

from __future__ import annotations

from fractions import Fraction

from symgrad.audit.case import Case
from symgrad.audit.definitions import written_out
from symgrad.audit.finding import Word
from symgrad.audit.judgement import Judgement, unchecked
from symgrad.audit.statements.formula import Letters, by_evidence
from symgrad.claims.relation import Relation
from symgrad.errors import SymgradError
from symgrad.evidence.verdict import Verdict
from symgrad.reading.token import NotUnderstoodError
from symgrad.reading.tree import Apply, Symbol, symbols
from symgrad.reading.value import UndefinedError, evaluate

KIND = "inequality"
STEEPEST = {"sigmoid": Fraction(1, 4), "tanh": Fraction(1)}
"""The greatest slopes, at 0."""


def bound(case: Case) -> Judgement | None:
    """Judge an inequality: |σ'(z)| < 1/4 is wrong at z = 0. None for any other relation."""
    left, right = (written_out(n, case.known) for n in case.nodes[-2:])
    relation = case.relation
    if relation not in ("<", "≤", ">", "≥"):
        return None
    if relation in (">", "≥"):
        left, relation, right = right, {">": "<", "≥": "≤"}[relation], left
    inner = left.arguments[0] if isinstance(left, Apply) and left.name == "abs" else left
    if not (isinstance(inner, Apply) and inner.primes == 1 and inner.name in STEEPEST and not symbols(right)):
        return _proved(case)
    try:
        value, steepest = evaluate(right, {}), STEEPEST[inner.name]
    except (NotUnderstoodError, UndefinedError) as error:
        return unchecked(str(error), KIND)
    top = steepest.numerator / type(value)(steepest.denominator)
    if value > top or (relation == "≤" and value == top):
        return Judgement(Word.CONFIRMED, reason="the greatest slope", kind=KIND)
    if relation == "<" and value == top:
        return Judgement(Word.REFUTED, f"≤ {steepest}", "at 0 both sides are equal", KIND)
    return unchecked("perhaps a condition: the slope can be larger", KIND)


def _proved(case: Case) -> Judgement:
    """Confirm an inequality that is proved over its whole domain; one that fails somewhere may be a condition."""
    said = "a condition, or a bound that is not known"
    if isinstance(case.left, Symbol) or isinstance(case.right, Symbol):
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
    return unchecked(f"a condition, or wrong: it does not hold everywhere ({found.reason})", KIND)
