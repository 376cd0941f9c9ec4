"""Check a maximum or minimum: by the certified search of the numbers layer, beside the opinions of SciPy and mpmath."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flint import ctx

from symgrad.arithmetic.ball import bits
from symgrad.arithmetic.dyadic import ball
from symgrad.claims.decimal import Decimal, decimal
from symgrad.claims.extremum import Extremum
from symgrad.evidence.evidence import Check
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum import extremum as numbers
from symgrad.numbers.magnitude.magnitude import Magnitude

METHOD = "branch and bound, interval Newton"


def check(claim: Extremum, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks: the search encloses place and value and proves that there is no other; then the opinions."""
    search = numbers.maximise if claim.sense == "maximum" else numbers.minimise
    places = decimal(claim.at).digits, decimal(claim.value).digits
    found = search(claim.formula, claim.domain.variable, claim.domain, max(*places, 12))
    if not found.proved:
        yield Check(METHOD, Verdict.UNKNOWN, f"not decided: {found}")
        return
    wrong = _wrong(claim, found)
    if wrong:
        yield Check(METHOD, Verdict.REFUTED, counterexample=wrong)
        return
    said = f"the only place in the whole domain; {found.survey.boxes:,} boxes; enclosed to the digits shown"
    yield Check(METHOD, Verdict.ENCLOSED, said, points=found.survey.boxes)
    yield from _opinions(found)


def _wrong(claim: Extremum, found: numbers.Extremum) -> str:
    """Say what the search finds to be otherwise, or nothing."""
    if found.value is None or not found.attained:
        return f"it is not attained; found: {found}"
    if not found.unique:
        return f"there is more than one place: {found.where}"
    same = rounds_to(found.value, decimal(claim.value)) and rounds_to(found.at, decimal(claim.at))
    return "" if same else f"found: {found}"


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
