"""Check an equation or an inequality between formulas over a domain.

exact values       no variable: rational numbers, or balls
SymPy              the difference simplifies to 0, or its sign is certain
certified minimum  of the difference, over the whole domain of one variable
branch and bound   balls over the whole domain of several variables, where it is bounded
points             balls at random points: they refute, or sample
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product
from random import Random
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.scientific import scientific
from symgrad.claims.relation import Relation
from symgrad.errors import NotClosed, SymgradError
from symgrad.evidence.evidence import Check
from symgrad.evidence.sign import is_zero, sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, Interval, points, whole_line
from symgrad.numbers.extremum.extremum import minimise

BY_SYMPY, BY_SLOPE = "SymPy simplify", "sign at the border, and of the slope"
POINTS = 25
BOXES = 20_000
"""Boxes after which branch and bound gives up."""
BORDERS = 64
"""Points of the border that are looked at."""


def check(claim: Relation, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of left relation right."""
    variables = tuple(dict.fromkeys((*claim.left.variables, *claim.right.variables)))
    if claim.relation == "≈":
        yield _rounded(claim, digits)
        return
    domain = whole_line(variables, claim.domain)
    if not variables:
        yield _exact(claim, digits)
        return
    sampled = _sample(claim, domain, seed, digits)
    yield sampled
    border = _at_borders(claim, domain)
    if border is not None:
        yield border
    if border is not None or sampled.verdict is Verdict.REFUTED:
        return
    proof = _by_sympy(claim, domain)
    yield proof
    if claim.relation == "=" or proof.verdict is Verdict.PROVED:
        return
    if len(domain) == 1:
        yield _by_extremum(claim, domain[0])
    elif all(i.bounded for i in domain):
        yield _branch_and_bound(claim, domain)


def difference(claim: Relation, A: Any, values: dict[str, Any]) -> Any:
    """Return what must be 0 for =, and positive or not negative for an inequality."""
    left, right = claim.left(A, **values), claim.right(A, **values)
    return left - right if claim.relation in ("=", "≥", ">") else right - left


# --- values ---------------------------------------------------------------------------------------


def _exact(claim: Relation, digits: int) -> Check:
    """Compare two numbers, exactly where they are rational."""
    A = arithmetic("exact")
    try:
        rest = difference(claim, A, {})
    except NotClosed:
        return _by_balls(claim, digits)
    holds = {"=": rest == 0, "≤": rest >= 0, "≥": rest >= 0}.get(claim.relation, rest > 0)
    if holds:
        return Check("exact rational numbers", Verdict.PROVED, "exact")
    return Check("exact rational numbers", Verdict.REFUTED, counterexample=f"the sides differ by {_short(rest)}")


def _by_balls(claim: Relation, digits: int) -> Check:
    A = arithmetic("ball", digits)
    with A.working():
        rest = arb(difference(claim, A, {}))
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
    digits_shown, unit = decimal
    A = arithmetic("ball", max(digits, 2 * len(claim.right.text)))
    with A.working():
        error = abs(arb(claim.left(A)) - arb(claim.right(A)))
        limit = arb(A.number(unit / 2))
        if error <= limit:
            return Check(method, Verdict.PROVED, "the decimal is the number, rounded to the digits shown", A.describe())
        if error > limit:
            value = arb(claim.left(A)).str(digits_shown + 2, radius=False)
            told = re.sub(r"e\+?(-?\d+)$", r"·10^\1", value)
            return Check(method, Verdict.REFUTED, "", A.describe(), counterexample=f"the number is {told}")
    return Check(method, Verdict.UNKNOWN, "the ball does not tell", A.describe())


def read_decimal(text: str) -> tuple[int, Fraction] | None:
    """Return how many digits a decimal shows, and the unit of its last; None for what is no decimal.

    >>> read_decimal("1.728e26"), read_decimal("1/2")
    ((4, Fraction(100000000000000000000000, 1)), None)
    """
    shown = re.fullmatch(r"-?(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?", text.strip())
    if shown is None:
        return None
    decimals = shown[2] or ""
    return len(shown[1] + decimals), Fraction(10) ** (int(shown[3] or 0) - len(decimals))


def _short(rest: Any) -> str:
    """Return a number as it is, or, where that is long, to six digits."""
    if len(text := str(rest)) <= 24:
        return text
    digits, exponent = scientific(Fraction(int(rest.numerator), int(rest.denominator)), digits=6)
    return f"{digits}·10^{exponent}"


def _sign(x: arb) -> int | None:
    """Return 1, -1, or None where the ball does not tell."""
    return 1 if x > 0 else -1 if x < 0 else None


def _sample(claim: Relation, domain: Domain, seed: int, digits: int) -> Check:
    """Compare at random points of the domain; disjoint balls refute."""
    A, undecided = arithmetic("ball", digits), 0
    method, described = "points", f"balls of {digits} digits"
    with A.working():
        for point in points(domain, seed, POINTS):
            rest = arb(difference(claim, A, {name: A.number(q) for name, q in point.items()}))
            sign = _sign(rest)
            wrong = sign is not None and (claim.relation == "=" or sign < 0)
            if wrong:
                where = ", ".join(f"{name} = {q}" for name, q in point.items())
                shown = f"at {where} the sides differ by {rest.str(5)}"
                return Check(method, Verdict.REFUTED, "", described, seed, POINTS, shown)
            sharp = rest.is_finite() and (sign is not None or rest.rad() < arb(10) ** (10 - digits))
            undecided += not sharp or (claim.relation in ("<", ">") and sign is None)
    verdict = Verdict.UNKNOWN if undecided else Verdict.SAMPLED
    detail = f"{undecided} of {POINTS} points are undecided" if undecided else ""
    return Check(method, verdict, detail, described, seed, POINTS)


def _at_borders(claim: Relation, domain: Domain) -> Check | None:
    """Refute by a point whose coordinates are ends that belong to the domain, or 0: no random point finds those."""
    random, A = Random(str(claim)), arithmetic("ball", 30)
    choices = []
    for i in domain:
        ends = (None if i.open_low else i.low, None if i.open_high else i.high, Fraction(0) if _has(i, 0) else None)
        choices.append([q for q in ends if q is not None] or [i.draw(random)])
    with A.working():
        for place in islice(product(*choices), BORDERS):
            point = dict(zip((i.variable for i in domain), place, strict=True))
            rest = arb(difference(claim, A, {name: A.number(q) for name, q in point.items()}))
            if (
                rest < 0
                or (claim.relation == "=" and rest > 0)
                or (claim.relation in ("<", ">") and rest.is_exact() and rest == 0)
            ):
                where = ", ".join(f"{name} = {q}" for name, q in point.items())
                shown = f"at {where} the sides {'are equal' if rest == 0 else f'differ by {rest.str(5)}'}"
                return Check("points of the border", Verdict.REFUTED, counterexample=shown)
    return None


def _has(i: Interval, q: int) -> bool:
    return (i.low is None or i.low < q) and (i.high is None or q < i.high)


# --- proofs ---------------------------------------------------------------------------------------


def _by_sympy(claim: Relation, domain: Domain) -> Check:
    """Let SymPy simplify the difference to 0, or find the sign of its factors."""
    method = BY_SYMPY
    A = arithmetic("symbolic")
    parts = [difference(claim, A, symbols) for symbols in covers(domain)]
    rest = parts[0]
    if rest.count_ops() > 400:
        return Check(method, Verdict.UNKNOWN, "the difference is too large for SymPy")
    if claim.relation == "=":
        if all(is_zero(part) for part in parts):
            return Check(method, Verdict.PROVED, "the difference is 0")
        return Check(method, Verdict.UNKNOWN, "SymPy does not decide it")
    for part in parts:
        found = sign(part)
        if found is None or found.direction < 0 or not (found.strict or claim.relation in ("≤", "≥")):
            return Check(BY_SYMPY, Verdict.UNKNOWN, "SymPy does not decide it")
        if found.method == "slope":
            method = BY_SLOPE
    return Check(method, Verdict.PROVED, f"the difference is {rest}"[:200])


def covers(domain: Domain) -> Iterator[dict[str, Any]]:
    """Yield SymPy values of the variables that together run through a domain.

    Each is ``unconstrained``, which leaves out the upper end of a bounded interval; where that belongs to the
    interval, it is taken by itself.
    """
    import sympy

    choices = [
        (unconstrained(i), sympy.Rational(i.high.numerator, i.high.denominator))
        if i.low is not None and i.high is not None and not i.open_high
        else (unconstrained(i),)
        for i in domain
    ]
    for values in product(*choices):
        yield dict(zip((i.variable for i in domain), values, strict=True))


def unconstrained(interval: Interval) -> Any:
    """Return a SymPy expression that runs through an interval as its one symbol runs through t > 0 (or t ≥ 0, or ℝ).

    w ≥ 4 is 4 + t; 0 < λ < 1 is 1 / (1 + 1/t): SymPy then knows what the interval says.
    """
    import sympy

    low, high = (
        None if q is None else sympy.Rational(q.numerator, q.denominator) for q in (interval.low, interval.high)
    )
    if low is None and high is None:
        return sympy.Symbol(interval.variable, real=True)
    one_open = interval.open_low if low is not None else interval.open_high
    name = interval.variable if low == 0 and high is None else f"t_{interval.variable}"
    t = sympy.Symbol(name, **({"positive": True} if one_open else {"nonnegative": True}))
    if high is None:
        return low + t
    if low is None:
        return high - t
    return low + (high - low) * t / (1 + t)


def _by_extremum(claim: Relation, interval: Interval) -> Check:
    """Prove or refute an inequality in one variable by the certified minimum of the difference."""
    method, strict = "certified minimum", claim.relation in ("<", ">")
    larger, smaller = (claim.left, claim.right) if claim.relation in ("≥", ">") else (claim.right, claim.left)
    rest = Formula(f"{larger} - ({smaller})", larger.expression - smaller.expression)
    try:
        least = minimise(rest, interval.variable, interval, digits=20, timeout=5)
    except SymgradError as error:
        return Check(method, Verdict.UNKNOWN, error.what)
    sign = least.value.sign if least.value is not None and least.complete else None
    if least.unbounded or (sign == -1 and least.complete) or (strict and sign == 0 and least.attained):
        return Check(method, Verdict.REFUTED, counterexample=f"the {least} of the difference")
    if sign is None or (sign < 0) or (strict and sign == 0 and least.attained is not False):
        return Check(method, Verdict.UNKNOWN, f"the {least} of the difference")
    said = f"over the whole domain the difference has the {least}"
    return Check(method, Verdict.ENCLOSED, said, points=least.survey.boxes)


def _branch_and_bound(claim: Relation, domain: Domain) -> Check:
    """Prove an inequality over the closed domain, box by box; a box that touches 0 is cut in two."""
    A, method = arithmetic("ball", 30), "branch and bound"
    weak = claim.relation in ("≤", "≥")
    pending: list[Any] = [tuple((i.low, i.high) for i in domain)]
    visited = 0
    with A.working():
        while pending:
            box = pending.pop()
            visited += 1
            if visited > BOXES:
                return Check(method, Verdict.UNKNOWN, f"undecided after {BOXES:,} boxes")
            rest = arb(difference(claim, A, {i.variable: _ball(*ends) for i, ends in zip(domain, box, strict=True)}))
            if rest > 0 or (weak and rest >= 0):
                continue
            middle = {i.variable: (low + high) / 2 for i, (low, high) in zip(domain, box, strict=True)}
            rest = arb(difference(claim, A, {name: A.number(q) for name, q in middle.items()}))
            if rest < 0:
                where = ", ".join(f"{name} = {q}" for name, q in middle.items())
                shown = f"at {where} the sides differ by {rest.str(5)}"
                return Check(method, Verdict.REFUTED, points=visited, counterexample=shown)
            pending += _halves(box)
    return Check(method, Verdict.ENCLOSED, f"balls over the whole domain, {visited:,} boxes", points=visited)


def _ball(low: Fraction, high: Fraction) -> arb:
    low_ball, high_ball = (arb(q.numerator) / q.denominator for q in (low, high))
    return low_ball.union(high_ball)


def _halves(box: Any) -> list[Any]:
    widest = max(range(len(box)), key=lambda k: box[k][1] - box[k][0])
    low, high = box[widest]
    middle = (low + high) / 2
    cut = [[(low, middle), (middle, high)] if k == widest else [ends] for k, ends in enumerate(box)]
    return [tuple(b) for b in product(*cut)]
