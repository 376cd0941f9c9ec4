"""Check the slope of a formula: SymPy's derivative of it, and FLINT's Taylor series at points.

A formula has no slope where it has a kink, whatever a convention calls its slope there. So an identity of SymPy's
is a proof only where no kink lies in the domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.taylor import Taylor
from symgrad.claims.slope import Slope
from symgrad.deadline import attempt
from symgrad.evidence.compare import Comparison, compare
from symgrad.evidence.cover import covers, unconstrained
from symgrad.evidence.defined import all_hold, capped, exceptions, is_defined
from symgrad.evidence.evidence import Check
from symgrad.evidence.kinks import differ
from symgrad.evidence.points import POINTS
from symgrad.evidence.sign import is_zero
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, RealDomain, points, whole_line


def check(claim: Slope, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of d formula / d variable = slope."""
    variables = dict.fromkeys((claim.variable, *claim.formula.variables, *claim.slope.variables))
    domain = whole_line(variables, claim.domain)
    sampled = _by_series(claim, domain, seed, digits)
    yield sampled
    if sampled.verdict is Verdict.REFUTED:
        return
    known = is_defined((claim.formula, claim.slope), domain)
    if not isinstance(known, Check) and not is_smooth(claim.formula, claim.variable, domain):
        known = _kink(claim, domain) or False
    if isinstance(known, Check):
        yield known
    else:
        yield capped(_by_sympy(claim, domain), known)


def _by_series(claim: Slope, domain: Domain, seed: int, digits: int) -> Check:
    balls, found = arithmetic("ball", digits), []
    method, described = "Taylor series at points", f"balls of {digits} digits"
    for point in points(domain, seed, POINTS):
        tangent = _tangent(claim.formula, claim.variable, point, digits)
        with balls.working():
            slope = claim.slope(balls, **{v: balls.number(point[v]) for v in claim.slope.variables})
            comparison = compare(tangent, slope)
        if comparison is Comparison.DISJOINT:
            where = ", ".join(f"{name} = {q}" for name, q in point.items())
            shown = f"at {where} the slope is {tangent.str(8, radius=False)}"
            return Check(method, Verdict.REFUTED, "", described, seed, POINTS, shown)
        found.append(comparison)
    undecided = sum(c is not Comparison.AGREE for c in found)
    detail = f"{undecided} of {POINTS} points are undecided" if undecided else ""
    return Check(method, Verdict.UNKNOWN if undecided else Verdict.SAMPLED, detail, described, seed, POINTS)


def _tangent(f: Formula, variable: str, point: dict[str, Fraction], digits: int) -> arb:
    """Return the slope of a formula at a point by its Taylor series."""
    series = Taylor(digits)
    with series.working():
        numbers = {name: series.number(q) for name, q in point.items()}
        numbers[variable] = series.variable(numbers[variable])
        y = f(series, **{v: numbers[v] for v in f.variables})
        return getattr(y, "tangent", arb(0))


def is_smooth(f: Formula, variable: str, domain: Domain) -> bool:
    """Tell whether it is proved that a formula has a slope in a variable, all over a domain."""
    others = tuple(i for i in domain if i.variable != variable)
    [own] = (i for i in domain if i.variable == variable)
    runs = [unconstrained(own)]
    if own.low is not None and own.high is not None:  # one of two ends is left out, so from the other side again
        runs.append(-unconstrained(RealDomain(variable, -own.high, -own.low, own.open_high, own.open_low)))
    return all(
        all_hold(f, ({**symbols, variable: x} for symbols in covers(others)), smooth_in=x.free_symbols) for x in runs
    )


def _kink(claim: Slope, domain: Domain) -> Check | None:
    """Return a check that must not pass where the formula jumps, or the slopes on both sides of a point differ."""
    A, f = arithmetic("ball", 60), claim.formula

    def value(p: dict[str, Fraction]) -> arb:
        with A.working():
            return arb(f(A, **{v: A.number(p[v]) for v in f.variables}))

    def tangent(p: dict[str, Fraction]) -> arb:
        return _tangent(f, claim.variable, p, 60)

    def differs(rule: Callable[[dict[str, Fraction]], arb], p: dict[str, Fraction]) -> bool:
        x = p[claim.variable]
        return differ(lambda h: (rule(p | {claim.variable: x - h}), rule(p | {claim.variable: x + h})))

    for where, point in exceptions(f, domain, smooth=True):
        with A.working():
            if differs(value, point) or differs(tangent, point):
                return Check("domain", Verdict.UNKNOWN, f"{f} has no slope {where}", required=True)
    return None


def _by_sympy(claim: Slope, domain: Domain) -> Check:
    import sympy

    A, method = arithmetic("symbolic"), "SymPy diff"
    x = sympy.Dummy(claim.variable, real=True)
    symbols: dict[str, Any] = {i.variable: unconstrained(i) for i in domain}

    def is_the_slope() -> bool:
        found = sympy.diff(claim.formula(A, **symbols | {claim.variable: x}), x)
        rest = found.subs(x, symbols[claim.variable]) - claim.slope(A, **symbols)
        return bool(is_zero(rest))

    if attempt(is_the_slope, False):
        return Check(method, Verdict.PROVED, "the difference is 0")
    return Check(method, Verdict.UNKNOWN, "SymPy does not decide it")
