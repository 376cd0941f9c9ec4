"""Exact statements that enclosures cannot make, by SymPy: f(-x) = f(x), f'(q) = 0 and f(q) = r, f constant."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symgrad.arithmetic import arithmetic
from symgrad.deadline import attempt
from symgrad.network.formula import Formula
from symgrad.numbers.extremum.domain import RealDomain
from symgrad.numbers.extremum.objective import Objective

SECONDS = 10


def is_even(f: Objective, domain: RealDomain) -> bool:
    """Tell whether SymPy shows f(-x) - f(x) to be 0, on a domain that is its own mirror image."""
    ends = (None if domain.low is None else -domain.low), domain.high
    if ends[0] != ends[1] or domain.open_low != domain.open_high:
        return False
    return _is_zero(lambda sp, x: f.at(arithmetic("symbolic"), -x) - _symbolic(f, x), f)


def is_odd(f: Objective) -> bool:
    """Tell whether SymPy shows f(-x) + f(x) to be 0."""
    return _is_zero(lambda sp, x: f.at(arithmetic("symbolic"), -x) + _symbolic(f, x), f)


def is_stationary(f: Objective, q: Fraction, pi: bool = False) -> bool:
    """Tell whether SymPy's derivative of f is 0 at q, or at q π."""
    return _is_zero(lambda sp, x: sp.diff(_symbolic(f, x), x).subs(x, _place(sp, q, pi)), f)


def has_value(f: Objective, q: Fraction, value: Fraction, pi: bool = False) -> bool:
    """Tell whether SymPy's value of f at q, or at q π, is this one."""
    return _is_zero(lambda sp, x: _symbolic(f, x).subs(x, _place(sp, q, pi)) - _place(sp, value, False), f)


def is_stationary_at(f: Objective, place: Formula) -> bool:
    """Tell whether SymPy's derivative of f is 0 at a number that is written as a formula, as sqrt(2)."""
    return _is_zero(lambda sp, x: sp.diff(_symbolic(f, x), x).subs(x, place(arithmetic("symbolic"))), f)


def takes(f: Objective, place: Formula, value: Formula) -> bool:
    """Tell whether SymPy's value of f, without its sign, at one number is another number."""
    A = arithmetic("symbolic")
    return _is_zero(lambda sp, x: f.sign * _symbolic(f, x).subs(x, place(A)) - value(A), f)


def is_defined(f: Objective, q: Fraction) -> bool:
    """Tell whether SymPy's value of f at q is a real number."""
    import sympy

    def defined() -> bool:
        x = sympy.Dummy(f.variable, real=True)
        found = _symbolic(f, x).subs(x, _place(sympy, q, False))
        return bool(found.is_finite and found.is_real)

    return bool(attempt(defined, None, SECONDS, (Exception,)))


def is_constant(f: Objective) -> bool:
    """Tell whether SymPy's derivative of f is 0 everywhere."""
    return _is_zero(lambda sp, x: sp.diff(_symbolic(f, x), x), f)


def _symbolic(f: Objective, x: Any) -> Any:
    return f.at(arithmetic("symbolic"), x)


def _place(sp: Any, q: Fraction, pi: bool) -> Any:
    return sp.Rational(q.numerator, q.denominator) * (sp.pi if pi else 1)


def _is_zero(of: Callable[[Any, Any], Any], f: Objective) -> bool:
    import sympy

    def zero() -> bool:
        difference = of(sympy, sympy.Dummy(f.variable, real=True))
        return bool(difference == 0 or sympy.simplify(difference.rewrite(sympy.exp)) == 0)

    return bool(attempt(zero, None, SECONDS, (Exception,)))
