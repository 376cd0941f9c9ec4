"""The checks, in their order. A new check is a file beside this one, and a row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from symgrad.audit.case import Case
from symgrad.audit.checks.bound import bound
from symgrad.audit.checks.definition import condition, definition, stated
from symgrad.audit.checks.gradient import gradient
from symgrad.audit.checks.identity import identity
from symgrad.audit.checks.impossible import impossible
from symgrad.audit.checks.integral import integral
from symgrad.audit.checks.jacobian import jacobian
from symgrad.audit.checks.layout import layout
from symgrad.audit.checks.norm import norm
from symgrad.audit.checks.numeric import numeric
from symgrad.audit.checks.printed import differing, printed
from symgrad.audit.checks.recorded import recorded
from symgrad.audit.context import hedged, told_wrong
from symgrad.audit.finding import Passage, Word
from symgrad.audit.judgement import Judgement, unchecked
from symgrad.audit.statements.extremum import extremum
from symgrad.audit.statements.limit import limit
from symgrad.audit.statements.mean import mean
from symgrad.audit.statements.minimax import minimax
from symgrad.audit.statements.solutions import solutions

Excuse = Callable[[Passage], str]


@dataclass(frozen=True)
class Check:
    """A row: what judges a relation, or returns None where it is not of its kind; and what excuses a wrong one.

    last: a relation of its kind is left to no other check.
    """

    judge: Callable[[Case], Judgement | None]
    excuses: tuple[Excuse, ...] = (told_wrong, hedged)
    last: bool = False


CHECKS = (
    Check(definition),
    Check(condition),
    Check(printed, (told_wrong,)),
    Check(jacobian),
    Check(layout),
    Check(gradient, (told_wrong,)),
    Check(differing, (told_wrong,)),
    Check(norm),
    Check(impossible),
    Check(numeric, (told_wrong,)),
    Check(limit),
    Check(solutions),
    Check(minimax),
    Check(extremum),
    Check(mean),
    Check(stated),
    Check(integral, last=True),
    Check(bound, last=True),
    Check(identity),
    Check(recorded),
)


def judged(case: Case, checks: tuple[Check, ...] = CHECKS) -> Judgement:
    """Return the verdict of the first check that has one; where none has, the first reason why not.

    What the words around a wrong claim excuse, as "it is false that", is not checked.
    """
    undecided: Judgement | None = None
    for check in checks:
        found = check.judge(case)
        if found is None:
            continue
        if found.word.flags and (excuse := next(filter(None, (e(case.passage) for e in check.excuses)), "")):
            return Judgement(Word.UNCHECKED, found.value, excuse, found.kind)
        if found.word is not Word.UNCHECKED:
            return found
        undecided = undecided or found
        if check.last:
            break
    return undecided or unchecked("a claim of no kind that is known")
