"""Check where a condition holds: inside an interval and nowhere else, whatever the other variables are.

Proof. With D the difference of the sides: D is 0 at both ends, rises up to the middle and falls after it. Where
one end is infinite: D < 0 beyond the finite end, D ≥ 0 before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.solutions import Solutions
from symgrad.evidence.evidence import Check
from symgrad.evidence.relation import POINTS, covers, difference
from symgrad.evidence.sign import Sign, is_zero, sign, smooth
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain, points, whole_line

METHOD = "signs of the difference"
NEAR, FAR = Fraction(1, 2**30), 8


def check(claim: Solutions, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of: the condition holds for low ≤ variable ≤ high only."""
    ends = [f for f in (claim.low, claim.high) if f is not None]
    named = (v for f in (claim.condition.left, claim.condition.right, *ends) for v in f.variables)
    domain = whole_line((v for v in dict.fromkeys(named) if v != claim.variable), claim.condition.domain)
    sampled = _sample(claim, domain, seed, digits)
    yield sampled
    if sampled.verdict is not Verdict.REFUTED:
        yield _proof(claim, domain)


# --- points ---------------------------------------------------------------------------------------


def _sample(claim: Solutions, domain: Domain, seed: int, digits: int) -> Check:
    """Look at D at the ends, inside, and outside near and far; a wrong sign refutes."""
    A, random, described = arithmetic("ball", digits), Random(f"{claim}|{seed}"), f"balls of {digits} digits"
    undecided = 0
    with A.working():
        for point in points(domain, seed, POINTS):
            values = {name: A.number(q) for name, q in point.items()}
            for x, inside in _places(claim, A, values, random):
                rest = arb(difference(claim.condition, A, {**values, claim.variable: x}))
                if (inside and rest < 0) or (not inside and rest >= 0):
                    where = ", ".join(f"{name} = {q}" for name, q in point.items())
                    at = f"{claim.variable} = {x.str(8, radius=False)}"
                    shown = f"{'not ' if inside else ''}at {at}" + (f", {where}" if where else "")
                    return Check("points", Verdict.REFUTED, "", described, seed, POINTS, f"it holds {shown}")
                undecided += not rest.is_finite() or (not inside and not rest < 0)
    verdict = Verdict.UNKNOWN if undecided else Verdict.SAMPLED
    return Check("points", verdict, f"{undecided} points are undecided" if undecided else "", described, seed, POINTS)


def _places(claim: Solutions, A: Any, values: dict[str, Any], random: Random) -> Iterator[tuple[arb, bool]]:
    low, high = (None if f is None else arb(f(A, **values)) for f in (claim.low, claim.high))
    steps = [arb(A.number(q)) for q in (NEAR, Fraction(random.randint(1, 4096), 512))]
    if low is not None and high is not None:
        if low > high:
            yield (low + high) / 2, False
        yield from (((low + (high - low) * k / 8), True) for k in range(9))
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
        return Check(METHOD, Verdict.PROVED, said)
    return Check(METHOD, Verdict.UNKNOWN, "SymPy does not decide a sign")


def _holds(claim: Solutions, symbols: dict[str, Any]) -> bool:
    A = arithmetic("symbolic")
    low, high = (None if f is None else f(A, **symbols) for f in (claim.low, claim.high))

    def D(x: Any) -> Any:
        return difference(claim.condition, A, {**symbols, claim.variable: x})

    if low is None or high is None:
        return all(_from(D, end, inward) for end, inward in ((low, 1), (high, -1)) if end is not None)
    return _between(D, low, high)


def _from(D: Any, end: Any, inward: int) -> bool:
    import sympy

    t, s = sympy.Symbol("t_0", positive=True), sympy.Symbol("s_0", nonnegative=True)
    return _is(sign(D(end - inward * t)), -1, strict=True) and _is(sign(D(end + inward * s)), 1)


def _between(D: Any, low: Any, high: Any) -> bool:
    import sympy

    if not (is_zero(D(low)) and is_zero(D(high)) and _is(sign(high - low), 1)):
        return False
    t = sympy.Symbol("t_0", positive=True)
    middle = sympy.simplify((low + high) / 2)
    halves = [D(middle + side * t) for side in (1, -1)]
    return all(smooth(half) and _is(sign(sympy.diff(half, t)), -1, strict=True) for half in halves)


def _is(found: Sign | None, direction: int, strict: bool = False) -> bool:
    if found is None:
        return False
    return found.strict and found.direction == direction if strict else found.direction in (0, direction)
