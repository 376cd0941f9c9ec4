"""The stationarity condition in closed form, and what solves it: logarithms, roots, v tanh v = c, Lambert's W.

f' is written with E = e^(x/q) and x alone, and its numerator is factored (SymPy). The one factor that
vanishes at the certified place is the condition. Where it is E^n = R(x) the table below may know its form:

    e^(kx) = c                  x = ln(c) / k
    e^(kx) = (x + a)/(x - a)    v tanh v = ka/2, v = kx/2         tanh v = (e^2v - 1)/(e^2v + 1) = c/v
    e^(kx) = r (x + p)          v e^v = -(k/r) e^-kp, v = -k(x + p)
    e^(kx) = r / (x + p)        v e^v = kr e^kp, v = k(x + p)
    a polynomial in x           its root
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flint import ctx

from symgrad.algebra.expression import Apply, Expression
from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.interval import Interval
from symgrad.deadline import attempt
from symgrad.network.formula import value
from symgrad.numbers.extremum.objective import Objective

LARGEST = 120
"""Operations of an expression up to which SymPy is asked."""
LONGEST = 120
"""Characters of an equation that is still worth showing."""


@dataclass(frozen=True)
class Condition:
    """equation: what holds at the place, as text; canonical: its form in the table; place, value: closed forms.

    place and value are SymPy objects; None stands for what is not found.

    >>> from symgrad.numbers.extremum.extremum import minimise
    >>> print(*minimise("silu(x)").condition.lines(), sep="\\n")
    e^x = -x - 1
    v e^v = 1/e, v = -x - 1
    place -1 - W(1/e)
    value -W(1/e)
    """

    equation: str
    canonical: str | None = None
    place: Any = None
    value: Any = None

    def lines(self) -> list[str]:
        """Return the condition as lines of text."""
        found = [self.equation, self.canonical]
        found += [f"place {self.place}"] if self.place is not None else []
        found += [f"value {self.value}"] if self.value is not None else []
        return [_plain(line) for line in found if line]


def _plain(text: str) -> str:
    return text.replace("LambertW", "W").replace("exp(-1)", "1/e").replace("**", "^")


def condition(f: Objective, X: Interval, seconds: float = 10) -> Condition | None:
    """Return the condition at the stationary point in the narrow interval X, None where SymPy finds none.

    SymPy is given so many seconds.
    """
    import sympy as sp

    x = sp.Symbol(f.variable, real=True)  # it alone is shown; what is introduced beside it is a Dummy
    inner = _inside(f.formula.expression)
    expression = attempt(lambda: value(inner, arithmetic("symbolic"), {f.variable: x}), None, seconds, (Exception,))
    if not isinstance(expression, sp.Expr) or expression.has(sp.Piecewise, sp.Abs, sp.sign):
        return None
    if expression.count_ops() > LARGEST:
        return None
    found = attempt(lambda: _find(sp, expression, x, X), None, seconds, (Exception,))
    if found is None or len(found.equation) > LONGEST:
        return None
    if found.value is not None and inner is not f.formula.expression:
        return replace(found, value=abs(found.value))
    return found


def _inside(e: Expression) -> Expression:
    """Return g for abs(g): where |g| is extreme and not 0, g is."""
    return e.arguments[0] if isinstance(e, Apply) and getattr(e.op.record, "name", "") == "abs" else e


def _find(sp: Any, expression: Any, x: Any, X: Interval) -> Condition | None:
    slope = sp.together(_by_exponentials(sp, sp.diff(expression, x)))
    E = sp.Dummy("E", positive=True)
    in_E, q = _with_exponentials(sp, sp.expand_log(sp.expand(slope.as_numer_denom()[0])), x, E)
    with ctx.workprec(256):
        near = sp.Float(((X.lo + X.hi) / 2).mid().str(60, radius=False), 60)
    factor = _vanishing_factor(sp, in_E, x, E, near, q)
    if factor is None:
        return None
    if not factor.has(E):
        return _algebraic(sp, factor, x, near, expression)
    if not factor.has(x):
        return _logarithm(sp, factor, x, E, near, q, expression)
    return _transcendental(sp, factor, x, E, near, q, expression)


def _by_exponentials(sp: Any, e: Any) -> Any:
    return e.rewrite([sp.sinh, sp.cosh, sp.tanh, sp.coth, sp.sech, sp.csch], sp.exp)


def _with_exponentials(sp: Any, e: Any, x: Any, E: Any) -> tuple[Any, Any]:
    """Write e^(x n/q) as E^n; other exponentials stay."""
    e = sp.powsimp(sp.expand(e, power_exp=False))
    rates = []
    for power in e.atoms(sp.exp):
        linear = sp.Poly(power.args[0], x) if power.args[0].is_polynomial(x) else None
        if linear is not None and linear.degree() == 1 and linear.coeff_monomial(x).is_Rational:
            rates.append(linear.coeff_monomial(x))
    if not rates:
        return e, sp.Integer(1)
    q = sp.ilcm(*[r.q for r in rates])
    replaced = e.replace(
        lambda a: isinstance(a, sp.exp) and a.args[0].is_polynomial(x) and sp.degree(a.args[0], x) == 1,
        lambda a: E ** (q * sp.Poly(a.args[0], x).coeff_monomial(x)) * sp.exp(a.args[0].subs(x, 0)),
    )
    return sp.together(replaced).as_numer_denom()[0], q


def _vanishing_factor(sp: Any, e: Any, x: Any, E: Any, near: Any, q: Any) -> Any:
    """Return the one factor that is 0 at the place; None unless all others are clearly not."""
    small, large = sp.Float("1e-30"), sp.Float("1e-20")
    found = []
    for factor, _ in sp.factor_list(e)[1]:
        size = abs(factor.subs({E: sp.exp(x / q)}).evalf(50, subs={x: near}))
        if not size.is_number or small <= size <= large:
            return None
        found += [factor] if size < small else []
    return found[0] if len(found) == 1 else None


def _algebraic(sp: Any, factor: Any, x: Any, near: Any, expression: Any) -> Condition | None:
    roots = sp.roots(sp.Poly(factor, x)) if factor.is_polynomial(x) else sp.solve(factor, x)
    place = _closest(sp, roots, near)
    return Condition(f"{factor} = 0", place=place, value=_at(sp, expression, x, place))


def _logarithm(sp: Any, factor: Any, x: Any, E: Any, near: Any, q: Any, expression: Any) -> Condition | None:
    root = _closest(sp, sp.roots(sp.Poly(factor, E)), sp.exp(near / q).evalf(60))
    place = None if root is None else sp.simplify(q * sp.log(root))
    named = str(factor.subs(E, sp.exp(x / q))).replace("exp", "e^") if root is None else None
    return Condition(named or f"e^{_times(sp, 1 / q, x)} = {root}", place=place, value=_at(sp, expression, x, place))


def _closest(sp: Any, roots: Iterable[Any], near: Any) -> Any:
    for root in roots:
        if root.is_real is not False and abs(root.evalf(50) - near) < sp.Float("1e-30"):
            return root
    return None


def _at(sp: Any, expression: Any, x: Any, place: Any) -> Any:
    """Return the value at an exact place, where SymPy shortens it."""
    if place is None:
        return None
    found = sp.radsimp(sp.simplify(_by_exponentials(sp, expression).subs(x, place)))
    return found if found.count_ops() <= 12 else None


def _transcendental(sp: Any, factor: Any, x: Any, E: Any, near: Any, q: Any, expression: Any) -> Condition | None:
    poly = sp.Poly(factor, E)
    powers = [m for (m,) in poly.monoms()]
    if len(powers) != 2 or powers[1] != 0:
        return Condition(f"{sp.expand(factor).subs(E, sp.exp(x / q))} = 0")
    k = sp.Rational(powers[0], 1) / q
    R = sp.factor(-poly.coeff_monomial(1) / poly.coeff_monomial(E ** powers[0]))
    equation = f"e^{_times(sp, k, x)} = {R}"
    extreme = _by_condition(sp, expression, x, E, q, powers[0], R)
    for match in (_tanh_form, _lambert_product, _lambert_quotient):
        found = match(sp, R, k, x, near)
        if found is not None:
            canonical, place = found
            exact = extreme if place is None or extreme is None else sp.simplify(extreme.subs(x, place))
            return Condition(equation, canonical, place, exact)
    return Condition(equation, value=extreme)


def _by_condition(sp: Any, expression: Any, x: Any, E: Any, q: Any, n: Any, R: Any) -> Any:
    """Return the extreme value as a rational function of the place, by E^n = R."""
    in_E = sp.together(_by_exponentials(sp, expression)).replace(
        lambda a: isinstance(a, sp.exp) and a.args[0].is_polynomial(x) and sp.degree(a.args[0], x) == 1,
        lambda a: E ** (q * sp.Poly(a.args[0], x).coeff_monomial(x)) * sp.exp(a.args[0].subs(x, 0)),
    )
    root = R if n == 1 else R ** sp.Rational(1, n)
    found = sp.factor(sp.simplify(in_E.subs(E, root)))
    return found if not found.has(E) and found.count_ops() <= 16 else None


def _times(sp: Any, k: Any, x: Any) -> str:
    return f"{x}" if k == 1 else f"({k * x})"


def _tanh_form(sp: Any, R: Any, k: Any, x: Any, near: Any) -> tuple[str, Any] | None:
    a = sp.Wild("a", exclude=[x, 0])
    found = R.match((x + a) / (x - a))
    if not found or not found[a].is_Rational:
        return None
    v, c = k * x / 2, sp.Rational(k * found[a]) / 2
    if c < 0:
        return None
    return f"v tanh v = {c}" + (f", v = {v}" if v != x else f", v = {x}"), None


def _lambert_product(sp: Any, R: Any, k: Any, x: Any, near: Any) -> tuple[str, Any] | None:
    if not R.is_polynomial(x) or sp.degree(R, x) != 1:
        return None
    r = sp.Poly(R, x).coeff_monomial(x)
    p = sp.Poly(R, x).coeff_monomial(1) / r
    return _lambert(sp, -k * (x + p), -(k / r) * sp.exp(-k * p), lambda w: -p - w / k, x, near)


def _lambert_quotient(sp: Any, R: Any, k: Any, x: Any, near: Any) -> tuple[str, Any] | None:
    if not (1 / R).is_polynomial(x) or sp.degree(1 / R, x) != 1:
        return None
    inverse = sp.Poly(1 / R, x)
    r = 1 / inverse.coeff_monomial(x)
    p = inverse.coeff_monomial(1) * r
    return _lambert(sp, k * (x + p), k * r * sp.exp(k * p), lambda w: -p + w / k, x, near)


def _lambert(sp: Any, v: Any, c: Any, place_of: Any, x: Any, near: Any) -> tuple[str, Any] | None:
    for branch in (0, -1):
        place = place_of(sp.LambertW(c, branch) if branch else sp.LambertW(c))
        if abs(sp.N(place, 50) - near) < sp.Float("1e-30"):
            return f"v e^v = {c}, v = {sp.expand(v)}", place
    return None
