"""A relation at points of its domain: balls refute it, or sample it; an optimiser looks for points that refute it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from math import isfinite
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.relation import Relation
from symgrad.errors import SymgradError
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import Domain, corners, far_points, points

POINTS = 25
FAR = 40
"""Points beyond, up to 2^40 from the others, where the domain has no end; they refute, and are not counted."""
STARTS, STEPS = 6, 300
"""Of a search: points that it begins at, and values that it computes from each."""

Point = dict[str, Fraction]


def at_points(claim: Relation, domain: Domain, seed: int, digits: int) -> Check:
    """Compare at random points of the domain; disjoint balls refute."""
    A, undecided = arithmetic("ball", digits), 0
    method, described = "points", f"balls of {digits} digits"
    for point in points(domain, seed, POINTS):
        with A.working():
            rest = _difference(claim, A, point)
            wrong = rest < 0 or (claim.relation == "=" and rest > 0)
            sharp = rest.is_finite() and (rest > 0 or rest.rad() < arb(10) ** (10 - digits))
        if wrong:
            return Check(method, Verdict.REFUTED, "", described, seed, POINTS, counterexample(claim, point))
        undecided += not sharp or (claim.relation in ("<", ">") and not rest > 0)
    for point in far_points(domain, seed, FAR):
        if is_wrong(claim, point):
            return Check(method, Verdict.REFUTED, "", described, seed, POINTS, counterexample(claim, point))
    verdict = Verdict.UNKNOWN if undecided else Verdict.SAMPLED
    detail = f"{undecided} of {POINTS} points are undecided" if undecided else ""
    return Check(method, verdict, detail, described, seed, POINTS)


def at_borders(claim: Relation, domain: Domain) -> Check | None:
    """Refute by a point whose coordinates are ends that belong to the domain, or 0: no random point finds those."""
    for point in corners(domain, (0,)):
        if is_wrong(claim, point):
            return Check("points of the border", Verdict.REFUTED, counterexample=counterexample(claim, point))
    return None


def is_wrong(claim: Relation, point: Point) -> bool:
    """Tell whether the relation surely does not hold at a point of its domain."""
    A = arithmetic("ball", 40)
    with A.working():
        rest = _difference(claim, A, point)
        if rest < 0 or (claim.relation == "=" and rest > 0):
            return True
        return claim.relation in ("<", ">") and rest.is_exact() and rest == 0


def counterexample(claim: Relation, point: Point) -> str:
    """Say by how much the sides differ at a point."""
    A = arithmetic("ball", 40)
    with A.working():
        rest = _difference(claim, A, point)
        where = ", ".join(f"{name} = {q}" for name, q in point.items())
        return f"at {where} the sides {'are equal' if rest == 0 else f'differ by {rest.str(5)}'}"


def _difference(claim: Relation, A: Any, point: Point) -> arb:
    return arb(claim.difference(A, {name: A.number(q) for name, q in point.items()}))


# --- search -----------------------------------------------------------------------------------------


def by_search(claim: Relation, domain: Domain, seed: int) -> Check | None:
    """Look for a point that refutes an inequality, downhill from points of the domain by the method of Nelder and Mead.

    The optimiser computes in float64 and proves nothing; what it finds is looked at in balls.
    """
    if claim.relation == "=":
        return None
    starts = [*points(domain, seed + 1, STARTS - 2), *islice(far_points(domain, seed, 12), 7, 12, 4)]
    for start in starts:
        for point in _downhill(claim, domain, start):
            if is_wrong(claim, point):
                return Check("search", Verdict.REFUTED, seed=seed, counterexample=counterexample(claim, point))
    return None


def _downhill(claim: Relation, domain: Domain, start: Point) -> Iterator[Point]:
    import numpy as np
    from scipy.optimize import minimize

    A, names = arithmetic("float"), [i.variable for i in domain]

    def value(x: Any) -> float:
        point = {name: Fraction(float(v)) for name, v in zip(names, x, strict=True)}
        if not all(i.holds(point[i.variable]) for i in domain):
            return float("inf")
        try:
            rest = float(claim.difference(A, dict(zip(names, map(float, x), strict=True))))
        except (SymgradError, ArithmeticError, ValueError):
            return float("inf")
        return rest if isfinite(rest) else float("inf")

    at = np.array([float(start[name]) for name in names])
    with np.errstate(all="ignore"):
        options = {"maxfev": STEPS, "xatol": 1e-12, "fatol": 0}
        found = minimize(value, at, method="Nelder-Mead", options=options).x
    point = {name: Fraction(float(v)) for name, v in zip(names, found, strict=True)}
    if all(i.holds(point[i.variable]) for i in domain):
        yield point
