"""Exact statements that enclosures cannot make, by SymPy: f(-x) = f(x), and f'(q) = 0 at a fraction q."""

from __future__ import annotations

from fractions import Fraction

from symgrad.arithmetic import arithmetic
from symgrad.numbers.deadline import TimeUp, limited
from symgrad.numbers.domain import Interval as Domain
from symgrad.numbers.objective import Objective

SECONDS = 10


def is_even(f: Objective, domain: Domain) -> bool:
    """Tell whether SymPy shows f(-x) - f(x) to be 0, on a domain that is its own mirror image."""
    ends = (None if domain.low is None else -domain.low), domain.high
    if ends[0] != ends[1] or domain.open_low != domain.open_high:
        return False
    import sympy

    x = sympy.Symbol(f.variable, real=True)
    A = arithmetic("symbolic")
    try:
        with limited(SECONDS):
            difference = f.at(A, -x) - f.at(A, x)
            return bool(difference == 0 or sympy.simplify(difference.rewrite(sympy.exp)) == 0)
    except (TimeUp, NotImplementedError, ValueError, RecursionError, TypeError, AttributeError):
        return False


def is_stationary(f: Objective, q: Fraction) -> bool:
    """Tell whether SymPy's derivative of f is 0 at q."""
    import sympy

    x = sympy.Symbol(f.variable, real=True)
    try:
        with limited(SECONDS):
            slope = sympy.diff(f.at(arithmetic("symbolic"), x), x)
            return bool(sympy.simplify(slope.subs(x, sympy.Rational(q.numerator, q.denominator))) == 0)
    except (TimeUp, NotImplementedError, ValueError, RecursionError, TypeError, AttributeError):
        return False
