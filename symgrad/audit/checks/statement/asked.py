"""Whether a claim is a statement about a limit, an extremum or a mean at all: what judges it is loaded only then."""

from __future__ import annotations

from symgrad.audit.case import Case
from symgrad.audit.chance.said.record import LATER, LAW
from symgrad.audit.finding import Judgement
from symgrad.reading.tree import OVER, Apply, Unknown, walk

INEQUALITIES = ("<", "≤", ">", "≥")
SOLVED, NEAREST = "holds exactly for", "equal to it for"
"""What words say before the interval in which a condition holds, and before a best approximation."""
MOMENTS = ("E", "Var", "Cov")
EXTREMA = ("max", "min", "max over", "min over")
CHANCES = ("P", "Pr")
LAWS = (LAW, LATER)
"""What a passage knows where a law is named."""


def limit(case: Case) -> Judgement | None:
    """Judge f → v and lim f = v; None for other claims."""
    if case.relation != "→" and not (isinstance(case.left, Apply) and case.left.name == "lim"):
        return None
    from symgrad.audit.checks.statement import limit as limits

    return limits.limit(case)


def solutions(case: Case) -> Judgement | None:
    """Judge an inequality and where it holds; None for other claims."""
    if case.relation not in INEQUALITIES or SOLVED not in case.passage.sentence.roles:
        return None
    from symgrad.audit.checks.statement import solutions as intervals

    return intervals.solutions(case)


def minimax(case: Case) -> Judgement | None:
    """Judge the value of a best approximation; None for other claims."""
    if NEAREST not in case.passage.sentence.roles:
        return None
    from symgrad.audit.checks.statement import minimax as approximations

    return approximations.minimax(case)


def extremum(case: Case) -> Judgement | None:
    """Judge a maximum or a minimum; None for other claims."""
    if case.passage.role != "at" and not _is_extremum(case):
        return None
    from symgrad.audit.checks.statement import extremum as extrema

    return extrema.extremum(case)


def _is_extremum(case: Case) -> bool:
    match case.left:
        case Apply("+" | "-", (Apply(inner), _)):
            return inner in OVER
        case Apply(name):
            return name in EXTREMA
    return False


def chance(case: Case) -> Judgement | None:
    """Judge a claim of a random variable whose law the text names; None where none is named."""
    if not any(key in LAWS for key, _ in case.passage.known) and "sim" not in case.passage.text:
        return None
    from symgrad.audit.checks.statement import chance as chances

    return chances.chance(case)


def events(case: Case) -> Judgement | None:
    """Judge a claim of probabilities of events with names; None for any other."""
    if not any(isinstance(n, Unknown) and n.name in CHANCES for n in walk(case.left)):
        return None
    from symgrad.audit.checks.statement import events as named

    return named.events(case)


def mean(case: Case) -> Judgement | None:
    """Judge E(f) = v; None for other claims."""
    if not (isinstance(case.left, Unknown) and case.left.name == "E"):
        return None
    from symgrad.audit.checks.statement import mean as means

    return means.mean(case)


def moments(case: Case) -> Judgement | None:
    """Judge an equation between means and variances; None where a side has none."""
    for side in case.nodes[-2:]:
        if not any(isinstance(n, Unknown) and n.name in MOMENTS for n in walk(side)):
            return None
    from symgrad.audit.checks.statement import moments as identities

    return identities.moments(case)
