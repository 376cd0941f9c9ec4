"""Gaussian integrals over a half-line in closed form: sums of c t^n e^(-a t - b t²), by completing the square.

    ∫_0^∞ e^(-a t - B t²) dt = ½ √(π/B) e^(a²/(4B)) erfc(a / (2√B)),    B > 0        DLMF 7.7.6

and a factor t^n is n times the derivative by -a.
"""

from __future__ import annotations

from typing import Any


def half_line(f: Any, t: Any) -> Any:
    """Return ∫_0^∞ f(t) e^(-t²/2) / √(2π) dt for a SymPy expression; None where f is no such sum.

    >>> import sympy
    >>> t = sympy.Symbol("t", positive=True)
    >>> half_line(t**2, t), half_line(sympy.erf(t), t)
    (1/2, None)
    """
    import sympy

    parts = [_term(term, t) for term in sympy.Add.make_args(sympy.expand(_exponential(f), power_exp=False))]
    return None if None in parts else sympy.simplify(sum(parts) / sympy.sqrt(2 * sympy.pi))


def _exponential(f: Any) -> Any:
    """Write hyperbolic and circular functions by exponentials."""
    import sympy

    return f.rewrite((sympy.sinh, sympy.cosh, sympy.sin, sympy.cos), sympy.exp)


def _term(term: Any, t: Any) -> Any:
    """Return ∫_0^∞ of c t^n e^E(t) e^(-t²/2), where E is a polynomial of degree 2 at most."""
    import sympy

    if term == 0:
        return term
    c, dependent = term.as_independent(t, as_Add=False)
    n, exponent = sympy.Integer(0), -(t**2) / 2
    for factor in sympy.Mul.make_args(sympy.powsimp(dependent)):
        base, power = factor.as_base_exp()
        if factor == 1:
            continue
        if base == t and power.is_Integer and power > 0:
            n += power
        elif base == sympy.E:
            exponent += power
        else:
            return None
    exponent = sympy.expand(exponent)
    if not exponent.is_polynomial(t) or sympy.degree(exponent, t) > 2:
        return None
    B, a, constant = (s * exponent.coeff(t, k) for k, s in ((2, -1), (1, -1), (0, 1)))
    if not B.is_positive:
        return None
    x = sympy.Dummy("a")
    whole = sympy.sqrt(sympy.pi / B) / 2 * sympy.exp(x**2 / (4 * B)) * sympy.erfc(x / (2 * sympy.sqrt(B)))
    return c * sympy.exp(constant) * (-1) ** n * sympy.diff(whole, x, int(n)).subs(x, a)
