"""Complex balls (FLINT's acb): what rigorous quadrature asks for, which looks at a function around the real line."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import acb, arb

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.errors import ValuesError

ZERO, ONE = acb(0), acb(1)


class Holomorphic(Arithmetic):
    """Complex balls; the precision is the one that the caller has set.

    analytic: a function that is not holomorphic on a ball, as |x| around 0, gives a ball that is not finite.

    >>> print(Holomorphic(True).abs(acb(2, 1)).real, Holomorphic(True).abs(acb(0, 1)).is_finite())
    2.00000000000000 False
    """

    name = "holomorphic"
    rigorous = True

    def __init__(self, analytic: bool) -> None:
        self.analytic = analytic

    def describe(self) -> str:
        """Return the name in words."""
        return "complex balls"

    def number(self, q: Fraction | int) -> acb:
        """Return a ball that holds q."""
        return acb(ball(q))

    def constant(self, x: arb) -> acb:
        """Return a real ball."""
        return acb(x)

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Arrays are not taken."""
        raise ValuesError("a complex ball is one number", todo="give a number")

    @property
    def pi(self) -> acb:
        """A ball that holds the circle's number."""
        return acb(arb.pi())

    exp = staticmethod(acb.exp)
    expm1 = staticmethod(acb.expm1)
    sin = staticmethod(acb.sin)
    cos = staticmethod(acb.cos)
    tan = staticmethod(acb.tan)
    sinh = staticmethod(acb.sinh)
    cosh = staticmethod(acb.cosh)
    tanh = staticmethod(acb.tanh)
    erf = staticmethod(acb.erf)
    erfc = staticmethod(acb.erfc)

    def log(self, x: acb) -> acb:
        """Return the principal logarithm."""
        return x.log(analytic=self.analytic)

    def log1p(self, x: acb) -> acb:
        """Return the principal logarithm of 1 + x."""
        return (1 + x).log(analytic=self.analytic)

    def atan(self, x: acb) -> acb:
        """Return the arctangent by its logarithms, which say where they are not holomorphic."""
        i = acb(0, 1)
        return i / 2 * (self.log(1 - i * x) - self.log(1 + i * x))

    def sqrt(self, x: acb) -> acb:
        """Return the principal root."""
        return x.sqrt(analytic=self.analytic)

    def power(self, x: acb, y: Any) -> acb:
        """Return x**y; where y is no int, by the principal logarithm."""
        return x**y if isinstance(y, int) else (y * self.log(x)).exp()

    def abs(self, x: acb) -> acb:
        """Return x or -x, by the sign of the real part."""
        return x.real_abs(analytic=self.analytic)

    def sign(self, x: acb) -> acb:
        """Return the sign of the real part."""
        return x.real_sgn(analytic=self.analytic)

    def relu(self, x: acb) -> acb:
        """Return x or 0, by the sign of the real part."""
        return x.real_max(ZERO, analytic=self.analytic)

    def negative_part(self, x: acb) -> acb:
        """Return 0 or x, by the sign of the real part."""
        return x.real_min(ZERO, analytic=self.analytic)

    def step(self, x: acb) -> acb:
        """Return 1 or 0, by the sign of the real part; what it is at 0 alone is no matter of an integral."""
        return x.real_heaviside(analytic=self.analytic)

    def ones_like(self, x: acb) -> acb:
        """Return 1."""
        return ONE

    def zeros_like(self, x: acb) -> acb:
        """Return 0."""
        return ZERO
