"""The checks, in their order. A new check is a file beside this one, and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symgrad.audit.case import Case
from symgrad.audit.checks.definition import condition, definition, stated
from symgrad.audit.checks.formula.asked import (
    arrays,
    at_a_place,
    both_signs,
    bound,
    by_cases,
    given_values,
    imaginary,
    inner_product,
    matrix,
    matrix_letters,
    means,
    members,
    recorded,
    taylor,
)
from symgrad.audit.checks.formula.cancelled import cancelled
from symgrad.audit.checks.formula.coded import coded
from symgrad.audit.checks.formula.defined import defined
from symgrad.audit.checks.formula.identity import identity
from symgrad.audit.checks.formula.infinite import infinite
from symgrad.audit.checks.formula.integral import integral
from symgrad.audit.checks.formula.mended import mended
from symgrad.audit.checks.formula.polynomial import polynomial
from symgrad.audit.checks.formula.rank import rank
from symgrad.audit.checks.formula.several import several
from symgrad.audit.checks.gradient.asked import computed, cross_entropy, gradient, norm
from symgrad.audit.checks.gradient.jacobian import jacobian
from symgrad.audit.checks.gradient.layout import layout
from symgrad.audit.checks.gradient.softmax import softmax
from symgrad.audit.checks.number.congruent import congruent
from symgrad.audit.checks.number.impossible import impossible
from symgrad.audit.checks.number.measured import measured
from symgrad.audit.checks.number.member import member
from symgrad.audit.checks.number.numeric import numeric
from symgrad.audit.checks.number.plus_minus import plus_minus
from symgrad.audit.checks.number.unequal import unequal
from symgrad.audit.checks.solved.asked import solved
from symgrad.audit.checks.statement.asked import chance, events, extremum, limit, mean, minimax, moments, solutions
from symgrad.audit.finding import Judgement, Passage, Word, unchecked
from symgrad.audit.words.context import hedged, other_mathematics, supposed, told_wrong

Excuse = Callable[[Passage], str]


@dataclass(frozen=True)
class AuditCheck:
    """A row: what judges a relation, or returns None where it is not of its kind; and what excuses a wrong one.

    last: a relation of its kind is left to no other check. slow: it is not tried in unusual readings.
    """

    judge: Callable[[Case], Judgement | None]
    excuses: tuple[Excuse, ...] = (told_wrong, other_mathematics, hedged)
    last: bool = False
    slow: bool = False


CHECKS = (
    AuditCheck(coded),
    AuditCheck(cancelled, (told_wrong, supposed)),
    AuditCheck(rank),
    AuditCheck(chance),
    AuditCheck(solved, (told_wrong, other_mathematics)),
    AuditCheck(definition),
    AuditCheck(events),
    AuditCheck(condition),
    AuditCheck(gradient, (told_wrong, other_mathematics)),
    AuditCheck(computed, (told_wrong, other_mathematics)),
    AuditCheck(softmax, (told_wrong, other_mathematics)),
    AuditCheck(cross_entropy, (told_wrong, other_mathematics)),
    AuditCheck(jacobian),
    AuditCheck(layout),
    AuditCheck(norm),
    AuditCheck(impossible),
    AuditCheck(member),
    AuditCheck(measured, (told_wrong, other_mathematics, supposed), last=True),
    AuditCheck(numeric, (told_wrong, other_mathematics, supposed)),
    AuditCheck(unequal),
    AuditCheck(congruent, (told_wrong, supposed, hedged)),
    AuditCheck(plus_minus),
    AuditCheck(both_signs),
    AuditCheck(by_cases),
    AuditCheck(limit),
    AuditCheck(solutions, slow=True),
    AuditCheck(minimax, slow=True),
    AuditCheck(extremum, slow=True),
    AuditCheck(mean, slow=True),
    AuditCheck(moments),
    AuditCheck(stated),
    AuditCheck(matrix),
    AuditCheck(taylor),
    AuditCheck(infinite, last=True, slow=True),
    AuditCheck(integral, last=True),
    AuditCheck(bound, last=True),
    AuditCheck(at_a_place),
    AuditCheck(defined),
    AuditCheck(members),
    AuditCheck(several),
    AuditCheck(arrays),
    AuditCheck(inner_product),
    AuditCheck(imaginary),
    AuditCheck(matrix_letters, last=True, slow=True),
    AuditCheck(polynomial),
    AuditCheck(means),
    AuditCheck(identity),
    AuditCheck(mended, slow=True),
    AuditCheck(recorded, slow=True),
    AuditCheck(given_values, (told_wrong, other_mathematics, supposed)),
)


def judged(case: Case, thorough: bool = True) -> Judgement:
    """Return the verdict of the first check that has one; where none has, the first reason why not.

    thorough: slow checks too. What the words around a wrong claim excuse, as "it is false that", is not checked.
    """
    undecided: Judgement | None = None
    for check in CHECKS:
        if check.slow and not thorough:
            continue
        found = check.judge(case)
        if found is None:
            continue
        if found.word.flags and (excuse := next(filter(None, (e(case.passage) for e in check.excuses)), "")):
            return Judgement(Word.UNCHECKED, found.value, excuse, found.kind, excused=True)
        if found.word is not Word.UNCHECKED:
            return found
        undecided = undecided or found
        if check.last:
            break
    return undecided or unchecked("a claim of no kind that is known")
