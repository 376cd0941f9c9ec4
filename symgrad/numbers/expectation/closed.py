"""Gaussian means of activations in closed form, u ~ N(0, q): E[φ(u)], E[φ(u)²], E[φ'(u)²], E[φ(u) φ'(u)].

    relu, leaky relu, elu, selu   ∫_0^∞ u^k e^(-u²/2q) du, and completing the square: E[e^(cu); u < 0] =
                                  e^(c²q/2) erfc(c √(q/2)) / 2
    erf, gelu                     E[u g(u)] = q E[g'(u)] (Stein), and Price's theorem for two copies of u with the
                                  correlation c: ∂/∂c E[φ(u)φ(v)] = q E[φ'(u)φ'(v)], a Gaussian integral, from c = 0
                                  to 1; arcsin(q/(1 + q)) = arctan(q/√(1 + 2q))
    sin                           E[cos(cu)] = e^(-c²q/2)

The tests have SymPy integrate each of them, and mpmath at many digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import arb, ctx

from symgrad.arithmetic import Arithmetic, arithmetic
from symgrad.arithmetic.taylor import Taylor, TaylorNumber
from symgrad.network.formula import Formula, read_formula
from symgrad.ops.record import Elementwise


@dataclass(frozen=True)
class Moments:
    """Formulas in q and in the parameters of an activation."""

    mean: str
    second: str
    slope_second: str
    cross: str

    def formula(self, which: str) -> Formula:
        """Return one of them: "mean", "second", "slope_second", "cross".

        >>> print(CLOSED["relu"].formula("second"))
        q/2
        """
        return _read(getattr(self, which))


@cache
def _read(text: str) -> Formula:
    return read_formula(text)


_E1, _E2 = "exp(q/2)*erfc(sqrt(q/2))/2", "exp(2*q)*erfc(sqrt(2*q))/2"
_ELU = Moments(
    mean=f"sqrt(q/(2*pi)) + alpha*({_E1} - 1/2)",
    second=f"q/2 + alpha^2*({_E2} - 2*({_E1}) + 1/2)",
    slope_second=f"1/2 + alpha^2*({_E2})",
    cross=f"sqrt(q/(2*pi)) + alpha^2*({_E2} - {_E1})",
)
_PHI_SECOND = "(1/4 + atan(q/sqrt(1 + 2*q))/(2*pi))"

CLOSED = {
    "identity": Moments(mean="0", second="q", slope_second="1", cross="0"),
    "relu": Moments(
        mean="sqrt(q/(2*pi))",
        second="q/2",
        slope_second="1/2",
        cross="sqrt(q/(2*pi))",
    ),
    "leaky_relu": Moments(
        mean="(1 - alpha)*sqrt(q/(2*pi))",
        second="(1 + alpha^2)*q/2",
        slope_second="(1 + alpha^2)/2",
        cross="(1 - alpha^2)*sqrt(q/(2*pi))",
    ),
    "elu": _ELU,
    "selu": Moments(
        mean=f"lambda*({_ELU.mean})",
        second=f"lambda^2*({_ELU.second})",
        slope_second=f"lambda^2*({_ELU.slope_second})",
        cross=f"lambda^2*({_ELU.cross})",
    ),
    "erf": Moments(
        mean="0",
        second="2/pi*atan(2*q/sqrt(1 + 4*q))",
        slope_second="4/(pi*sqrt(1 + 4*q))",
        cross="0",
    ),
    "gelu": Moments(
        mean="q/sqrt(2*pi*(1 + q))",
        second=f"q*{_PHI_SECOND} + q^2/(pi*(1 + q)*sqrt(1 + 2*q))",
        slope_second=f"{_PHI_SECOND} + q/(pi*(1 + q)*sqrt(1 + 2*q)) + q/(2*pi*sqrt(1 + 2*q)^3)",
        cross="q/sqrt(2*pi*(1 + q)) + q/(2*sqrt(2*pi)*sqrt(1 + q)^3)",
    ),
    "sin": Moments(
        mean="0",
        second="(1 - exp(-2*q))/2",
        slope_second="(1 + exp(-2*q))/2",
        cross="0",
    ),
}
"""By the name of the activation."""


def closed_moment(f: Elementwise, which: str, q: arb) -> arb | None:
    """Return a moment of an activation by its closed form, at a ball of variances; None where there is none.

    The precision is the one that the caller has set.

    >>> from symgrad.ops.elementwise import elementwise
    >>> closed_moment(elementwise("relu"), "second", arb(2))
    1.00000000000000
    """
    if f.name not in CLOSED:
        return None
    return arb(_value(f, which, arithmetic("ball"), q))


def closed_moment_slope(f: Elementwise, which: str, q: arb) -> arb | None:
    """Return the derivative of a closed form by q, which FLINT's series finds; None where there is none.

    >>> from symgrad.ops.elementwise import elementwise
    >>> closed_moment_slope(elementwise("relu"), "second", arb(2))
    0.500000000000000
    """
    if f.name not in CLOSED:
        return None
    cap, ctx.cap = ctx.cap, 2
    try:
        found = _value(f, which, Taylor(), TaylorNumber(q, 1))
    finally:
        ctx.cap = cap
    return found.tangent


def _value(f: Elementwise, which: str, A: Arithmetic, q: Any) -> Any:
    formula = CLOSED[f.name].formula(which)
    values = {name: A.number(x) for name, x in f.parameters} | {"q": q}
    return formula(A, **{name: values[name] for name in formula.variables})
