"""Is a formula defined on a whole domain, and has it a slope there? Intervals and signs prove it, points refute it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.interval import Interval, Intervals
from symgrad.deadline import attempt
from symgrad.errors import SymgradError
from symgrad.evidence.conditions import NONZERO, Condition, conditions
from symgrad.evidence.cover import covers
from symgrad.evidence.evidence import Check
from symgrad.evidence.kinks import has_convention
from symgrad.evidence.sign import sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, corners, points

METHOD = "domain"
POINTS, HALVINGS = 40, 80


def is_defined(formulas: Iterable[Formula], domain: Domain) -> bool | Check:
    """Return True where it is proved, False where nothing is known; a check that must not pass where it is not so.

    >>> from symgrad.network.formula import read_formula
    >>> from symgrad.numbers.extremum.domain import read_domain
    >>> is_defined([read_formula("x/x")], read_domain("x > 0"))
    True
    >>> print(is_defined([read_formula("x/x")], read_domain("x real")))
    domain UNKNOWN (x/x is not defined at x = 0)
    """
    known = True
    for f in dict.fromkeys(formulas):
        if not has_convention(f) and _on_the_whole(f, domain):
            continue
        found = exception(f, domain, smooth=False)
        if found is not None:
            where, _ = found
            return Check(METHOD, Verdict.UNKNOWN, f"{f} is not defined {where}".rstrip(), required=True)
        known = known and all_hold(f, covers(domain))
    return known


def all_hold(f: Formula, values: Iterable[dict[str, Any]], smooth_in: Iterable[Any] = ()) -> bool:
    """Tell whether SymPy finds that all conditions hold for all values of the symbols in ``values``.

    smooth_in: symbols; those conditions under which f has a slope in them are looked at too.
    """
    A = arithmetic("symbolic")

    def each() -> bool:
        return all(
            holds(c)
            for symbols in values
            for c in conditions(f, A, **symbols)
            if not c.smooth or c.value.has(*smooth_in)
        )

    return attempt(each, False)


def capped(check: Check, known: bool) -> Check:
    """Return a proof as it is where both sides are known to be defined; else it is worth no more than points."""
    if known or check.verdict <= Verdict.SAMPLED:
        return check
    said = "; ".join(p for p in (check.detail, "that both sides are defined everywhere is not shown") if p)
    return replace(check, verdict=Verdict.SAMPLED, detail=said)


def holds(c: Condition) -> bool:
    """Tell whether SymPy finds that a condition holds for all values of its symbols."""
    found = sign(c.value)
    if found is None:
        return False
    match c.kind:
        case "> 0":
            return found.direction > 0 and found.strict
        case "≥ 0":
            return found.direction >= 0
    return found.strict


def _on_the_whole(f: Formula, domain: Domain) -> bool:
    """Tell whether f has an enclosure on the closed domain, as one interval for each variable."""
    A, box = Intervals(30), {}
    with A.working():
        for i in domain:
            low = arb("-inf") if i.low is None else A.number(i.low).lo
            high = arb("inf") if i.high is None else A.number(i.high).hi
            box[i.variable] = Interval(low, high)
        try:
            f(A, **{name: box[name] for name in f.variables})
        except (SymgradError, ZeroDivisionError):
            return False
    return True


# --- exceptions -------------------------------------------------------------------------------------


def exception(f: Formula, domain: Domain, smooth: bool) -> tuple[str, dict[str, Fraction]] | None:
    """Return in words, and as a point, where a condition of f fails; None where none is found.

    smooth: look at the conditions under which f has a slope, and not at those under which it is defined.
    """
    with arithmetic("ball", 40).working():
        return next(_exceptions(f, domain, smooth), None)


def exceptions(f: Formula, domain: Domain, smooth: bool) -> list[tuple[str, dict[str, Fraction]]]:
    """Return all such places that are found."""
    with arithmetic("ball", 40).working():
        return list(_exceptions(f, domain, smooth))


def _exceptions(f: Formula, domain: Domain, smooth: bool) -> Iterator[tuple[str, dict[str, Fraction]]]:
    A, seen = arithmetic("ball", 40), []
    for point in _looked_at(domain):
        met = _met(f, A, point, smooth)
        if any(_fails(c) for c in met):
            yield f"at {_written(point)}" if point else "", point
        seen.append((point, met))
    for (p, here), (q, there) in pairwise(seen):
        if len(here) == len(there):
            for k, (c, d) in enumerate(zip(here, there, strict=True)):
                if c.kind == NONZERO and (c.value * d.value) < 0:
                    near = _between(f, A, p, q, k, smooth)
                    if c.breaks is None or any(m.breaks and m.breaks() for m in _met(f, A, near, smooth)):
                        yield f"close to {_written(near, rounded=True)}", near


def fails_at(f: Formula, point: dict[str, Fraction]) -> bool:
    """Tell whether f is surely not defined at a point."""
    A = arithmetic("ball", 40)
    with A.working():
        return any(_fails(c) for c in _met(f, A, point, smooth=False))


def _looked_at(domain: Domain) -> Iterator[dict[str, Fraction]]:
    """Yield points at the ends that belong to the domain, at 0, 1 and -1, then others."""
    yield from corners(domain, (0, 1, -1))
    yield from points(domain, 0, POINTS)


def _met(f: Formula, A: Any, point: dict[str, Fraction], smooth: bool) -> list[Condition]:
    values = {name: A.number(point[name]) for name in f.variables}
    return [c for c in conditions(f, A, **values) if c.smooth == smooth]


def _fails(c: Condition) -> bool:
    x = arb(c.value)
    match c.kind:
        case "> 0":
            return bool(x <= 0)
        case "≥ 0":
            return bool(x < 0)
    return bool(x.is_zero()) and (c.breaks is None or c.breaks())


def _between(f: Formula, A: Any, p: Any, q: Any, k: int, smooth: bool) -> dict[str, Fraction]:
    """Return a point on the way from p to q near which the k-th condition has the value 0."""
    low = arb(_met(f, A, p, smooth)[k].value)
    for _ in range(HALVINGS):
        middle = {name: (p[name] + q[name]) / 2 for name in p}
        found = _met(f, A, middle, smooth)
        if k >= len(found):
            break
        p, q = (middle, q) if low * arb(found[k].value) > 0 else (p, middle)
    return q


def _written(point: dict[str, Fraction], rounded: bool = False) -> str:
    return ", ".join(f"{name} = {float(x):.6g}" if rounded else f"{name} = {x}" for name, x in point.items())
