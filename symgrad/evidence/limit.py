"""Check a limit: SymPy's own limit from each side, and the values along a tail that runs to the point.

The domain says from which sides the variable comes: x → 0 over all real numbers is a limit from both. SymPy takes the
other letters to be general numbers, and does not say which special ones it leaves out. So where there are letters,
its limit is a proof only where the formula falls apart into factors of them and of the variable alone, or into
powers whose base is known to be above or below 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise, product
from random import Random
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.limit import INFINITE, Limit
from symgrad.deadline import attempt
from symgrad.evidence.conditions import conditions
from symgrad.evidence.cover import covers, shown
from symgrad.evidence.defined import fails_at, holds
from symgrad.evidence.evidence import Check
from symgrad.evidence.sign import is_zero, sign
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import read_formula
from symgrad.numbers.extremum.domain import Domain, RealDomain, corners, points, whole_line

TAIL = range(4, 15)
"""The tail runs through 2^4 ... 2^14, or through the point plus or minus 2^-4 ... 2^-14."""
BESIDE = (Fraction(0), Fraction(1), Fraction(1, 3))
"""Numbers added to those powers of 2: what has a period must not be met at one phase alone."""
BY_TAIL, BY_SYMPY, SIDES = "tail", "SymPy limit", "domain"
POINTS, CORNERS = 5, 16
"""Values of the other letters: at random, and at the ends that belong to their intervals."""


def check(claim: Limit, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the checks of formula → value."""
    sides = _sides(claim)
    if not sides:
        said = f"{claim.variable} does not come close to {claim.point} in its domain"
        yield Check(SIDES, Verdict.UNKNOWN, said, required=True)
        return
    names = (*claim.formula.variables, *(() if str(claim.value) in INFINITE else claim.value.variables))
    given = tuple(i for i in claim.domain if i.variable != claim.variable)
    others = whole_line((v for v in dict.fromkeys(names) if v != claim.variable), given)
    tail = _tail(claim, others, sides, seed, digits)
    yield tail
    if not tail.required:
        unknown = Check(BY_SYMPY, Verdict.UNKNOWN, "SymPy gives none")
        yield attempt(lambda: _by_sympy(claim, others, sides, tail), unknown, 15)


def _sides(claim: Limit) -> list[int]:
    """Return from where the variable comes to the point within its domain: 1 from above, -1 from below."""
    own = next((i for i in claim.domain if i.variable == claim.variable), RealDomain(claim.variable))
    if claim.point == "oo":
        return [-1] if own.high is None else []
    if claim.point == "-oo":
        return [1] if own.low is None else []
    A = arithmetic("ball", 40)
    with A.working():
        point = arb(read_formula(claim.point)(A))
        low, high = (None if q is None else A.number(q) for q in (own.low, own.high))
        above = (low is None or low <= point) and (high is None or high > point)
        below = (high is None or high >= point) and (low is None or low < point)
    return [side for side, comes in ((1, above), (-1, below)) if comes]


# --- SymPy ------------------------------------------------------------------------------------------


def _by_sympy(claim: Limit, others: Domain, sides: list[int], tail: Check) -> Check:
    import sympy

    A, t = arithmetic("symbolic"), sympy.Dummy("t", positive=True)
    infinite = {"oo": sympy.oo, "-oo": -sympy.oo}
    point = 0 if claim.point in INFINITE else read_formula(claim.point)(A)
    towards = sympy.oo if claim.point in INFINITE else sympy.Integer(0)
    proved, found = True, None
    for symbols, side in product(covers(others), sides):
        f = claim.formula(A, **symbols, **{claim.variable: point + (-side if towards.is_infinite else side) * t})
        if f.has(sympy.Piecewise) and not tail.verdict.passes:
            return Check(BY_SYMPY, Verdict.UNKNOWN, "SymPy's limits at a branch are not relied upon")
        wanted = infinite.get(str(claim.value)) or claim.value(A, **_of(claim.value, symbols))
        try:
            found = sympy.limit(f, t, towards, "+")
        except (NotImplementedError, ValueError, TypeError, AttributeError) as error:
            return Check(BY_SYMPY, Verdict.UNKNOWN, f"SymPy gives none: {error}"[:200])
        if found != wanted and not (found.is_finite and is_zero(found - wanted)):
            differs = found.is_number and wanted.is_number and not f.free_symbols - {t}
            if differs and not tail.verdict.passes and found.is_extended_real:
                return Check(BY_SYMPY, Verdict.REFUTED, counterexample=f"SymPy's limit is {found}")
            another = _is_another(found, wanted)
            return Check(BY_SYMPY, Verdict.UNKNOWN, f"SymPy's limit is {shown(found)}", required=another)
        proved = proved and _letters_fit(claim, A, symbols, point + side * t, t)
        proved = proved and (not f.free_symbols - {t} or _separates(f, wanted, t, towards))
    if not proved:
        return Check(BY_SYMPY, Verdict.UNKNOWN, f"SymPy's limit is {shown(found)} for general letters, not for all")
    return Check(BY_SYMPY, Verdict.PROVED, f"the limit is {shown(found)}")


def _is_another(found: Any, wanted: Any) -> bool:
    """Tell whether SymPy's limit is surely not what is claimed, exactly; of letters, at one point of them."""
    import sympy

    letters = sorted(found.free_symbols | wanted.free_symbols, key=str)
    point = {v: sympy.Rational(2 * k + 3, 2 * k + 5) for k, v in enumerate(letters)}
    found, wanted = found.subs(point), wanted.subs(point)
    if isinstance(found, sympy.AccumBounds) or found.is_infinite or wanted.is_infinite:
        return bool(found != wanted)
    return bool(found.is_number and wanted.is_number and (found - wanted).is_zero is False)


def _letters_fit(claim: Limit, A: Any, symbols: dict[str, Any], x: Any, t: Any) -> bool:
    """Tell whether all that is asked of the letters alone, that both sides have values, holds for all of them."""
    met = conditions(claim.formula, A, **_of(claim.formula, {**symbols, claim.variable: x}))
    if str(claim.value) not in INFINITE:
        met += conditions(claim.value, A, **_of(claim.value, symbols))
    return all(holds(c) for c in met if not c.smooth and not c.value.has(t))


def _separates(f: Any, wanted: Any, x: Any, point: Any) -> bool:
    """Tell whether the limit holds for all values of the letters: term by term, each c h(x) or c B^(k x) h(x)."""
    import sympy

    if wanted.is_infinite:
        return _tends_to(f, x, point) == wanted
    limits = [_tends_to(term, x, point) for term in sympy.Add.make_args(sympy.expand(f - wanted))]
    return None not in limits and all(n.is_finite for n in limits) and bool(is_zero(sum(limits)))


def _tends_to(term: Any, x: Any, point: Any) -> Any:
    """Return the limit of a product of a factor without x, powers B^(k x), and factors of x alone; None for another."""
    import sympy

    letters, dependent = term.as_independent(x, as_Add=False)
    rest, vanishes, grows = sympy.Integer(1), False, False
    for factor in sympy.Mul.make_args(sympy.powsimp(dependent)):
        if factor.free_symbols <= {x}:
            rest *= factor
            continue
        base, exponent = factor.as_base_exp()
        rate = sympy.expand(exponent).coeff(x, 1)
        if base.has(x) or sympy.expand(exponent - rate * x).has(x) or not base.is_positive or point != sympy.oo:
            return None
        letters *= base ** sympy.expand(exponent - rate * x)
        speed = sign(rate * sympy.log(base))
        if speed is None or not speed.strict:
            return None
        grows, vanishes = grows or speed.direction > 0, vanishes or speed.direction < 0
    own = sympy.limit(rest, x, point, "+")
    if vanishes:  # a power falls faster than any power of x grows
        return sympy.Integer(0) if not grows and (own.is_finite or rest.is_polynomial(x)) else None
    if not grows and own.is_finite:
        return letters * own
    towards = sign(letters)
    if towards is None or not towards.strict or not (own.is_extended_positive or own.is_extended_negative):
        return None
    return sympy.oo * towards.direction * (1 if own.is_extended_positive else -1)


# --- the tail ---------------------------------------------------------------------------------------


def _tail(claim: Limit, others: Domain, sides: list[int], seed: int, digits: int) -> Check:
    """Look at the distance along a tail: it must fall at every step, and end below a nine-hundredth of its start.

    Where the limit is infinite, the distance is that of 1 / formula from 0, with the sign of the limit.
    """
    A, described, looked, open_at = arithmetic("ball", digits), f"balls of {digits} digits", 0, ""
    for letters, side, beside in product(_letters(others, seed), sides, BESIDE):
        places = [{**letters, claim.variable: q} for q in _places(claim.point, side, beside)]
        at = "".join(f" at {name} = {q}" for name, q in letters.items())
        no_value = str(claim.value) not in INFINITE and fails_at(claim.value, places[-1])
        if no_value or any(fails_at(claim.formula, place) for place in places[-4:]):
            said = f"close to {claim.point} it is not defined{at}"
            return Check(SIDES, Verdict.UNKNOWN, said, described, seed, required=True)
        if not _falls([_distance(claim, A, place) for place in places]):
            open_at = open_at or f"the tail does not tell{at}"
        looked += len(places)
    if open_at:
        return Check(BY_TAIL, Verdict.UNKNOWN, open_at, described, seed, looked)
    return Check(BY_TAIL, Verdict.SAMPLED, "the distance falls along the tail", described, points=looked)


def _letters(others: Domain, seed: int) -> Iterator[dict[str, Fraction]]:
    """Yield values of the other letters: ends that belong to their intervals, 0, 1, -1, and points, far and near."""
    yield from corners(others, (0, 1, -1), CORNERS)
    yield from points(others, seed, POINTS if others else 0)
    random = Random(f"{others}|{seed}|near")
    yield from ({i.variable: i.draw(random, 1) for i in others} for _ in range(POINTS if others else 0))


def _falls(distances: list[arb]) -> bool:
    if not all(d.is_finite() for d in distances):
        return False
    falls = all(not (later > earlier) for earlier, later in pairwise(distances))
    return falls and not (distances[-1] > distances[0] / 900)


def _distance(claim: Limit, A: Any, place: dict[str, Fraction]) -> arb:
    with A.working():
        numbers = {name: A.number(q) for name, q in place.items()}
        value = arb(claim.formula(A, **_of(claim.formula, numbers)))
        match str(claim.value):
            case "oo":
                return 1 / value if value > 0 else arb("nan")
            case "-oo":
                return -1 / value if value < 0 else arb("nan")
        return abs(value - arb(claim.value(A, **_of(claim.value, numbers))))


def _of(formula: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in formula.variables}


def _places(point: str, side: int, beside: Fraction) -> Iterator[Fraction]:
    for k in TAIL:
        far = 2**k + beside
        if point in INFINITE:
            yield far if point == "oo" else -far
        else:
            yield _rational(point) + side / far


def _rational(point: str) -> Fraction:
    value = read_formula(point)(arithmetic("exact"))
    return Fraction(int(value.p), int(value.q))
