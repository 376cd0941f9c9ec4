"""Check the slope of a formula: SymPy's derivative of it, and FLINT's Taylor series at points."""

from __future__ import annotations

from collections.abc import Iterator

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.taylor import Taylor
from symgrad.claims.slope import Slope
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.evidence import Check
from symgrad.evidence.relation import POINTS, unconstrained
from symgrad.evidence.sign import is_zero
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain, points, whole_line


def check(claim: Slope, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of d formula / d variable = slope."""
    variables = dict.fromkeys((claim.variable, *claim.formula.variables, *claim.slope.variables))
    domain = whole_line(variables, claim.domain)
    sampled = _by_series(claim, domain, seed, digits)
    yield sampled
    if sampled.verdict is not Verdict.REFUTED:
        yield _by_sympy(claim, domain)


def _by_series(claim: Slope, domain: Domain, seed: int, digits: int) -> Check:
    series, balls, found = Taylor(digits), arithmetic("ball", digits), []
    method, described = "Taylor series at points", f"balls of {digits} digits"
    for point in points(domain, seed, POINTS):
        with series.working():
            numbers = {name: series.number(q) for name, q in point.items()}
            numbers[claim.variable] = series.variable(numbers[claim.variable])
            y = claim.formula(series, **numbers)
            slope = claim.slope(balls, **{name: balls.number(q) for name, q in point.items()})
            comparison = compare(y.tangent, slope)
        if comparison is Comparison.DISJOINT:
            where = ", ".join(f"{name} = {q}" for name, q in point.items())
            shown = f"at {where} the slope is {y.tangent.str(8, radius=False)}"
            return Check(method, Verdict.REFUTED, "", described, seed, POINTS, shown)
        found.append(comparison)
    undecided = sum(c is not Comparison.AGREE for c in found)
    detail = f"{undecided} of {POINTS} points are undecided" if undecided else ""
    return Check(method, Verdict.UNKNOWN if undecided else Verdict.SAMPLED, detail, described, seed, POINTS)


def _by_sympy(claim: Slope, domain: Domain) -> Check:
    import sympy

    A = arithmetic("symbolic")
    x = sympy.Symbol(claim.variable, real=True)
    symbols = {i.variable: unconstrained(i) for i in domain}
    found = sympy.diff(claim.formula(A, **symbols | {claim.variable: x}), x)
    rest = found.subs(x, symbols[claim.variable]) - claim.slope(A, **symbols)
    if is_zero(rest):
        return Check("SymPy diff", Verdict.PROVED, "the difference is 0")
    return Check("SymPy diff", Verdict.UNKNOWN, "SymPy does not decide it")
