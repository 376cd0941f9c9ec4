"""A wide random network: how the variance of its pre-activations and of its gradients goes from layer to layer.

With weights of variance σ_w²/n_in and biases of variance σ_b², pre-activations of variance q become ones of
variance V(q) = σ_w² E[φ(√q z)²] + σ_b², z ~ N(0, 1), and a squared gradient grows by χ₁ = σ_w² E[φ'(√q z)²]
per layer (Poole et al. 2016, arXiv:1606.05340; Schoenholz et al. 2017, arXiv:1611.01232). At a fixed point
q* = V(q*), χ₁ < 1 is the ordered phase, in which gradients vanish, χ₁ > 1 the chaotic one, in which they
explode, and 1/|ln χ₁| is the depth over which they change by the factor e.

Slopes by q need no φ'': the density of u ~ N(0, q) has the slope (u²/q - 1)/(2q) times itself, so that
d/dq E[g(√q z)] = E[g(√q z) (z² - 1)] / (2q).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
from flint import arb, ctx

from symgrad.arithmetic import arithmetic
from symgrad.arithmetic.interval import INFINITY, Interval, Intervals, OutsideDomain
from symgrad.errors import NotDefined, ValuesError
from symgrad.numbers.expectation.closed import closed_moment, closed_moment_slope
from symgrad.numbers.expectation.expectation import GUARD, finite, mean_ball
from symgrad.numbers.expectation.root import enclosed_root
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude
from symgrad.ops.record import Elementwise
from symgrad.ops.regularity import Regularity, regularity, slope_regularity
from symgrad.ops.structure import homogeneous, parity

BALLS = arithmetic("ball")
Floats = np.ndarray[Any, Any]
PRODUCTS: dict[str, Callable[[Any, Any], Any]] = {
    "mean": lambda y, slope: y,
    "second": lambda y, slope: y**2,
    "slope_second": lambda y, slope: slope**2,
    "cross": lambda y, slope: y * slope,
}
"""What each moment is the mean of, by φ(u) and φ'(u)."""

GRID = np.logspace(-12, 4, 641)
"""Variances among which fixed points are looked for."""
NODES = np.arange(-11.995, 12, 0.01)
"""None of them is 0, where slopes may jump."""
ROUNDING = 1e-14
"""More than the rounding errors of a moment, relative to the variance."""
CLOSE = 2000
"""Bits: a jump of a slope is greater than 2^-1000."""
NEAR = 1e-5
"""An error of the trapezoidal rule at a kink, and more."""


def check_activation(f: Elementwise) -> Elementwise:
    """Return an activation that is continuous on the whole line; raise ValuesError for another."""
    jumps = regularity(f) < Regularity.CONTINUOUS
    if jumps or not (f.domain == "all real x" or (f.formula is not None and _is_defined_everywhere(f))):
        why = "jumps" if jumps else f"is defined where {f.domain}"
        raise ValuesError(f"{f.name} is no activation of a deep network: it {why}", todo="give one such as tanh")
    return f


def _is_defined_everywhere(f: Elementwise) -> bool:
    """Tell whether an enclosure over all x shows that f is defined."""
    A = Intervals()
    try:
        with A.working():
            f(A, Interval(-INFINITY, INFINITY))
    except OutsideDomain:
        return False
    return True


def moment(f: Elementwise, which: str, q: arb, bits: int) -> arb:
    """Return E of "mean" φ(u), "second" φ(u)², "slope_second" φ'(u)², "cross" φ(u) φ'(u), u ~ N(0, q); a ball.

    >>> from symgrad.ops.elementwise import elementwise
    >>> moment(elementwise("tanh"), "second", arb(1), 64).str(15, radius=False)
    '0.394294490397841'
    """
    with ctx.workprec(bits + GUARD):
        if which in ("mean", "cross") and parity(f) == "odd":
            return arb(0)
        if q == 0:
            return _at_0(f, which)
        closed = closed_moment(f, which, q)
        return _by_quadrature(f, which, q, bits, lambda A, z: 1) if closed is None else closed


def _at_0(f: Elementwise, which: str) -> arb:
    """Return a moment for the variance 0: toward it, u has each sign half the time."""
    if is_smooth_at_0(f):
        return arb(PRODUCTS[which](f(BALLS, arb(0)), f.slope_at(BALLS, arb(0))))
    beside = arb(2) ** (-2 * CLOSE)
    left, right = (PRODUCTS[which](f(BALLS, arb(0)), f.slope_at(BALLS, x)) for x in (-beside, beside))
    return arb(left + right) / 2


def is_smooth_at_0(f: Elementwise) -> bool:
    """Tell whether f' is continuous at 0: by its rule, or because it hardly changes in the closest vicinity."""
    if slope_regularity(f) >= Regularity.CONTINUOUS:
        return True
    with ctx.workprec(CLOSE):
        return bool(f.slope_at(BALLS, arb(0, arb(2) ** (-2 * CLOSE))).rad() < arb(2) ** (-CLOSE // 2))


def moment_slope(f: Elementwise, which: str, q: arb, bits: int) -> arb:
    """Return the derivative of a moment by q > 0."""
    with ctx.workprec(bits + GUARD):
        closed = closed_moment_slope(f, which, q)
        return closed if closed is not None else _by_quadrature(f, which, q, bits, lambda A, z: z**2 - 1) / (2 * q)


def _by_quadrature(f: Elementwise, which: str, q: arb, bits: int, weight: Callable[[Any, Any], Any]) -> arb:
    product, root = PRODUCTS[which], q.sqrt()

    def h(A: Any, z: Any) -> Any:
        u = A.constant(root) * z
        return product(f(A, u), f.slope_at(A, u)) * weight(A, z)

    return finite(mean_ball(h, bits), f"a Gaussian mean of {f.name}")


@dataclass(frozen=True)
class Approximate:
    """Moments in float64, for many variances at once: where to look, and no evidence of anything."""

    f: Elementwise

    def moments(self, which: str, q: Floats) -> Floats:
        """Return a moment at each variance: by its closed form, or by the trapezoidal rule."""
        if self.f.moments is not None:
            return np.array([_closed_number(self.f, which, x) for x in q.tolist()])
        A = arithmetic("float")
        u = np.sqrt(q)[:, None] * NODES
        density = np.exp(-(NODES**2) / 2) / np.sqrt(2 * np.pi)
        with np.errstate(all="ignore"):
            y = PRODUCTS[which](np.asarray(self.f(A, u)), np.asarray(self.f.slope_at(A, u)))
            found: Floats = np.sum(y * density, axis=1) * (NODES[1] - NODES[0])
        return found


@lru_cache(maxsize=100_000)
def _closed_number(f: Elementwise, which: str, q: float) -> float:
    with ctx.workprec(128):
        return float(moment(f, which, arb(q), 64))


@dataclass(frozen=True)
class Layer:
    """A layer of a wide network: its activation, σ_w² and σ_b², as Magnitudes.

    >>> from fractions import Fraction
    >>> from symgrad.ops.elementwise import elementwise
    >>> layer = Layer(elementwise("tanh"), magnitude(Fraction(25, 9)), magnitude(0))
    >>> layer.output.to(12), layer.chi.to(9), layer.phase
    ('0.651347047693', '1.20983132', 'chaotic')
    """

    f: Elementwise
    weight_variance: Magnitude
    bias_variance: Magnitude

    def variance(self, q: arb, bits: int) -> arb:
        """Return V(q), a ball."""
        return self.weight_variance.ball(bits) * moment(self.f, "second", q, bits) + self.bias_variance.ball(bits)

    @cached_property
    def fixed_point(self) -> Magnitude | None:
        """q*, to which the variance moves from 1; None where it grows beyond 10⁴, or every q is one.

        The enclosure holds exactly one fixed point (interval Newton). Raises NotDefined where none can be proved.
        """
        if homogeneous(self.f):
            return self._homogeneous()
        start = self._start()
        if start == np.inf:
            return None
        if start == 0.0:
            return self._at_zero()

        def excess(q: arb, bits: int) -> arb:
            return self.variance(q, bits) - q

        def slope(q: arb, bits: int) -> arb:
            return self.weight_variance.ball(bits) * moment_slope(self.f, "second", q, bits) - 1

        return Magnitude(cache(lambda bits: enclosed_root(excess, slope, arb(start), bits)))

    def _at_zero(self) -> Magnitude:
        if self.bias_variance.sign == 0 and bool(self.f(BALLS, arb(0)) == 0):
            return magnitude(0)
        raise NotDefined(
            f"the fixed point of {self.f.name} lies below {GRID[0]:.0e}", todo="take larger weight or bias variances"
        )

    @property
    def every_variance(self) -> bool:
        """Is every q a fixed point, as of relu with σ_w² = 2 and σ_b² = 0?"""
        return homogeneous(self.f) and self.bias_variance.sign == 0 and self._excess.sign in (0, None)

    @property
    def _excess(self) -> Magnitude:
        """σ_w² E[φ(z)²] - 1: of a homogeneous activation V(q)/q - 1 without biases."""
        if self.chi.exact is not None:
            return magnitude(self.chi.exact - 1)
        return Magnitude(lambda bits: self.weight_variance.ball(bits) * moment(self.f, "second", arb(1), bits) - 1)

    def _homogeneous(self) -> Magnitude | None:
        """V(q) = s q + σ_b²: σ_b²/(1 - s) for s < 1."""
        if self._excess.sign == -1:
            return Magnitude(lambda bits: -self.bias_variance.ball(bits) / self._excess.ball(bits))
        return None

    def _start(self) -> float:
        """Return about q*, 0 or infinity: the first place from q = 1 on at which V(q) - q changes its sign."""
        weight, bias = float(self.weight_variance), float(self.bias_variance)
        approximate = Approximate(self.f)

        def excess(q: Floats) -> Floats:
            return weight * approximate.moments("second", q) + bias - q

        def beyond_rounding(q: Floats) -> Floats:
            """Return the excess with the sign that it has at 1 where it is not greater than its rounding errors."""
            found = excess(q)
            return np.where(np.abs(found) < ROUNDING * q, np.copysign(ROUNDING * q, at_one), found)

        at_one = float(excess(np.ones(1))[0])
        if abs(at_one) < (NEAR if self.f.moments is None else ROUNDING):
            return 1.0
        grid = GRID[GRID >= 1] if at_one > 0 else GRID[GRID <= 1][::-1]
        found = first_change(beyond_rounding, grid)
        if found is None:
            return float(np.inf) if at_one > 0 else 0.0
        return found

    @cached_property
    def chi(self) -> Magnitude:
        """χ₁ at the fixed point; raises NotDefined where the variance has none."""
        if homogeneous(self.f):
            return _times(self.weight_variance, slope_second_of_homogeneous(self.f))
        q = self.fixed_point
        if q is None:
            raise NotDefined(
                f"the variance of {self.f.name} grows beyond {GRID[-1]:g}", todo="take a smaller weight variance"
            )

        def enclose(bits: int) -> arb:
            return self.weight_variance.ball(bits) * moment(self.f, "slope_second", q.ball(bits), bits)

        return Magnitude(cache(enclose))

    @property
    def output(self) -> Magnitude:
        """The root mean square of what the activation gives at the fixed point, √E[φ(√q* z)²]."""
        q = self.fixed_point
        if q is None:
            raise NotDefined(f"the variance of {self.f.name} has no single fixed point", todo="ask for χ₁ alone")
        return Magnitude(lambda bits: moment(self.f, "second", q.ball(bits), bits).sqrt())

    @property
    def repelling(self) -> bool:
        """Does the variance move away from q*, that is V'(q*) > 1?"""
        q = self.fixed_point
        if q is None or q.sign == 0 or homogeneous(self.f):
            return False
        return bool(self.weight_variance.ball(64) * moment_slope(self.f, "second", q.ball(64), 64) > 1)

    @property
    def phase(self) -> str:
        """ "ordered" for χ₁ < 1, "chaotic" for χ₁ > 1; "critical" for χ₁ = 1, and where 70 digits show no other."""
        for bits in (64, 256):
            chi = self.chi.ball(bits)
            if chi != 1:
                return "ordered" if chi < 1 else "chaotic"
        return "critical"

    @property
    def depth_scale(self) -> Magnitude | None:
        """1/|ln χ₁|, in layers; None where χ₁ = 1, for it is infinite."""
        if self.phase == "critical":
            return None
        chi = self.chi
        return Magnitude(lambda bits: 1 / abs(chi.ball(bits).log()))


def slope_second_of_homogeneous(f: Elementwise) -> Magnitude:
    """Return E[φ'(u)²] of a homogeneous activation, exact."""
    positive, negative = (f.slope_at(arithmetic("exact"), arithmetic("exact").number(x)) for x in (1, -1))
    total = (positive**2 + negative**2) / 2
    return magnitude(total)


def _times(x: Magnitude, y: Magnitude) -> Magnitude:
    if x.exact is not None and y.exact is not None:
        return magnitude(x.exact * y.exact)
    return Magnitude(lambda bits: x.ball(bits) * y.ball(bits))


def first_change(F: Callable[[Floats], Floats], grid: Floats) -> float | None:
    """Return about where F first changes its sign along a grid, in float64; None where it does not."""
    signs = np.sign(F(grid))
    changed = np.flatnonzero(signs != signs[0])
    if not len(changed):
        return None
    low, high = (float(grid[int(changed[0]) + k]) for k in (-1, 0))
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if np.sign(F(np.array([middle]))[0]) == signs[0] else (low, middle)
    return (low + high) / 2
