"""Check where a condition holds: inside an interval and nowhere else, whatever the other variables are.

Proof. With D the difference of the sides: D is 0 at both ends, rises up to the middle and falls after it. Where
one end is infinite: D < 0 beyond the finite end, D ≥ 0 before it. Where both are, the condition holds everywhere.
Of a strict condition D > 0 inside, the ends included, and D ≤ 0 beyond.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from random import Random
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.solutions import Solutions
from symgrad.deadline import attempt
from symgrad.evidence import relation
from symgrad.evidence.cover import covers
from symgrad.evidence.defined import all_hold, capped, fails_at
from symgrad.evidence.evidence import Check
from symgrad.evidence.points import POINTS
from symgrad.evidence.sign import Sign, is_zero, sign, smooth
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain, RealDomain, corners, points, whole_line

METHOD = "signs of the difference"
NEAR, FAR = Fraction(1, 2**30), Fraction(2**20)


def check(claim: Solutions, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of: the condition holds for low ≤ variable ≤ high only."""
    if claim.low is None and claim.high is None:
        yield from relation.check(claim.condition, seed, digits)
        return
    ends = [f for f in (claim.low, claim.high) if f is not None]
    named = dict.fromkeys(v for f in (claim.condition.left, claim.condition.right, *ends) for v in f.variables)
    given = tuple(i for i in claim.condition.domain if i.variable != claim.variable)
    domain = whole_line((v for v in named if v != claim.variable), given)
    sampled = _sample(claim, domain, seed, digits)
    yield sampled
    if sampled.verdict is not Verdict.REFUTED and not sampled.required:
        yield attempt(lambda: _proof(claim, domain), Check(METHOD, Verdict.UNKNOWN, "SymPy takes too long"), 15)


# --- points ---------------------------------------------------------------------------------------


def _sample(claim: Solutions, domain: Domain, seed: int, digits: int) -> Check:
    """Look at D at the ends, inside, and outside near and far; a wrong sign refutes."""
    A, random, described = arithmetic("ball", digits), Random(f"{claim}|{seed}"), f"balls of {digits} digits"
    undecided, looked, swapped = 0, 0, ""
    only = next((i for i in claim.condition.domain if i.variable == claim.variable), RealDomain(claim.variable))
    with A.working():
        for point in chain(corners(domain, (0, 1, -1)), points(domain, seed, POINTS)):
            at = " at " * bool(point) + ", ".join(f"{name} = {q}" for name, q in point.items())
            if any(fails_at(f, {v: point[v] for v in f.variables}) for f in (claim.low, claim.high) if f is not None):
                return Check("points", Verdict.UNKNOWN, f"an end is not defined{at}", described, seed, required=True)
            values = {name: A.number(q) for name, q in point.items()}
            low, high = _interval(claim, A, values)
            if low is not None and high is not None and low > high:
                swapped = swapped or f"the low end is above the high end{at}"
            for end in (low, high):
                if end is not None and _surely_out(only, end, A):
                    shown = f"{claim.variable} = {end.str(8, radius=False)}, an end, is not in the domain{at}"
                    return Check("points", Verdict.REFUTED, "", described, seed, POINTS, shown)
            for x, inside in _places(low, high, A, random):
                if not _surely_in(only, x, A):
                    continue
                rest, looked = arb(claim.condition.difference(A, {**values, claim.variable: x})), looked + 1
                if _wrong(rest, inside, claim.strict):
                    where = ", ".join(f"{name} = {q}" for name, q in point.items())
                    place = f"{claim.variable} = {x.str(8, radius=False)}"
                    shown = f"{'not ' if inside else ''}at {place}" + (f", {where}" if where else "")
                    return Check("points", Verdict.REFUTED, "", described, seed, POINTS, f"it holds {shown}")
                undecided += _open(rest, inside, claim.strict)
    if swapped:
        return Check("points", Verdict.UNKNOWN, swapped, described, seed, required=True)
    verdict = Verdict.UNKNOWN if undecided or not looked else Verdict.SAMPLED
    return Check("points", verdict, f"{undecided} points are undecided" if undecided else "", described, seed, POINTS)


def _wrong(rest: arb, inside: bool, strict: bool) -> bool:
    """Tell whether the condition surely fails inside, or holds outside."""
    if inside:
        return bool(rest <= 0 if strict else rest < 0)
    return bool(rest > 0 if strict else rest >= 0)


def _open(rest: arb, inside: bool, strict: bool) -> bool:
    """Tell whether the ball leaves it open: D may touch 0 inside, and outside it may be undefined."""
    if not rest.is_finite():
        return inside
    return not rest > 0 if inside and strict else not inside and not rest < 0


def _surely_in(i: RealDomain, x: arb, A: Any) -> bool:
    above = i.low is None or (x > A.number(i.low) if i.open_low else x >= A.number(i.low))
    return bool(above and (i.high is None or (x < A.number(i.high) if i.open_high else x <= A.number(i.high))))


def _surely_out(i: RealDomain, x: arb, A: Any) -> bool:
    below = i.low is not None and (x <= A.number(i.low) if i.open_low else x < A.number(i.low))
    return bool(below or (i.high is not None and (x >= A.number(i.high) if i.open_high else x > A.number(i.high))))


def _interval(claim: Solutions, A: Any, values: dict[str, Any]) -> tuple[arb | None, arb | None]:
    low, high = (
        None if f is None else arb(f(A, **{v: values[v] for v in f.variables})) for f in (claim.low, claim.high)
    )
    return low, high


def _places(low: arb | None, high: arb | None, A: Any, random: Random) -> Iterator[tuple[arb, bool]]:
    steps = [arb(A.number(q)) for q in (NEAR**3, NEAR, Fraction(random.randint(1, 4095), 511), FAR / 3)]
    if low is not None and high is not None and low > high:
        yield from ((low + (high - low) * k / 7, False) for k in range(-7, 15))
        return
    if low is not None and high is not None:
        yield from (((low + (high - low) * k / 7), True) for k in range(8))
        yield (low + high) / 2, True
    for end, out in ((low, -1), (high, 1)):
        if end is not None:
            yield end, True
            yield from ((end + out * s, False) for s in steps)
    for end, out in ((low, 1), (high, -1)):
        if end is not None and (low is None or high is None):
            yield from ((end + out * s, True) for s in steps)


# --- proof ----------------------------------------------------------------------------------------


def _proof(claim: Solutions, domain: Domain) -> Check:
    if claim.low is None or claim.high is None:
        said = "the condition fails before the end and holds after it"
    else:
        said = "the sides are equal at both ends, and their difference rises up to the middle and falls after it"
    if all(_holds(claim, symbols) for symbols in covers(domain)):
        if not _ends_belong(claim, domain):
            return Check(METHOD, Verdict.UNKNOWN, "that the ends lie in the domain is not shown")
        return capped(Check(METHOD, Verdict.PROVED, said), _is_defined_inside(claim, domain))
    return Check(METHOD, Verdict.UNKNOWN, "SymPy does not decide a sign")


def _holds(claim: Solutions, symbols: dict[str, Any]) -> bool:
    low, high = _ends(claim, symbols)

    def D(x: Any) -> Any:
        return claim.condition.difference(arithmetic("symbolic"), {**symbols, claim.variable: x})

    if low is None or high is None:
        return all(_from(D, end, inward, claim.strict) for end, inward in ((low, 1), (high, -1)) if end is not None)
    return not claim.strict and _between(D, low, high)


def _ends(claim: Solutions, symbols: dict[str, Any]) -> tuple[Any, Any]:
    A = arithmetic("symbolic")
    low, high = (None if f is None else f(A, **{v: symbols[v] for v in f.variables}) for f in (claim.low, claim.high))
    return low, high


def _ends_belong(claim: Solutions, domain: Domain) -> bool:
    """Tell whether both ends lie in the domain of the variable, whatever the other variables are."""
    A = arithmetic("symbolic")
    only = next((i for i in claim.condition.domain if i.variable == claim.variable), RealDomain(claim.variable))
    for end in (end for symbols in covers(domain) for end in _ends(claim, symbols) if end is not None):
        if only.low is not None and not _is(sign(end - A.number(only.low)), 1, strict=only.open_low):
            return False
        if only.high is not None and not _is(sign(A.number(only.high) - end), 1, strict=only.open_high):
            return False
    return True


def _from(D: Any, end: Any, inward: int, strict: bool) -> bool:
    import sympy

    t, s = sympy.Dummy("t", positive=True), sympy.Dummy("s", nonnegative=True)
    outside, inside = sign(D(end - inward * t)), sign(D(end + inward * s))
    return _is(outside, -1, strict=not strict) and _is(inside, 1, strict=strict)


def _between(D: Any, low: Any, high: Any) -> bool:
    import sympy

    if not (is_zero(D(low)) and is_zero(D(high)) and _is(sign(high - low), 1)):
        return False
    t = sympy.Dummy("t", positive=True)
    middle = sympy.simplify((low + high) / 2)
    halves = [D(middle + side * t) for side in (1, -1)]
    return all(smooth(half) and _is(sign(sympy.diff(half, t)), -1, strict=True) for half in halves)


def _is(found: Sign | None, direction: int, strict: bool = False) -> bool:
    if found is None:
        return False
    return found.strict and found.direction == direction if strict else found.direction in (0, direction)


def _is_defined_inside(claim: Solutions, domain: Domain) -> bool:
    """Tell whether both sides are defined wherever the condition is said to hold; outside they need not be."""
    import sympy

    s = sympy.Dummy("s", nonnegative=True)

    def inside() -> Iterator[dict[str, Any]]:
        for symbols in covers(domain):
            low, high = _ends(claim, symbols)
            if low is None or high is None:
                yield {**symbols, claim.variable: high - s if low is None else low + s}
            else:
                yield from ({**symbols, claim.variable: x} for x in (low + (high - low) * s / (1 + s), high))

    ends = (f for f in (claim.low, claim.high) if f is not None)
    sides = (claim.condition.left, claim.condition.right)
    return all(all_hold(f, inside()) for f in sides) and all(all_hold(f, covers(domain)) for f in ends)
