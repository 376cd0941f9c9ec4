"""Gaussian means E[h(z)], z ~ N(0, 1): rigorous quadrature by balls, and a proven bound of what lies beyond it.

    E[h(z)] = ∫_{-R}^{R} h(z) e^(-z²/2) / √(2π) dz + rest,    |rest| ≤ E[|h(z)|; |z| > R]

The integral is FLINT's (Gauss and Legendre's rule with an error bound from the values on ellipses around the
line; Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018), in two parts that meet at
0, where activations have their kinks; a kink elsewhere costs time and nothing else. The rest is bounded by how
the formula grows (``expectation_tail``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import acb, arb, ctx

from symgrad.arithmetic.holomorphic import Holomorphic
from symgrad.arithmetic.literal import exact
from symgrad.errors import NotDefined, UnknownName
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.expectation.majorant import Growth, mean_beyond
from symgrad.numbers.magnitude.magnitude import Magnitude

Integrand = Callable[[Any, Any], Any]
"""(A, z) -> h(z) in the arithmetic A, which takes real balls as ``A.constant(x)``."""

GUARD = 24
_PLAIN, _ANALYTIC, _GROWTH = Holomorphic(False), Holomorphic(True), Growth()


def mean_ball(h: Integrand, bits: int) -> arb:
    """Return a ball that holds E[h(z)], computed with a precision of so many bits.

    Raises NotDefined where no bound of h far out is known.

    >>> mean_ball(lambda A, z: A.relu(z) ** 2, 64).str(15, radius=False)
    '0.500000000000000'
    """
    with ctx.workprec(bits + GUARD):
        growing = h(_GROWTH, _GROWTH.variable())
        R = _radius(bits, growing.k)
        scale = (2 * arb.pi()).sqrt()

        def density_times(z: acb, analytic: bool) -> acb:
            return h(_ANALYTIC if analytic else _PLAIN, z) * (-(z * z) / 2).exp()

        parts = (acb.integral(density_times, *ends, rel_tol=arb(2) ** -bits) for ends in ((-R, 0), (0, R)))
        rest = mean_beyond(growing, R)
        inner = sum((p.real for p in parts), start=arb(0)) / scale
        return inner + arb(0, rest)


def _radius(bits: int, k: arb) -> arb:
    """Return an R beyond which the density is below 2^-bits, with e^(k |z|) taken off it."""
    factor = 2 if k == 0 else 4
    return ((factor * arb(2).log() * (bits + GUARD)).sqrt() + 4 * k).upper().ceil().upper()


def gaussian_mean(formula: str | Formula, values: Mapping[str, Any] | None = None, variable: str = "z") -> Magnitude:
    """Return E[formula] for a standard normal variable, an enclosure of any precision.

    values: exact numbers for the other letters of the formula.

    >>> print(gaussian_mean("tanh(sqrt(q)*z)^2", {"q": 1}).to(30))
    0.394294490397841174416459772444
    """
    f = formula if isinstance(formula, Formula) else read_formula(formula)
    given = {name: exact(x) for name, x in (values or {}).items()}
    if missing := [v for v in f.variables if v != variable and v not in given]:
        raise UnknownName("value of the letter", missing[0], given, where=f"E[{f}]")
    if unused := [name for name in given if name not in f.variables]:
        raise UnknownName("letter of the formula", unused[0], f.variables, where=f"E[{f}]")

    def h(A: Any, z: Any) -> Any:
        return f(A, **{name: A.number(q) for name, q in given.items()}, **{variable: z})

    return Magnitude(lambda bits: finite(mean_ball(h, bits), f"E[{f}]"))


def finite(x: arb, what: str) -> arb:
    """Return a ball, or raise NotDefined where it is not finite."""
    if not x.is_finite():
        raise NotDefined(f"{what} could not be enclosed", todo="give a formula that is defined for all real z")
    return x
