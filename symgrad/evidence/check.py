"""The table of checkers: which evidence a claim can have, by its kind."""

from __future__ import annotations

from symgrad.errors import SymgradError
from symgrad.evidence.claim import (
    Claim,
    Component,
    Definition,
    Differential,
    Expectation,
    Extremum,
    Jacobian,
    Limit,
    Minimax,
    Moments,
    NormBound,
    Relation,
    Slope,
    Solutions,
)
from symgrad.evidence.component import check_component
from symgrad.evidence.differential import check_differential
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.expectation import check_expectation
from symgrad.evidence.extremum import check_extremum
from symgrad.evidence.limit import check_limit
from symgrad.evidence.minimax import check_minimax
from symgrad.evidence.moments import check_moments
from symgrad.evidence.norm_bound import check_norm_bound
from symgrad.evidence.relation import check_relation
from symgrad.evidence.slope import check_jacobian, check_slope
from symgrad.evidence.solutions import check_solutions
from symgrad.evidence.verdict import Verdict


def check(claim: Claim, seed: int = 0, digits: int = 60) -> Evidence:
    """Return the evidence for a claim; the same seed gives the same evidence.

    A claim that cannot be evaluated, as one that was read from a file and does not fit its network, is UNKNOWN.
    """
    try:
        return _check(claim, seed, digits)
    except (SymgradError, KeyError, IndexError, TypeError, ValueError) as error:
        said = f"it cannot be evaluated: {type(error).__name__}: {error}"
        return Evidence(str(claim), (Check("evaluation", Verdict.UNKNOWN, said),))


def _check(claim: Claim, seed: int, digits: int) -> Evidence:
    match claim:
        case Definition():
            return Evidence(str(claim), (Check("definition", Verdict.PROVED, "an equation of the network"),))
        case Differential():
            return check_differential(claim, seed, digits)
        case Relation():
            return Evidence(str(claim), tuple(check_relation(claim, seed, digits)))
        case Limit():
            return Evidence(str(claim), tuple(check_limit(claim, digits)))
        case Slope():
            return Evidence(str(claim), tuple(check_slope(claim, seed, digits)))
        case Jacobian():
            return Evidence(str(claim), (check_jacobian(claim, seed, digits),))
        case Solutions():
            return Evidence(str(claim), tuple(check_solutions(claim, seed, digits)))
        case Extremum():
            return Evidence(str(claim), tuple(check_extremum(claim)))
        case Minimax():
            return Evidence(str(claim), tuple(check_minimax(claim)))
        case Expectation():
            return Evidence(str(claim), tuple(check_expectation(claim, seed, digits)))
        case Moments():
            return Evidence(str(claim), (check_moments(claim, seed),))
        case NormBound():
            return Evidence(str(claim), tuple(check_norm_bound(claim, seed, digits)))
        case Component():
            return Evidence(str(claim), tuple(check_component(claim, seed, digits)))
