"""Check the mean of a polynomial in random variables: each monomial by the moments that are given."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import Any

from symgrad.arithmetic import arithmetic
from symgrad.claims.moments import Moments
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
    names = dict.fromkeys((*random, *claim.formula.variables, *claim.value.variables))
    names |= dict.fromkeys(v for _, mean in claim.given for v in mean.variables)
    symbols = {name: sympy.Symbol(name, real=True) for name in names}

    def put(f: Any) -> Any:
        return f(A, **{v: symbols[v] for v in f.variables})

    variables = [symbols[v] for v in random]
    known = {_exponents(put(monomial), variables): put(mean) for monomial, mean in claim.given}
    polynomial = sympy.Poly(put(claim.formula), *variables)
    found = sympy.Integer(0)
    for powers, coefficient in polynomial.terms():
        mean = _mean(powers, _groups(claim), known)
        if mean is None:
            monomial = sympy.Mul(*(x**n for x, n in zip(variables, powers, strict=True)))
            return Check(METHOD, Verdict.UNKNOWN, f"the mean of {monomial} is not given")
        found += coefficient * mean
    rest = sympy.expand(found - put(claim.value))
    if is_zero(rest):
        return Check(METHOD, Verdict.PROVED, f"the mean is {found}")
    letters = sorted(rest.free_symbols, key=str)
    for point in points(whole_line([str(x) for x in letters], ()), seed, POINTS):
        at = rest.subs({x: A.number(point[str(x)]) for x in letters})
        if at.is_zero is False:
            where = ", ".join(f"{x} = {point[str(x)]}" for x in letters)
            return Check(
                METHOD, Verdict.REFUTED, counterexample=f"the mean is {found}" + (f"; at {where}" if where else "")
            )
    return Check(METHOD, Verdict.UNKNOWN, "SymPy does not decide it")


Powers = tuple[int, ...]


def _exponents(monomial: Any, variables: list[Any]) -> Powers:
    """Return the exponents of a monomial; ValueError for what is none."""
    import sympy

    [(powers, coefficient)] = sympy.Poly(monomial, *variables).terms()
    if coefficient != 1:
        raise ValueError(f"{monomial} is not a product of random variables")
    return tuple(map(int, powers))


def _groups(claim: Moments) -> list[list[int]]:
    """Return the places of the random variables, those that may depend on each other together."""
    places = {name: i for i, name in enumerate(claim.random)}
    joined = [[places[name] for name in group] for group in claim.together]
    alone = set(places.values()) - {i for group in joined for i in group}
    if len(places) - len(alone) != sum(map(len, joined)):
        raise ValueError("a random variable stands in two groups")
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
