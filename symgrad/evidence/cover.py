"""SymPy values that run through a domain: what an interval says becomes what SymPy knows of a symbol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from symgrad.numbers.extremum.domain import Domain, RealDomain


def covers(domain: Domain) -> Iterator[dict[str, Any]]:
    """Yield SymPy values of the variables that together run through a domain.

    Each is ``unconstrained``, which leaves out the upper end of a bounded interval; where that belongs to the
    interval, it is taken by itself.
    """
    import sympy

    choices = [
        (unconstrained(i), sympy.Rational(i.high.numerator, i.high.denominator))
        if i.low is not None and i.high is not None and not i.open_high
        else (unconstrained(i),)
        for i in domain
    ]
    for values in product(*choices):
        yield dict(zip((i.variable for i in domain), values, strict=True))


def unconstrained(interval: RealDomain) -> Any:
    """Return a SymPy expression that runs through an interval as its one symbol runs through t > 0 (or t ≥ 0, or ℝ).

    w ≥ 4 is 4 + t; 0 < λ < 1 is 1 / (1 + 1/t): SymPy then knows what the interval says.
    """
    import sympy

    low, high = (
        None if q is None else sympy.Rational(q.numerator, q.denominator) for q in (interval.low, interval.high)
    )
    if low is None and high is None:
        return sympy.Dummy(interval.variable, real=True)
    one_open = interval.open_low if low is not None else interval.open_high
    name = interval.variable if low == 0 and high is None else f"t_{interval.variable}"
    t = sympy.Dummy(name, **({"positive": True} if one_open else {"nonnegative": True}))
    if high is None:
        return low + t
    if low is None:
        return high - t
    return low + (high - low) * t / (1 + t)


def real(names: Iterable[str]) -> dict[str, Any]:
    """Return a real symbol for each name; no other symbol is the same, whatever it is called."""
    import sympy

    return {name: sympy.Dummy(name, real=True) for name in names}


def shown(e: Any, longest: int = 200) -> str:
    """Write an expression with the plain names of its symbols.

    >>> import sympy
    >>> shown(sympy.Dummy("t_w") / 4)
    't_w/4'
    """
    import sympy

    return str(e.xreplace({s: sympy.Symbol(s.name) for s in e.atoms(sympy.Dummy)}))[:longest]
