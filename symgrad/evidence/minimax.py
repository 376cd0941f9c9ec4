"""Check a best approximation: its error alternates, and no two members of the family cross often enough.

Let f have errors of alternating signs at n points, each at least δ in size. Were g closer than δ everywhere, then
f - g would have these signs too, so at least n - 1 zeros. Where the difference of any two members, times
something positive, is a sum of k exponentials c e^(λx), it has at most k - 1 zeros, or is 0 everywhere (Rolle,
by induction). So with n > k none is closer than δ (de la Vallée Poussin).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import inf
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.decimal import decimal
from symgrad.claims.minimax import Minimax
from symgrad.deadline import attempt
from symgrad.evidence.cover import real
from symgrad.evidence.evidence import Check
from symgrad.evidence.sign import sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import put, read_formula
from symgrad.numbers.extremum.extremum import maximise, minimise

LOWER, UPPER = "alternation", "largest error of these parameters"


def check(claim: Minimax, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks: none is closer, and the parameters given are as close."""
    with arithmetic("ball", decimal(claim.value).digits + 20).working():
        found = list(_checks(claim))
    yield from found  # outside: what the caller does between them has a precision of its own


def _checks(claim: Minimax) -> Iterator[Check]:
    said = decimal(claim.value)
    A = arithmetic("ball", said.digits + 20)
    value, half = arb(A.number(said.value)), arb(A.number(said.unit / 2))
    lower, upper = _below(claim, A), _above(claim, A, said.digits + 10)
    if upper is None:
        yield Check(UPPER, Verdict.UNKNOWN, "the maximum over the interval is not decided")
    elif upper < value - half:
        yield Check(UPPER, Verdict.REFUTED, counterexample=f"these parameters reach {upper.str(12)}")
    elif lower is None:
        yield Check(LOWER, Verdict.UNKNOWN, "the theorem on alternation does not apply")
    elif lower > value + half:
        yield Check(LOWER, Verdict.REFUTED, counterexample=f"none is closer than {lower.str(12, radius=False)}")
    elif lower >= value - half and upper <= value + half:
        told = f"{len(claim.points)} points of alternating errors; two members cross at most"
        yield Check(LOWER, Verdict.ENCLOSED, f"{told} {len(claim.points) - 2} times: none is closer")
        yield Check(UPPER, Verdict.ENCLOSED, "the maximum over the interval, to the digits shown")
    else:
        yield Check(UPPER, Verdict.UNKNOWN, f"between {lower.str(12)} and {upper.str(12)}")


def _below(claim: Minimax, A: Any) -> arb | None:
    """Return the δ below which no error comes, None where the theorem does not apply."""
    given = {name: A.number(decimal(q).value) for name, q in claim.parameters}
    x, places = claim.domain.variable, [decimal(p).value for p in claim.points]
    if (
        any(not claim.domain.holds(p) for p in places)
        or any(p >= q for p, q in pairwise(places))
        or not len(places) > attempt(lambda: _exponentials(claim), inf)
    ):
        return None
    errors = [arb(claim.error(A, **given, **{x: A.number(p)})) for p in places]
    if not all(e > 0 if (k % 2 == 0) == bool(errors[0] > 0) else e < 0 for k, e in enumerate(errors)):
        return None
    return min(abs(e).lower() for e in errors)


def _above(claim: Minimax, A: Any, digits: int) -> arb | None:
    """Return the largest |error| over the interval, a ball; None where that is not decided, or nowhere reached."""
    decimals = {name: read_formula(q) for name, q in claim.parameters}
    error, sizes = put(claim.error, **decimals), []
    for search in (maximise, minimise):
        end = search(error, claim.domain.variable, claim.domain, digits)
        if end.value is None or not end.complete:
            return None
        sizes.append(abs(end.value.ball(A.digits * 4)))
    return max(sizes, key=lambda b: b.mid())


def _exponentials(claim: Minimax) -> float:
    """Return how many exponentials c e^(λx) make up the difference of two members; infinite if it is no such sum."""
    import sympy

    A, names = arithmetic("symbolic"), [name for name, _ in claim.parameters]
    x = sympy.Dummy(claim.domain.variable, real=True)
    one, other = (claim.error(A, **real(names), **{claim.domain.variable: x}) for _ in (1, 2))
    above, below = sympy.fraction(sympy.together((one - other).rewrite(sympy.exp)))
    positive = sign(below)
    if positive is None or not positive.strict:
        return inf
    rates = set()
    for term in sympy.Add.make_args(sympy.expand(above, power_exp=False)):
        exponent = sympy.expand(sympy.log(sympy.powsimp(term.as_independent(x)[1])), force=True)
        if not exponent.is_polynomial(x) or sympy.degree(exponent, x) > 1:
            return inf
        rates.add(sympy.simplify(sympy.diff(exponent, x)))
    return len(rates)
