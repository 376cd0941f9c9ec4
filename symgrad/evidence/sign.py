"""The sign of a SymPy expression whose symbols carry what is known of them: real, ≥ 0, > 0.

An expression has a sign if SymPy tells it, if each of its factors has one, or if it has one where a symbol
t ≥ 0 is 0 and its slope in t has the same: what begins at 0 and never falls is not negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from math import lcm
from typing import Any

SLOPES = 3
"""How many slopes are formed, one of the other."""
LARGEST = 150
"""Operations beyond which no slope is formed."""


@dataclass(frozen=True)
class Sign:
    """direction: 1 for ≥ 0, -1 for ≤ 0, 0 for = 0; strict: it is never 0."""

    direction: int
    strict: bool
    method: str = "SymPy"

    def __mul__(self, other: Sign) -> Sign:
        method = self.method if other.method == "SymPy" else other.method
        return Sign(self.direction * other.direction, self.strict and other.strict, method)


def sign(e: Any, slopes: int = SLOPES) -> Sign | None:
    """Return the sign of an expression over all values of its symbols, None where it is not found.

    >>> import sympy
    >>> t = sympy.Symbol("t", nonnegative=True)
    >>> sign(t - sympy.tanh(t))
    Sign(direction=1, strict=False, method='slope')
    """
    import sympy

    ways = (sympy.factor, lambda form: sympy.factor(sympy.simplify(form)))
    for form in forms(e):
        for way in (lambda form: form, *(() if _has_irrational_number(form) else ways)):
            found = _by_factors(way(form), slopes)
            if found is not None:
                return found
    magnitudes = e.atoms(sympy.Abs)
    if magnitudes:
        x = min(magnitudes, key=str)
        return _both(sign(e.subs(x, x.args[0]), slopes), sign(e.subs(x, -x.args[0]), slopes))
    return _by_slope(e, slopes - 1) if slopes and e.count_ops() <= LARGEST else None


def _has_irrational_number(e: Any) -> bool:
    """Tell whether π, √2 or the like stands in e: SymPy may take minutes to factor such a sum."""
    import sympy

    return any(x.is_number and not x.is_Rational for x in sympy.preorder_traversal(e))


def _both(one: Sign | None, other: Sign | None) -> Sign | None:
    """Return the sign that holds for |x| = x and for |x| = -x."""
    if one is None or other is None or one.direction * other.direction < 0:
        return None
    method = one.method if other.method == "SymPy" else other.method
    return Sign(one.direction or other.direction, one.strict and other.strict, method)


def is_zero(e: Any) -> bool:
    """Tell whether SymPy simplifies an expression to 0, for all values of its symbols.

    >>> import sympy
    >>> x = sympy.Symbol("x", real=True)
    >>> is_zero(sympy.sin(x) ** 2 + sympy.cos(x) ** 2 - 1), is_zero(x), is_zero(x - 1)
    (True, False, False)
    """
    import sympy

    ways = (
        sympy.simplify,
        lambda form: sympy.simplify(sympy.factor(form, deep=True)),
        lambda form: sympy.simplify(form.rewrite(sympy.erfc, sympy.erf)),
    )
    return any(way(form) == 0 for form in forms(e) for way in ways)


def forms(e: Any) -> Iterator[Any]:
    """Yield an expression as it stands, and as a rational function of exponentials where it has any.

    Where t > 0 the exponential e^t is 1 + s with s > 0, and what was a sum of positive terms shows it.
    """
    import sympy

    yield e
    hyperbolic = (sympy.sinh, sympy.cosh, sympy.tanh)
    exponentials = (changed := e.rewrite(hyperbolic, sympy.exp)).atoms(sympy.exp)
    if changed != e and not exponentials:
        yield changed  # they cancel
    if exponentials and all(x.args[0].is_real for x in exponentials):
        rates = _rates(exponentials)
        bases = {m: _exponential(m) for m in rates}
        yield sympy.together(changed.subs({x: _power(x, rates, bases) for x in exponentials}))


def _rates(exponentials: Any) -> dict[Any, int]:
    """Return each m of the exponents Σ c m, with the least k for which all c k are whole."""
    import sympy

    rates: dict[Any, int] = {}
    for x in exponentials:
        for term in sympy.Add.make_args(sympy.expand(x.args[0])):
            c, m = term.as_coeff_Mul()
            if m != 1:
                rates[m] = lcm(rates.get(m, 1), int(sympy.Rational(c).q) if c.is_Rational else 1)
    return rates


def _power(x: Any, rates: dict[Any, int], bases: dict[Any, Any]) -> Any:
    """Return e^(Σ c m) as a product of powers of the bases e^(m/k)."""
    import sympy

    result = sympy.Integer(1)
    for term in sympy.Add.make_args(sympy.expand(x.args[0])):
        c, m = term.as_coeff_Mul()
        result *= sympy.exp(term) if m == 1 else bases[m] ** (c * rates[m])
    return result


def _exponential(m: Any) -> Any:
    import sympy

    if m.is_positive:
        return 1 + sympy.Dummy(f"s_({m})", positive=True)
    if m.is_nonnegative:
        return 1 + sympy.Dummy(f"s_({m})", nonnegative=True)
    return sympy.Dummy(f"u_({m})", positive=True)


def _known(e: Any) -> Sign | None:
    if e.is_zero:
        return Sign(0, False)
    for direction, weak, strict in (
        (1, e.is_nonnegative, e.is_positive),
        (-1, e.is_nonpositive, e.is_negative),
    ):
        if weak:
            return Sign(direction, bool(strict))
    return None


def _by_factors(e: Any, slopes: int) -> Sign | None:
    import sympy

    found = _known(e)
    if found is not None or not isinstance(e, sympy.Mul | sympy.Pow | sympy.log):
        return found
    if isinstance(e, sympy.log):  # the sign of ln x is that of x - 1
        return sign(sympy.expand(e.args[0]) - 1, slopes - 1) if slopes and _known(e.args[0]) else None
    signs = []
    for factor in sympy.Mul.make_args(e):
        base, power = factor.as_base_exp()
        if not power.is_integer:
            base, power = factor, sympy.Integer(1)
        one = _known(base) or (sign(base, slopes - 1) if slopes and base != e else None)
        if one is None:
            return None
        signs.append(one if power.is_odd else Sign(abs(one.direction), one.strict, one.method))
    return reduce(Sign.__mul__, signs)


def _by_slope(e: Any, slopes: int) -> Sign | None:
    """Find the sign from that at t = 0 and that of the slope in t, which must agree."""
    import sympy

    for t in sorted((s for s in e.free_symbols if s.is_nonnegative), key=str):
        first = e.subs(t, 0)
        if not first.is_finite or first.has(sympy.AccumBounds) or not smooth(e):
            continue
        start = sign(first, slopes)
        slope = sign(e.diff(t), slopes) if start is not None else None
        if start is None or slope is None or start.direction * slope.direction < 0:
            continue
        strict = start.strict or (slope.strict and bool(t.is_positive))
        return Sign(start.direction or slope.direction, strict, "slope")
    return None


def smooth(e: Any) -> bool:
    """Tell whether an expression surely has a slope at all values of its symbols: no pole, no kink."""
    import sympy

    if e.is_Symbol or e.is_number:
        return True
    if not all(smooth(a) for a in e.args):
        return False
    if isinstance(e, sympy.Pow):
        base, power = e.as_base_exp()
        if power.is_integer and power.is_nonnegative:
            return True
        found = _known(base)
        return found is not None and found.strict and (found.direction > 0 or bool(power.is_integer))
    if isinstance(e, sympy.log):
        return bool(e.args[0].is_positive)
    kinds = (sympy.Add, sympy.Mul, sympy.exp, sympy.sinh, sympy.cosh, sympy.tanh, sympy.sin, sympy.cos, sympy.erf)
    return isinstance(e, (*kinds, sympy.atan, sympy.erfc))
