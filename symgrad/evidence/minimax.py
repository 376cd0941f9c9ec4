"""Check a best approximation: its error alternates, and no two members of the family cross often enough.

Let f have errors of alternating signs at n points, each at least δ in size. Were g closer than δ everywhere, then
f - g would have these signs too, so at least n - 1 zeros. Where the difference of any two members, times
something positive, is a sum of k exponentials c e^(λx), it has at most k - 1 zeros, or is 0 everywhere (Rolle,
by induction). So with n > k none is closer than δ (de la Vallée Poussin).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.minimax import Minimax
from symgrad.evidence.evidence import Check
from symgrad.evidence.extremum import digits_shown
from symgrad.evidence.sign import sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import put, read_formula
from symgrad.numbers.extremum.extremum import maximise, minimise

LOWER, UPPER = "alternation", "largest error of these parameters"


def check(claim: Minimax, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks: none is closer, and the parameters given are as close."""
    A = arithmetic("ball", digits_shown(claim.value) + 20)
    with A.working():
        value, half = arb(A.number(Fraction(claim.value))), arb(A.number(_half_a_unit(claim.value)))
        lower, upper = _below(claim, A), _above(claim, A)
        if upper < value - half:
            yield Check(UPPER, Verdict.REFUTED, counterexample=f"these parameters reach {upper.str(12)}")
        elif lower is None:
            yield Check(LOWER, Verdict.UNKNOWN, "the theorem on alternation does not apply")
        elif lower > value + half:
            yield Check(LOWER, Verdict.REFUTED, counterexample=f"none is closer than {lower.str(12, radius=False)}")
        elif lower >= value - half and upper <= value + half:
            said = f"{len(claim.points)} points of alternating errors; two members cross at most"
            yield Check(LOWER, Verdict.ENCLOSED, f"{said} {len(claim.points) - 2} times: none is closer")
            yield Check(UPPER, Verdict.ENCLOSED, "the maximum over the interval, to the digits shown")
        else:
            yield Check(UPPER, Verdict.UNKNOWN, f"between {lower.str(12)} and {upper.str(12)}")


def _half_a_unit(decimal: str) -> Fraction:
    return Fraction(1, 2 * 10 ** len(decimal.partition(".")[2]))


def _below(claim: Minimax, A: Any) -> arb | None:
    """Return the δ below which no error comes, None where the theorem does not apply."""
    given = {name: A.number(Fraction(q)) for name, q in claim.parameters}
    x, places = claim.domain.variable, [Fraction(p) for p in claim.points]
    low, high = claim.domain.low, claim.domain.high
    outside = low is None or high is None or any(not low <= p <= high for p in places)
    if outside or any(p >= q for p, q in pairwise(places)) or not len(places) > _exponentials(claim):
        return None
    errors = [arb(claim.error(A, **given, **{x: A.number(p)})) for p in places]
    if not all(e > 0 if (k % 2 == 0) == bool(errors[0] > 0) else e < 0 for k, e in enumerate(errors)):
        return None
    return min(abs(e).lower() for e in errors)


def _above(claim: Minimax, A: Any) -> arb:
    """Return the largest |error| over the interval, a ball."""
    decimals = {name: read_formula(q) for name, q in claim.parameters}
    error, digits = put(claim.error, **decimals), digits_shown(claim.value) + 10
    ends = (search(error, claim.domain.variable, claim.domain, digits) for search in (maximise, minimise))
    sizes = [arb("inf") if end.value is None else abs(end.value.ball(A.digits * 4)) for end in ends]
    return max(sizes, key=lambda b: b.mid())


def _exponentials(claim: Minimax) -> float:
    """Return how many exponentials c e^(λx) make up the difference of two members; infinite if it is no such sum."""
    import sympy

    A, x = arithmetic("symbolic"), sympy.Symbol(claim.domain.variable, real=True)
    names = [name for name, _ in claim.parameters]
    one, other = (
        claim.error(A, **{n: sympy.Symbol(f"{n}_{k}", real=True) for n in names}, **{claim.domain.variable: x})
        for k in (1, 2)
    )
    above, below = sympy.fraction(sympy.together((one - other).rewrite(sympy.exp)))
    positive = sign(below)
    if positive is None or not positive.strict:
        return float("inf")
    rates = set()
    for term in sympy.Add.make_args(sympy.expand(above, power_exp=False)):
        exponent = sympy.expand(sympy.log(sympy.powsimp(term.as_independent(x)[1])), force=True)
        if not exponent.is_polynomial(x) or sympy.degree(exponent, x) > 1:
            return float("inf")
        rates.add(sympy.simplify(sympy.diff(exponent, x)))
    return len(rates)
