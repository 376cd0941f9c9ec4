"""Check the mean of a polynomial in random variables: each monomial by the moments that are given."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from symgrad.arithmetic import arithmetic
from symgrad.claims.moments import Moments
from symgrad.deadline import attempt
from symgrad.evidence.cover import real, shown
from symgrad.evidence.defined import all_hold, capped, is_defined
from symgrad.evidence.evidence import Check
from symgrad.evidence.sign import is_zero
from symgrad.evidence.verdict import Verdict
from symgrad.numbers.extremum.domain import points, whole_line

METHOD = "linearity and independence"
POINTS = 5


def check(claim: Moments, seed: int = 0, digits: int = 60) -> Iterator[Check]:
    """Yield the one check: the mean of a monomial of the formula is the product of those of its independent parts."""
    yield _checked(claim, seed)


def _checked(claim: Moments, seed: int) -> Check:
    import sympy

    A, random = arithmetic("symbolic"), claim.random
    formulas = (claim.formula, claim.value, *(f for pair in claim.given for f in pair))
    symbols = real(dict.fromkeys((*random, *(v for f in formulas for v in f.variables))))

    def put(f: Any) -> Any:
        return f(A, **{v: symbols[v] for v in f.variables})

    variables = [symbols[v] for v in random]
    known: dict[Powers, Any] = {}
    for monomial, mean in claim.given:
        powers = _exponents(put(monomial), variables)
        if powers is None or powers in known:
            said = "is no product of random variables" if powers is None else "is given twice"
            return Check(METHOD, Verdict.UNKNOWN, f"{monomial} {said}")
        known[powers] = put(mean)
    if impossible := _impossible(known):
        return Check(METHOD, Verdict.UNKNOWN, impossible, required=True)
    whole = put(claim.formula)
    if not whole.is_polynomial(*variables) or not all_hold(claim.formula, [symbols]):
        return Check(METHOD, Verdict.UNKNOWN, "the formula is no polynomial in the random variables")
    found = sympy.Integer(0)
    for powers, coefficient in sympy.Poly(whole, *variables).terms():
        mean = _mean(powers, _groups(claim), known)
        if mean is None:
            monomial = sympy.Mul(*(x**n for x, n in zip(variables, powers, strict=True)))
            return Check(METHOD, Verdict.UNKNOWN, f"the mean of {shown(monomial)} is not given")
        found += coefficient * mean
    rest = sympy.expand(found - put(claim.value))
    letters = {name: x for name, x in symbols.items() if x in rest.free_symbols}
    if attempt(lambda: is_zero(rest), False):
        defined = is_defined([claim.value], whole_line(claim.value.variables, ()))  # what is given holds where it can
        if isinstance(defined, Check):
            return defined
        return capped(Check(METHOD, Verdict.PROVED, f"the mean is {shown(found)}"), defined)
    for point in points(whole_line(letters, ()), seed, POINTS):
        numbers = {x: A.number(point[name]) for name, x in letters.items()}
        at = rest.subs(numbers)
        if _impossible({powers: mean.subs(numbers) for powers, mean in known.items()}):
            continue
        if at.is_zero is False:
            where = ", ".join(f"{name} = {q}" for name, q in point.items())
            counterexample = f"the mean is {shown(found)}" + (f"; at {where}" if where else "")
            return Check(METHOD, Verdict.REFUTED, counterexample=counterexample)
    return Check(METHOD, Verdict.UNKNOWN, "SymPy does not decide it")


Powers = tuple[int, ...]


def _exponents(monomial: Any, variables: list[Any]) -> Powers | None:
    """Return the exponents of a monomial; None for what is none."""
    import sympy

    if not monomial.is_polynomial(*variables):
        return None
    terms = sympy.Poly(monomial, *variables).terms()
    return tuple(map(int, terms[0][0])) if len(terms) == 1 and terms[0][1] == 1 else None


def _impossible(known: dict[Powers, Any]) -> str:
    """Say which moments no random variables have: a mean of squares below 0, or below the square of the mean."""
    for powers, mean in known.items():
        if all(n % 2 == 0 for n in powers):
            root = known.get(tuple(n // 2 for n in powers), 0)
            if (mean - root**2).is_negative:
                return f"no mean of squares is {shown(mean)}" + (f" beside a mean of {shown(root)}" if root else "")
    return ""


def _groups(claim: Moments) -> list[list[int]]:
    """Return the places of the random variables, those that may depend on each other together."""
    places = {name: i for i, name in enumerate(claim.random)}
    joined = [[places[name] for name in group] for group in claim.together]
    alone = set(places.values()) - {i for group in joined for i in group}
    return [*joined, *([i] for i in sorted(alone))]


def _mean(powers: Powers, groups: list[list[int]], known: dict[Powers, Any]) -> Any:
    """Return the mean of a monomial, a product over the groups; None where it is not given, and no factor is 0."""
    factors = []
    for group in groups:
        part = tuple(n if i in group else 0 for i, n in enumerate(powers))
        if any(part):
            factors.append(known.get(part))
    if any(f == 0 for f in factors):
        return 0
    return None if None in factors else prod(factors)
