"""Check a maximum or minimum: by the certified search of the numbers layer, beside the opinions of SciPy and mpmath."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import ctx

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.ball import bits
from symgrad.arithmetic.closed import Closed, ClosedNumber
from symgrad.arithmetic.dyadic import ball
from symgrad.claims.decimal import Decimal, decimal
from symgrad.claims.extremum import Extremum, exact_number
from symgrad.errors import NotClosed
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum import extremum as numbers
from symgrad.numbers.extremum.symmetry import is_stationary_at, takes
from symgrad.numbers.magnitude.magnitude import Magnitude

METHOD = "branch and bound, interval Newton"
DIGITS = 60
"""To which an exact number is compared with an enclosure before it is asked whether they are the same."""


def check(claim: Extremum, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks: the search encloses place and value and proves that there is no other; then the opinions."""
    search = numbers.maximise if claim.sense == "maximum" else numbers.minimise
    places = [decimal(text).digits for text in (claim.at, claim.value) if exact_number(text) is None]
    found = search(claim.formula, claim.domain.variable, claim.domain, max([*places, 12]))
    if not found.proved:
        yield Check(METHOD, Verdict.UNKNOWN, f"not decided: {found}")
        return
    wrong = _wrong(claim, found)
    if wrong:
        yield Check(METHOD, Verdict.REFUTED, counterexample=wrong)
        return
    place = has_place(found, claim.at)
    value = has_value(found, claim.value, claim.at if place else "")
    if False in (place, value):
        yield Check(METHOD, Verdict.REFUTED, counterexample=f"found: {found}")
        return
    if None in (place, value):
        yield Check(METHOD, Verdict.UNKNOWN, f"enclosed, but not shown to be exactly that: {found}")
        return
    exact = [name for name, text in (("place", claim.at), ("value", claim.value)) if exact_number(text) is not None]
    known = {0: "enclosed to the digits shown", 1: f"the {exact[0]} is exact" if exact else "", 2: "both are exact"}
    said = f"the only place in the whole domain; {found.survey.boxes:,} boxes; {known[len(exact)]}"
    yield Check(METHOD, Verdict.ENCLOSED, said, points=found.survey.boxes)
    yield from _opinions(found)


def _wrong(claim: Extremum, found: numbers.Extremum) -> str:
    """Say what the search finds to be otherwise, or nothing."""
    if found.value is None or not found.attained:
        return f"it is not attained; found: {found}"
    if not found.unique:
        return f"there is more than one place: {found.where}"
    return ""


def has_value(found: numbers.Extremum, text: str, at: str = "") -> bool | None:
    """Tell whether an extremum, attained at one place, has this value, a decimal or exact; None: not decided.

    at: its place, where that is known to be this number.
    """
    assert found.value is not None
    number = exact_number(text)
    if number is None:
        return rounds_to(found.value, decimal(text))
    return is_value(found, number, exact_number(at) if at else None)


def has_place(found: numbers.Extremum, text: str) -> bool | None:
    """Tell whether an extremum is at this one place, a decimal or exact; None: not decided."""
    number = exact_number(text)
    return rounds_to(found.at, decimal(text)) if number is None else is_place(found, number)


def is_value(found: numbers.Extremum, number: Formula, at: Formula | None = None) -> bool | None:
    """Tell whether the value of an extremum is exactly this number; None: not decided. at: its exact place."""
    assert found.value is not None
    [c] = found.points
    if not _overlap(found.value, number):
        return False
    exact = closed(number)
    if exact is not None and found.value.exact is not None:
        return exact.rational == found.value.exact
    place = c.exact_formula or at
    if place is None:
        return None
    if exact is not None:
        try:
            return not (found.formula(Closed(), **{found.variable: place(Closed())}) - exact).terms
        except NotClosed:
            pass
    return True if takes(c.f, place, number) else None


def is_place(found: numbers.Extremum, number: Formula) -> bool | None:
    """Tell whether the one place of an extremum is exactly this number; None: not decided."""
    [c] = found.points
    if not _overlap(found.at, number):
        return False
    exact, known = closed(number), c.exact_formula
    if exact is not None and known is not None:
        return not (exact - known(Closed())).terms
    A = arithmetic("ball", DIGITS)
    with A.working():
        x = number(A)
        inside = bool(c.box.lo <= x) and bool(x <= c.box.hi)  # where f' has one zero, and no other
    if c.kind == "stationary" and inside and is_stationary_at(c.f, number):
        return True
    return None


def closed(number: Formula) -> ClosedNumber | None:
    """Return a number as a sum of roots and powers of pi, None where it is none."""
    try:
        return number(Closed())
    except NotClosed:
        return None


def _overlap(x: Magnitude, number: Formula) -> bool:
    A = arithmetic("ball", DIGITS)
    with A.working():
        return bool(x.ball(4 * DIGITS).overlaps(number(A)))


def rounds_to(x: Magnitude, shown: Decimal) -> bool:
    """Tell whether a number lies within half a unit of the last digit of a decimal; a tie goes either way."""
    if x.exact is not None:
        return abs(x.exact - shown.value) <= shown.unit / 2
    precision = bits(shown.digits) + 64
    with ctx.workprec(precision):
        error = abs(x.ball(precision) - ball(shown.value))
        half = ball(shown.unit / 2)
        if error <= half or error > half:
            return bool(error <= half)
    return Fraction(x.to(shown.digits)) == shown.value


def _opinions(found: numbers.Extremum) -> Iterator[Check]:
    """Say to how many digits an optimiser and a root finder agree; they guarantee nothing, so none refutes."""
    for opinion in found.opinions:
        place, value = (min(n, found.digits) for n in opinion.digits)
        verdict = Verdict.SAMPLED if opinion.agrees else Verdict.UNKNOWN
        yield Check(opinion.source, verdict, f"agrees to {place} digits of the place and {value} of the value")
