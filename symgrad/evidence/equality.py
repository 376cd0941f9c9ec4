"""Where two formulas are equal: on a whole domain, on a part of it, or nowhere.

The claim left = right is checked as any other. Where it does not hold on the whole domain, points tell where it may:
between those that differ, or where a side is not defined, the ends are found by halving, and each part is checked by
itself. Of several letters the parts are those of their signs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from functools import partial
from itertools import groupby, islice, pairwise, product
from math import ceil, floor
from typing import Any

from flint import arb

from symgrad.arithmetic import arithmetic
from symgrad.claims.relation import Relation
from symgrad.deadline import attempt
from symgrad.errors import SymgradError
from symgrad.evidence.check import check
from symgrad.evidence.defined import exceptions, fails_at
from symgrad.evidence.evidence import Check, Evidence
from symgrad.evidence.verdict import Verdict
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import Domain, RealDomain, corners, far_points, points, whole_line

POINTS, FAR, HALVINGS = 60, 12, 60
MOST_PARTS, SECONDS = 4, 5.0
"""Parts that are looked at, and the time of each."""
MOST_DIGITS = 1_000_000
MOST_LETTERS = 4
"""Letters whose signs are tried."""
DIGITS = 40

Point = dict[str, Fraction]


class At(Enum):
    """What two formulas are at a point."""

    EQUAL = "equal"
    DIFFERENT = "different"
    LEFT = "the left side is not defined"
    RIGHT = "the right side is not defined"
    NEITHER = "neither side is defined"
    UNDECIDED = "not decided"


@dataclass(frozen=True)
class Part:
    """A part of the domain on which the sides are equal, with the evidence."""

    domain: Domain
    evidence: Evidence


@dataclass(frozen=True)
class Equality:
    """Where two formulas are equal, and a point where they are not, or where one of them is not defined.

    whole: the evidence that they are equal on the whole domain, which may not pass. shared: wherever one of them was
    seen to be defined, the other is, too, and equals it.
    """

    domain: Domain
    whole: Evidence
    parts: tuple[Part, ...] = ()
    different: str = ""
    undefined: tuple[str, ...] = ()
    shared: bool = False

    @property
    def verdict(self) -> Verdict:
        """How well it is known that they are equal on the whole domain; REFUTED where they differ at a point."""
        return Verdict.REFUTED if self.different else self.whole.verdict


def equality(left: Formula, right: Formula, given: Domain = (), seed: int = 0, digits: int = 60) -> Equality:
    """Compare two formulas on a domain; a letter without an interval is any real number.

    >>> from symgrad.network.formula import read_formula
    >>> found = equality(read_formula("sqrt(x**2)"), read_formula("x"))
    >>> print(found.verdict, [", ".join(map(str, p.domain)) for p in found.parts])
    REFUTED ['x ≥ 0']
    """
    variables = tuple(dict.fromkeys((*left.variables, *right.variables)))
    domain = whole_line(variables, tuple(i for i in given if i.variable in variables))
    claim = Relation(left, "=", right, domain)
    whole = _in_pieces(claim, check(claim, seed, digits), seed, digits)
    if not variables and whole.verdict is Verdict.SAMPLED:
        whole = _finer(claim, whole, seed, digits)
    if whole.verdict.passes or not variables:
        sides = _values(claim, {}) if whole.verdict is Verdict.REFUTED else ""
        return Equality(domain, whole, different=sides)
    seen = [(p, _at(claim, p)) for p in _looked_at(domain, seed)]
    found = {at for _, at in seen}
    different = next((_values(claim, p) for p, at in sorted(seen, key=_plain) if at is At.DIFFERENT), "")
    undefined = tuple(_undefined(claim, seen))
    if At.EQUAL not in found:
        return Equality(domain, whole, (), different, undefined)
    parts = tuple(_parts(claim, domain, seen, seed, digits))
    equal = [p for p, at in seen if at is At.EQUAL]
    covered = all(any(all(i.holds(p[i.variable]) for i in part.domain) for part in parts) for p in equal)
    shared = covered and found <= {At.EQUAL, At.NEITHER}
    return Equality(domain, whole, parts, different, undefined, shared)


def _finer(claim: Relation, whole: Evidence, seed: int, digits: int) -> Evidence:
    """Compare two numbers with as many digits as they have before the point, too: e^1000 is not e^1000 + 1."""
    A = arithmetic("ball", digits)
    with A.working():
        size = abs(arb(claim.left(A)))
        logarithm = size.log() / arb(10).log() if size > 1 else arb(0)
        before = int(logarithm.upper().floor().unique_fmpz()) if logarithm < MOST_DIGITS else 0
    if not logarithm < MOST_DIGITS:
        told = f"they agree in {digits} digits, and have more before the point than can be computed"
        return replace(whole, checks=(*whole.checks, Check("size", Verdict.UNKNOWN, told, required=True)))
    for more in (10 * digits, before + digits):
        if digits < more < MOST_DIGITS:
            found = check(claim, seed, more)
            if found.verdict is not Verdict.SAMPLED:
                return found
            whole = found
    return whole


def _in_pieces(claim: Relation, whole: Evidence, seed: int, digits: int) -> Evidence:
    """Prove what holds at points on each side of the kinks by itself: max(0, x) = (x + |x|)/2 for x ≤ 0 and x ≥ 0."""
    if whole.verdict is not Verdict.SAMPLED or len(claim.domain) != 1:
        return whole
    [line] = claim.domain
    kinks = sorted({q for f in (claim.left, claim.right) if f.variables for q in _kinks(f, line)})
    if not 0 < len(kinks) <= MOST_PARTS or not all(_is_exact(claim, {line.variable: q}) for q in kinks):
        return whole
    ends = [line.low, *kinks, line.high]
    pieces = [RealDomain(line.variable, low, high) for low, high in pairwise(ends)]
    pieces[0], pieces[-1] = replace(pieces[0], open_low=line.open_low), replace(pieces[-1], open_high=line.open_high)
    found = [check(replace(claim, domain=(piece,)), seed, digits) for piece in pieces]
    if min(e.verdict for e in found) < Verdict.ENCLOSED:
        return whole
    least = max(min(found, key=lambda e: e.verdict).checks, key=lambda c: c.verdict)
    told = f"{least.method}, on each side of {line.variable} = {', '.join(map(str, kinks))}"
    return replace(whole, checks=(*whole.checks, replace(least, method=told)))


def _kinks(f: Formula, line: RealDomain) -> Iterator[Fraction]:
    """Yield the places where a formula may have no slope, those that are plain fractions."""
    try:
        found = exceptions(f, (line,), smooth=True)
    except (SymgradError, ArithmeticError):
        return
    for _, point in found:
        q = point[line.variable]
        plain = q.limit_denominator(1000)
        if abs(plain - q) < Fraction(1, 10**9) and line.holds(plain):
            yield plain


def _is_exact(claim: Relation, point: Point) -> bool:
    """Tell whether the sides are equal at a point, exactly."""
    A = arithmetic("exact")
    try:
        return bool(claim.difference(A, {name: A.number(q) for name, q in point.items()}) == 0)
    except SymgradError:
        return False


# --- points -------------------------------------------------------------------------------------------------


def _looked_at(domain: Domain, seed: int) -> Iterator[Point]:
    yield from corners(domain, (0, 1, -1, 2, -2))
    yield from points(domain, seed, POINTS)
    yield from far_points(domain, seed, FAR)


def _at(claim: Relation, point: Point) -> At:
    left, right = (fails_at(f, {x: point[x] for x in f.variables}) for f in (claim.left, claim.right))
    if left or right:
        return At.NEITHER if left and right else At.LEFT if left else At.RIGHT
    A = arithmetic("ball", DIGITS)
    try:
        with A.working():
            rest = arb(claim.difference(A, {name: A.number(q) for name, q in point.items()}))
    except (SymgradError, ArithmeticError):
        return At.UNDECIDED
    if rest > 0 or rest < 0:
        return At.DIFFERENT
    return At.EQUAL if rest.is_finite() and rest.rad() < arb(10) ** (10 - DIGITS) else At.UNDECIDED


def _plain(pair: tuple[Point, At]) -> tuple[int, Fraction]:
    """Order points by how plain their numbers are."""
    return sum(q.denominator for q in pair[0].values()), sum((abs(q) for q in pair[0].values()), Fraction(0))


def written(point: Point) -> str:
    """Return a point as it is said: x = 1/2, y = -1."""
    return ", ".join(f"{name} = {q}" for name, q in point.items())


def _values(claim: Relation, point: Point) -> str:
    A = arithmetic("ball", DIGITS)
    with A.working():
        numbers = {name: A.number(q) for name, q in point.items()}
        values = [arb(f(A, **{v: numbers[v] for v in f.variables})) for f in (claim.left, claim.right)]
        told = ([x.str(digits, radius=False) for x in values] for digits in range(6, DIGITS + 1))
        shown = " against ".join(next((x for x in told if len(set(x)) > 1), [str(x) for x in values]))
    return f"at {written(point)}: {shown}" if point else shown


def _undefined(claim: Relation, seen: list[tuple[Point, At]]) -> Iterator[str]:
    for at, f in ((At.LEFT, claim.left), (At.RIGHT, claim.right)):
        place = next((p for p, here in sorted(seen, key=_plain) if here in (at, At.NEITHER)), None)
        if place is not None:
            yield f"{f} is not defined at {written({x: place[x] for x in f.variables})}"


# --- parts --------------------------------------------------------------------------------------------------


def _parts(claim: Relation, domain: Domain, seen: list[tuple[Point, At]], seed: int, digits: int) -> Iterator[Part]:
    tried = _intervals(claim, domain[0], seen) if len(domain) == 1 else _orthants(domain, seen)
    for part in islice(tried, MOST_PARTS):
        evidence = attempt(partial(check, replace(claim, domain=part), seed, digits), None, SECONDS)
        if evidence is not None and evidence.verdict.passes:
            yield Part(part, evidence)


def _intervals(claim: Relation, whole: RealDomain, seen: list[tuple[Point, At]]) -> Iterator[Domain]:
    """Yield the longest intervals on which the sides are equal at all points that are seen."""
    x = whole.variable
    line = sorted({p[x]: at for p, at in seen if at is not At.UNDECIDED}.items())
    runs = [(at, [q for q, _ in run]) for at, run in groupby(line, key=lambda pair: pair[1])]
    for n, (at, run) in enumerate(runs):
        if at is not At.EQUAL or (len(run) == 1 and len(runs) > 1):
            continue  # sides that meet at one point
        low = whole.low if n == 0 else _end(claim, x, runs[n - 1][1][-1], run[0])
        high = whole.high if n == len(runs) - 1 else _end(claim, x, runs[n + 1][1][0], run[-1])
        ends = [q is None or not whole.holds(q) or _at(claim, {x: q}) is not At.EQUAL for q in (low, high)]
        yield (RealDomain(x, low, high, *ends),)


def _end(claim: Relation, x: str, outside: Fraction, inside: Fraction) -> Fraction:
    """Return the end of an interval between a point where the sides are not equal and one where they are."""
    for _ in range(HALVINGS):
        middle = (outside + inside) / 2
        if _at(claim, {x: middle}) in (At.EQUAL, At.UNDECIDED):
            inside = middle
        else:
            outside = middle
    low, high = sorted((outside, inside))
    plain = next((q for n in (1, 2, 10, 100, 1000) if low <= (q := inside.limit_denominator(n)) <= high), None)
    return _shortened(inside, up=inside > outside) if plain is None else plain


def _shortened(q: Fraction, up: bool) -> Fraction:
    """Return a decimal of six digits or so inside of an end that is no plain fraction: 1.414214 for √2 ≤ x."""
    unit = Fraction(10) ** (6 - max(0, len(str(int(abs(q)))) - 1))
    return Fraction(ceil(q * unit) if up else floor(q * unit)) / unit


def _orthants(domain: Domain, seen: list[tuple[Point, At]]) -> Iterator[Domain]:
    """Yield the parts where letters are positive or negative, those of fewest letters first."""
    if len(domain) > MOST_LETTERS:
        return
    choices = sorted(product((None, True, False), repeat=len(domain)), key=lambda s: len(s) - s.count(None))
    taken: list[dict[str, bool]] = []
    for signs in choices[1:]:
        chosen = {i.variable: s for i, s in zip(domain, signs, strict=True) if s is not None}
        if any(t.items() <= chosen.items() for t in taken):
            continue
        here = [at for p, at in seen if all((p[v] > 0) == s and p[v] != 0 for v, s in chosen.items())]
        if here.count(At.EQUAL) >= 3 and set(here) <= {At.EQUAL, At.UNDECIDED}:
            taken.append(chosen)
            yield tuple(_half(i, chosen.get(i.variable)) for i in domain)


def _half(i: RealDomain, positive: Any) -> RealDomain:
    if positive is None:
        return i
    if positive and (i.low is None or i.low < 0):
        return replace(i, low=Fraction(0), open_low=True)
    if not positive and (i.high is None or i.high > 0):
        return replace(i, high=Fraction(0), open_high=True)
    return i
