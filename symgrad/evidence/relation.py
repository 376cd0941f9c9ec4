"""Check an equation or an inequality between formulas over a domain.

exact values       no variable: rational numbers, or balls
points             balls at random points, near and far: they refute, or sample
search             from such points an optimiser looks for others where the claim is wrong
SymPy              the difference simplifies to 0, or its sign is certain
certified minimum  of the difference, over the whole domain of one variable
branch and bound   balls over the whole domain of several variables, where it is bounded

Where a side is not defined on the whole domain, the claim does not pass; where it is not known to be, an identity
of SymPy's, who cancels x/x, is worth no more than points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.scientific import scientific
from symgrad.claims.decimal import read_decimal
from symgrad.claims.relation import Relation
from symgrad.deadline import attempt
from symgrad.errors import NotClosed, SymgradError
from symgrad.evidence.boxes import Values, over_boxes
from symgrad.evidence.cover import covers, shown
from symgrad.evidence.defined import capped, is_defined
from symgrad.evidence.evidence import Check
from symgrad.evidence.points import at_borders, at_points, by_search, counterexample, is_wrong
from symgrad.evidence.sign import Sign, is_zero, sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, RealDomain, whole_line
from symgrad.numbers.extremum.extremum import Extremum, minimise

BY_SYMPY, BY_SLOPE = "SymPy simplify", "sign at the border, and of the slope"
BOXES = 20_000
"""Boxes after which branch and bound gives up."""
MOST_TURNS = 50
LARGEST = 400
"""Operations of a difference that is given to SymPy."""


def check(claim: Relation, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of left relation right."""
    variables = tuple(dict.fromkeys((*claim.left.variables, *claim.right.variables)))
    if claim.relation == "≈":
        yield _rounded(claim, digits)
        return
    domain = whole_line(variables, claim.domain)
    known = is_defined((claim.left, claim.right), domain)
    if isinstance(known, Check):
        yield known
    if not variables:
        yield from () if isinstance(known, Check) else (capped(_exact(claim, digits), known),)
        return
    sampled = at_points(claim, domain, seed, digits)
    yield sampled
    refuted = sampled.verdict is Verdict.REFUTED
    if not refuted and (border := at_borders(claim, domain)) is not None:
        refuted = True
        yield border
    if refuted or isinstance(known, Check):
        return
    if len(domain) > 1 and (found := by_search(claim, domain, seed)) is not None:
        yield found
        return
    proof = capped(_by_sympy(claim, domain), known)
    yield proof
    if claim.relation == "=" or proof.verdict is Verdict.PROVED:
        return
    if len(domain) == 1:
        late = Check("certified minimum", Verdict.UNKNOWN, "it takes too long")
        yield attempt(lambda: _by_extremum(claim, domain[0]), late, 8)
    elif all(i.bounded for i in domain):
        yield _branch_and_bound(claim, domain)


# --- values ---------------------------------------------------------------------------------------


def _exact(claim: Relation, digits: int) -> Check:
    """Compare two numbers, exactly where they are rational."""
    A = arithmetic("exact")
    try:
        rest = claim.difference(A, {})
    except NotClosed:
        return _by_balls(claim, digits)
    holds = {"=": rest == 0, "≤": rest >= 0, "≥": rest >= 0}.get(claim.relation, rest > 0)
    if holds:
        return Check("exact rational numbers", Verdict.PROVED, "exact")
    return Check("exact rational numbers", Verdict.REFUTED, counterexample=f"the sides differ by {_short(rest)}")


def _by_balls(claim: Relation, digits: int) -> Check:
    A = arithmetic("ball", digits)
    with A.working():
        rest = arb(claim.difference(A, {}))
        sign = _sign(rest)
    method = f"balls of {digits} digits"
    if sign is None:
        if claim.relation == "=" and (proof := _by_sympy(claim, ())).verdict is Verdict.PROVED:
            return proof
        return Check(method, Verdict.SAMPLED if claim.relation == "=" else Verdict.UNKNOWN, "the two sides overlap")
    if claim.relation != "=" and sign > 0:
        return Check(method, Verdict.PROVED, "the balls are disjoint")
    return Check(method, Verdict.REFUTED, counterexample=f"the sides differ by {rest.str(5)}")


def _rounded(claim: Relation, digits: int) -> Check:
    """Tell whether a number, rounded to the digits of the decimal on the right, is that decimal."""
    method = "rounding"
    decimal = read_decimal(claim.right.text)
    if decimal is None or claim.left.variables:
        return Check(method, Verdict.UNKNOWN, "≈ compares a number with a decimal")
    A = arithmetic("ball", max(digits, 2 * len(claim.right.text)))
    with A.working():
        error = abs(arb(claim.left(A)) - arb(A.number(decimal.value)))
        limit = arb(A.number(decimal.unit / 2))
        if error <= limit:
            return Check(method, Verdict.PROVED, "the decimal is the number, rounded to the digits shown", A.describe())
        if error > limit:
            value = arb(claim.left(A)).str(decimal.digits + 2, radius=False)
            told = re.sub(r"e\+?(-?\d+)$", r"·10^\1", value)
            return Check(method, Verdict.REFUTED, "", A.describe(), counterexample=f"the number is {told}")
    return Check(method, Verdict.UNKNOWN, "the ball does not tell", A.describe())


def _short(rest: Any) -> str:
    """Return a number as it is, or, where that is long, to six digits."""
    if len(text := str(rest)) <= 24:
        return text
    digits, exponent = scientific(Fraction(int(rest.numerator), int(rest.denominator)), digits=6)
    return f"{digits}·10^{exponent}"


def _sign(x: arb) -> int | None:
    """Return 1, -1, or None where the ball does not tell."""
    return 1 if x > 0 else -1 if x < 0 else None


# --- proofs ---------------------------------------------------------------------------------------


def _by_sympy(claim: Relation, domain: Domain) -> Check:
    """Let SymPy simplify the difference to 0, or find the sign of its factors."""
    method = BY_SYMPY
    A = arithmetic("symbolic")
    parts = [claim.difference(A, symbols) for symbols in covers(domain)]
    rest = parts[0]
    if rest.count_ops() > LARGEST or _turns(rest) > MOST_TURNS:
        return Check(method, Verdict.UNKNOWN, "the difference is too large for SymPy")
    if claim.relation == "=":
        if attempt(lambda: all(is_zero(part) for part in parts), False):
            return Check(method, Verdict.PROVED, "the difference is 0")
        return Check(method, Verdict.UNKNOWN, "SymPy does not decide it")
    nothing: list[Sign | None] = [None]
    for found in attempt(lambda: [sign(part) for part in parts], nothing):
        if found is None or found.direction < 0 or not (found.strict or claim.relation in ("≤", "≥")):
            return Check(BY_SYMPY, Verdict.UNKNOWN, "SymPy does not decide it")
        if found.method == "slope":
            method = BY_SLOPE
    return Check(method, Verdict.PROVED, f"the difference is {shown(rest)}"[:200])


def _turns(e: Any) -> int:
    """Return the largest n for which sin(n x) or cos(n x) stands in e: SymPy writes it as a polynomial of degree n."""
    import sympy

    angles = (term for f in e.atoms(sympy.sin, sympy.cos, sympy.tan) for term in sympy.Add.make_args(f.args[0]))
    return max((int(abs(term.as_coeff_Mul()[0])) for term in angles), default=0)


def _by_extremum(claim: Relation, interval: RealDomain) -> Check:
    """Prove or refute an inequality in one variable by the certified minimum of the difference."""
    method, strict = "certified minimum", claim.relation in ("<", ">")
    larger, smaller = (claim.left, claim.right) if claim.relation in ("≥", ">") else (claim.right, claim.left)
    rest = Formula(f"{larger} - ({smaller})", larger.expression - smaller.expression)
    try:
        least = minimise(rest, interval.variable, interval, digits=20, timeout=5)
    except SymgradError as error:
        return Check(method, Verdict.UNKNOWN, error.what)
    sign = least.value.sign if least.value is not None and least.complete else None
    wrong = next((p for p in _low_places(least, interval) if is_wrong(claim, p)), None)
    if wrong is not None:
        return Check(method, Verdict.REFUTED, counterexample=counterexample(claim, wrong))
    if strict and sign == 0 and least.attained:
        return Check(method, Verdict.REFUTED, counterexample=f"the {least} of the difference")
    if sign is None or (sign < 0) or (strict and sign == 0 and least.attained is not False):
        return Check(method, Verdict.UNKNOWN, f"the {least} of the difference")
    said = f"over the whole domain the difference has the {least}"
    return Check(method, Verdict.ENCLOSED, said, points=least.survey.boxes)


def _low_places(least: Extremum, interval: RealDomain) -> Iterator[dict[str, Fraction]]:
    """Yield points of the interval at which the difference is about as small as it gets: a claim falls at a point."""
    if least.value is not None and least.value.sign != -1 and not least.unbounded:
        return
    places = [Fraction(least.at.to(20))] if least.at is not None and least.attained else []
    for k in range(4, 200, 4):
        if interval.low is not None:
            places.append(interval.low + Fraction(1, 2**k))
        if interval.high is not None:
            places.append(interval.high - Fraction(1, 2**k))
        places += [Fraction(2**k), Fraction(-(2**k))]
    yield from ({interval.variable: q} for q in places if interval.holds(q))


def _branch_and_bound(claim: Relation, domain: Domain) -> Check:
    """Prove an inequality over the closed domain, box by box; a box that touches 0 is cut in two."""
    A, weak = arithmetic("ball", 30), claim.relation in ("≤", "≥")

    def holds(box: Values) -> bool:
        rest = arb(claim.difference(A, box))
        return bool(rest > 0 or (weak and rest >= 0))

    def fails(point: dict[str, Fraction]) -> str | None:
        rest = arb(claim.difference(A, {name: A.number(q) for name, q in point.items()}))
        return counterexample(claim, point) if rest < 0 else None

    return over_boxes(A, domain, holds, fails, BOXES)
