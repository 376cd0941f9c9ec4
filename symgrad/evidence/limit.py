"""Check a limit: SymPy's own limit, and the values along a tail that runs to the point."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.limit import Limit
from symgrad.evidence.evidence import Check
from symgrad.evidence.relation import unconstrained
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import read_formula
from symgrad.numbers.extremum.domain import points, whole_line

TAIL = range(4, 15)
"""The tail runs through 2^4 ... 2^14, or through the point plus 2^-4 ... 2^-14."""


def check(claim: Limit, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of formula → value."""
    yield _tail(claim, digits)
    yield _by_sympy(claim)


def _by_sympy(claim: Limit) -> Check:
    import sympy

    variables = whole_line(claim.formula.variables, claim.domain)
    A, x = arithmetic("symbolic"), sympy.Symbol(claim.variable, real=True)
    symbols = {i.variable: unconstrained(i) for i in variables if i.variable != claim.variable} | {claim.variable: x}
    infinite = {"oo": sympy.oo, "-oo": -sympy.oo}
    point = infinite.get(claim.point) or read_formula(claim.point)(A)
    try:
        found = sympy.limit(claim.formula(A, **symbols), x, point)
    except (NotImplementedError, ValueError) as error:
        return Check("SymPy limit", Verdict.UNKNOWN, f"SymPy gives none: {error}"[:200])
    wanted = infinite.get(str(claim.value)) or _value(claim, A, symbols)
    if found == wanted or sympy.simplify(found - wanted) == 0:
        return Check("SymPy limit", Verdict.PROVED, f"the limit is {found}")
    if found.is_number and wanted.is_number:
        return Check("SymPy limit", Verdict.REFUTED, counterexample=f"SymPy's limit is {found}")
    return Check("SymPy limit", Verdict.UNKNOWN, f"SymPy's limit is {found}")


def _value(claim: Limit, A: Any, symbols: dict[str, Any]) -> Any:
    return claim.value(A, **{v: symbols[v] for v in claim.value.variables})


def _tail(claim: Limit, digits: int) -> Check:
    """Look at the distance along a tail: it must fall at every step, and end below a thousandth of its start.

    Where the limit is infinite, the distance is that of 1 / formula from 0, with the sign of the limit.
    """
    A, method = arithmetic("ball", digits), "tail"
    others = whole_line([v for v in claim.formula.variables if v != claim.variable], _without(claim))
    [point] = points(others, 0, 1)
    with A.working():
        fixed = {name: A.number(q) for name, q in point.items()}
        distances = []
        for k in TAIL:
            x = A.number(_place(claim.point, k))
            value = arb(claim.formula(A, **fixed, **{claim.variable: x}))
            distances.append(_distance(claim, value, A, fixed))
    if not all(d.is_finite() for d in distances):
        return Check(method, Verdict.UNKNOWN, "a value of the tail is not finite")
    falls = all(not (later > earlier) for earlier, later in pairwise(distances))
    small = not (distances[-1] > distances[0] / 1000)
    if falls and small:
        return Check(method, Verdict.SAMPLED, "the distance falls along the tail", A.describe(), points=len(distances))
    return Check(method, Verdict.UNKNOWN, "the tail does not tell", A.describe(), points=len(distances))


def _distance(claim: Limit, value: arb, A: Any, fixed: dict[str, Any]) -> arb:
    match str(claim.value):
        case "oo":
            return 1 / value if value > 0 else arb("nan")
        case "-oo":
            return -1 / value if value < 0 else arb("nan")
    return abs(value - _value(claim, A, fixed))


def _without(claim: Limit) -> Any:
    return tuple(i for i in claim.domain if i.variable != claim.variable)


def _place(point: str, k: int) -> Fraction:
    match point:
        case "oo":
            return Fraction(2**k)
        case "-oo":
            return Fraction(-(2**k))
    value = read_formula(point)(arithmetic("exact"))
    return Fraction(int(value.p), int(value.q)) + Fraction(1, 2**k)
