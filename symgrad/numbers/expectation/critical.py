"""The critical line of an activation: the variances (σ_w², σ_b²) of weights and biases at which χ₁ = 1.

On it lie, for each variance q of the pre-activations,

    σ_w² = 1 / E[φ'(√q z)²],    σ_b² = q - E[φ(√q z)²] / E[φ'(√q z)²],

so that for a given σ_b² one number is to be found, the q at which the second equation holds. Beyond the line,
where σ_w² is greater, gradients explode; before it they vanish (Poole et al. 2016, Schoenholz et al. 2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from flint import arb

from symgrad.errors import NotDefined, ValuesError
from symgrad.network.activation import read_activation
from symgrad.numbers.expectation.mean_field import (
    BALLS,
    GRID,
    Approximate,
    Floats,
    Layer,
    check_activation,
    first_change,
    moment,
    moment_slope,
    slope_second_of_homogeneous,
)
from symgrad.numbers.expectation.root import enclosed_root
from symgrad.numbers.magnitude.magnitude import Magnitude, magnitude
from symgrad.ops.record import Elementwise
from symgrad.ops.structure import homogeneous

POINTS = 61
BITS = 64


@dataclass(frozen=True)
class Critical:
    """The point of the critical line with a given σ_b²; ``fixed_point`` is None where every q is one."""

    f: Elementwise
    bias_variance: Magnitude
    fixed_point: Magnitude | None
    weight_variance: Magnitude

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the function and the variance of the biases; the point is found again."""
        return critical, (self.f, self.bias_variance)

    @property
    def layer(self) -> Layer:
        """The layer with these variances."""
        return Layer(self.f, self.weight_variance, self.bias_variance)

    @property
    def formula(self) -> str:
        """σ_w² by q*, where it has a closed form."""
        return self.f.critical

    def line(self, most: float | None = None) -> Iterator[tuple[float, float]]:
        """Yield points (σ_b², σ_w²) of the critical line from σ_b² = 0 to ``most``, computed in balls."""
        if self.fixed_point is None:
            raise NotDefined(f"the critical line of {self.f.name} is one point", todo="draw that of another activation")
        most = max(1.0, 2 * float(self.bias_variance)) if most is None else most
        last = first_change(lambda q: _bias(self.f, q) - most, GRID[GRID >= 1e-3])
        if last is None:
            raise NotDefined(f"the critical line of {self.f.name} does not reach σ_b² = {most:g}")
        yield from _points(self.f, last)

    def __str__(self) -> str:
        q = "any" if self.fixed_point is None else self.fixed_point.to(30)
        return f"σ_w² = {self.weight_variance.to(30)}, q* = {q}"


def critical(activation: str | Elementwise, bias_variance: Any = 0) -> Critical:
    """Return where the critical line of an activation has a given σ_b², both numbers enclosed.

    In the enclosure of q* there is exactly one (interval Newton). Raises NotDefined where the line has no such
    point, as that of relu, which is the point (2, 0) alone.

    >>> print(critical("tanh", "0.05"))
    σ_w² = 1.76095463960673913163155202433, q* = 0.570047881640764149990155575920
    """
    f = check_activation(read_activation(activation))
    bias = magnitude(bias_variance)
    if bias.sign == -1:
        raise ValuesError(f"a bias variance of {bias}", todo="give a number that is 0 or more")
    if homogeneous(f):
        return _of_homogeneous(f, bias)
    q = _fixed_point(f, bias)
    return Critical(f, bias, q, Magnitude(cache(lambda bits: 1 / moment(f, "slope_second", q.ball(bits), bits))))


def _of_homogeneous(f: Elementwise, bias: Magnitude) -> Critical:
    slope = slope_second_of_homogeneous(f).exact
    if bias.sign != 0 or not slope:
        raise NotDefined(
            f"the critical line of {f.name} is the point σ_w² = {magnitude(1 / slope) if slope else 'oo'}, σ_b² = 0",
            where="χ₁ = 1 there for every q; with biases the variance grows without end",
            todo="ask for a bias variance of 0",
        )
    return Critical(f, bias, None, magnitude(1 / slope))


def _fixed_point(f: Elementwise, bias: Magnitude) -> Magnitude:
    if bias.sign == 0 and f(BALLS, arb(0)) == 0:
        return magnitude(0)
    start = first_change(lambda q: _bias(f, q) - float(bias), GRID)
    if start is None:
        raise NotDefined(
            f"the critical line of {f.name} has no point with σ_b² = {bias}",
            where=f"q between {GRID[0]:.0e} and {GRID[-1]:.0e}",
            todo="give another bias variance, or another activation",
        )

    def excess(q: arb, bits: int) -> arb:
        second, slope_second = (moment(f, which, q, bits) for which in ("second", "slope_second"))
        return q - second / slope_second - bias.ball(bits)

    def slope(q: arb, bits: int) -> arb:
        second, slope_second = (moment(f, which, q, bits) for which in ("second", "slope_second"))
        d_second, d_slope_second = (moment_slope(f, which, q, bits) for which in ("second", "slope_second"))
        return 1 - (d_second * slope_second - second * d_slope_second) / slope_second**2

    return Magnitude(cache(lambda bits: enclosed_root(excess, slope, arb(start), bits)))


def _bias(f: Elementwise, q: Floats) -> Floats:
    """Return about σ_b² at each q of the line."""
    approximate = Approximate(f)
    with np.errstate(all="ignore"):
        return q - approximate.moments("second", q) / approximate.moments("slope_second", q)


def _points(f: Elementwise, last: float) -> Iterator[tuple[float, float]]:
    for q in np.linspace(0, np.sqrt(last), POINTS) ** 2:
        x = arb(float(q))
        second, slope_second = (moment(f, which, x, BITS) for which in ("second", "slope_second"))
        bias, weight = x - second / slope_second, 1 / slope_second
        if bias >= 0 or q == 0:
            yield float(bias.mid()), float(weight.mid())
