"""Check a Gaussian mean: by rigorous quadrature, and by SymPy where the integral has a closed form.

quadrature         no letter but the variable: a ball that holds the mean; it encloses, or refutes
points             balls at random points of the other letters: they refute, or sample
branch and bound   of an inequality, over the whole domain of the letters, where it is bounded
SymPy              the sum of the integrals over both half-lines is the value
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.ball import bits
from symgrad.claims.decimal import read_decimal
from symgrad.claims.expectation import Expectation
from symgrad.deadline import attempt
from symgrad.errors import SymgradError
from symgrad.evidence.boxes import METHOD as BY_BOXES
from symgrad.evidence.boxes import Values, over_boxes
from symgrad.evidence.cover import covers
from symgrad.evidence.defined import all_hold, capped, is_defined
from symgrad.evidence.evidence import Check
from symgrad.evidence.half_line import half_line
from symgrad.evidence.sign import is_zero
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.expectation.expectation import mean_ball
from symgrad.numbers.extremum.domain import Domain, corners, points, whole_line

METHOD, SAMPLES = "quadrature with a proven tail", "quadrature at points"
BY_SYMPY = "SymPy: completing the square on both half-lines"
POINTS, CORNERS = 12, 8
BOXES = 12
"""Boxes after which branch and bound gives up: each is a quadrature."""


def check(claim: Expectation, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of E[formula] relation value."""
    letters = dict.fromkeys(v for f in (claim.formula, claim.value) for v in f.variables)
    domain = whole_line([v for v in letters if v != claim.variable], claim.domain)
    if domain:
        found = _at_points(claim, domain, seed, digits)
    else:
        with arithmetic("ball", digits).working():
            found = _compared(claim, {}, digits, METHOD, Verdict.ENCLOSED)
    yield found
    if found.verdict is Verdict.REFUTED:
        return
    known = is_defined((claim.value,), domain)
    if isinstance(known, Check):
        yield known
    elif claim.relation == "=":
        unknown = Check(BY_SYMPY, Verdict.UNKNOWN, "SymPy takes too long")
        yield capped(attempt(lambda: _by_sympy(claim, domain), unknown), known)
    elif found.verdict.passes and domain and all(i.bounded for i in domain):  # a box is no better than its points
        yield _over_boxes(claim, domain, digits)


def _compared(claim: Expectation, letters: dict[str, arb], digits: int, method: str, holds: Verdict) -> Check:
    """Compare the two sides where the letters are balls; ``holds`` is the verdict where the relation does."""
    A = arithmetic("ball", digits)
    mean, value = _mean(claim, letters, digits), arb(claim.value(A, **_used(claim.value.variables, letters)))
    described = A.describe()
    decimal = read_decimal(claim.value.text) if claim.relation == "≈" else None
    if claim.relation == "≈" and decimal is None:
        return Check(method, Verdict.UNKNOWN, "≈ compares a mean with a decimal")
    rest = value - mean if claim.relation in ("≤", "<") else mean - value
    shown = f"the mean is {mean.str(15, radius=False)}"
    if decimal is not None:
        half = arb(A.number(decimal.unit / 2))
        if abs(rest) <= half:
            return Check(method, holds, "the decimal is the mean, rounded to the digits shown", described)
        shown = f"the mean is {mean.str(decimal.digits + 2, radius=False)}"
        wrong = abs(rest) > half
    elif claim.relation == "=":
        wrong = not rest.contains(0)
        if rest.is_finite() and not wrong and rest.rad() < arb(10) ** (10 - digits):
            return Check(method, Verdict.SAMPLED, "the two sides overlap", described)
    else:
        if rest > 0 or (claim.relation in ("≤", "≥") and rest >= 0):
            return Check(method, holds, shown, described)
        wrong = rest < 0
    if wrong:
        return Check(method, Verdict.REFUTED, "", described, counterexample=shown)
    return Check(method, Verdict.UNKNOWN, "the ball does not tell", described)


def _mean(claim: Expectation, letters: dict[str, arb], digits: int) -> arb:
    used = _used(claim.formula.variables, letters)

    def h(A: Any, z: Any) -> Any:
        return claim.formula(A, **{name: A.constant(x) for name, x in used.items()}, **{claim.variable: z})

    return mean_ball(h, bits(digits))


def _used(variables: tuple[str, ...], letters: dict[str, Any]) -> dict[str, Any]:
    return {name: x for name, x in letters.items() if name in variables}


def _at_points(claim: Expectation, domain: Domain, seed: int, digits: int) -> Check:
    A, undecided = arithmetic("ball", digits), 0
    ends = list(corners(domain, most=CORNERS))
    with A.working():
        for point in (*ends, *points(domain, seed, POINTS)):
            letters = {name: A.number(q) for name, q in point.items()}
            found = _compared(claim, letters, digits, SAMPLES, Verdict.SAMPLED)
            if found.verdict is Verdict.REFUTED:
                where = ", ".join(f"{name} = {q}" for name, q in point.items())
                counterexample = f"at {where} {found.counterexample}"
                return Check(SAMPLES, Verdict.REFUTED, "", found.arithmetic, seed, POINTS, counterexample)
            touches = point in ends and claim.relation in ("≤", "≥")  # at an end both sides may be equal
            undecided += not found.verdict.passes and not touches
    detail = f"{undecided} of {POINTS} points are undecided" if undecided else ""
    return Check(SAMPLES, Verdict.UNKNOWN if undecided else Verdict.SAMPLED, detail, A.describe(), seed, POINTS)


def _over_boxes(claim: Expectation, domain: Domain, digits: int) -> Check:
    """Compare over the whole domain, as one box and then in parts."""
    A = arithmetic("ball", digits)

    def holds(box: Values) -> bool:
        return _compared(claim, dict(box), digits, METHOD, Verdict.ENCLOSED).verdict is Verdict.ENCLOSED

    try:
        found = over_boxes(A, domain, holds, lambda _: None, BOXES)  # points were looked at before
    except SymgradError as error:  # a ball reaches beyond the domain, as [0, 1] a little below 0
        return Check(BY_BOXES, Verdict.UNKNOWN, error.what)
    return replace(found, detail=f"{found.detail}; {METHOD}") if found.verdict.passes else found


def _by_sympy(claim: Expectation, domain: Domain) -> Check:
    import sympy

    method, A = BY_SYMPY, arithmetic("symbolic")
    t = sympy.Dummy("half", positive=True)
    for symbols in covers(domain):
        halves = [_used(claim.formula.variables, symbols | {claim.variable: x}) for x in (t, -t)]
        if not all_hold(claim.formula, halves):
            return Check(method, Verdict.UNKNOWN, "that the formula is defined on both half-lines is not shown")
        both = [claim.formula(A, **values) for values in halves]
        sides = [half_line(f, t) for f in both]
        if None in sides:
            return Check(method, Verdict.UNKNOWN, "the formula is no sum of powers times exponentials")
        if not is_zero(sum(sides) - claim.value(A, **_used(claim.value.variables, symbols))):
            return Check(method, Verdict.UNKNOWN, "SymPy does not decide it")
    return Check(method, Verdict.PROVED, "the difference is 0")
