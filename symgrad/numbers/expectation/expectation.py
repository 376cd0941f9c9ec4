"""Gaussian means E[h(z)], z ~ N(0, 1): rigorous quadrature by balls, and proven bounds of what it leaves out.

    E[h(z)] = ∫_{-R}^{R} h(z) e^(-z²/2) / √(2π) dz + rest,    |rest| ≤ E[|h(z)|; |z| > R]

The integral is FLINT's (Gauss and Legendre's rule with an error bound from the values on ellipses around the
line; Johansson, Numerical integration in arbitrary-precision ball arithmetic, 2018), in parts that meet at 0,
where activations have their kinks, and end beside each number at which h has a singularity, as ln |z|; a kink
elsewhere costs time and nothing else. What is left out, there and far out, is bounded in ``rest``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import islice, pairwise
from typing import Any

from flint import acb, arb, ctx

from symgrad.arithmetic.dyadic import ball, fraction
from symgrad.arithmetic.holomorphic import Holomorphic
from symgrad.arithmetic.interval import Interval, Intervals, OutsideDomain, point
from symgrad.arithmetic.literal import exact
from symgrad.errors import NotDefined, UnknownName
from symgrad.network.formula import Formula, read_formula
from symgrad.numbers.expectation.rest import Integrand, beside, beyond
from symgrad.numbers.extremum.objective import Objective
from symgrad.numbers.extremum.simplest import simplest
from symgrad.numbers.extremum.symmetry import is_odd
from symgrad.numbers.magnitude.magnitude import Magnitude
from symgrad.numbers.tail.monomial import TryFurther

GUARD = 24
RADII = 24
"""How often R is made larger."""
WIDTH = arb(2) ** -30
"""Of the interval in which a singularity is looked for; it is the simplest number in it."""
SINGULARITIES = 12
CLOSER = (1, 2, 4, 8, 16)
"""How many times the precision is the k of 2^-k, the distance from a singularity at which the integral ends."""
_PLAIN, _ANALYTIC = Holomorphic(False), Holomorphic(True)


class _Line(Intervals):
    """Intervals that take balls as constants."""

    def constant(self, x: arb) -> Interval:
        """Return a constant, a real ball."""
        return point(x)


_LINE = _Line()


def mean_ball(h: Integrand, bits: int) -> arb:
    """Return a ball that holds E[h(z)], computed with a precision of so many bits.

    Raises NotDefined where no bound of h far out is known, and where h has a singularity without an integral.

    >>> mean_ball(lambda A, z: A.relu(z) ** 2, 64).str(15, radius=False)
    '0.500000000000000'
    >>> mean_ball(lambda A, z: A.log(A.abs(z)), 64).str(15, radius=False)
    '-0.635181422730739'
    """
    with ctx.workprec(bits + GUARD):
        R, rest = _far_out(h, bits)
        places = list(islice(_singular(h, R), SINGULARITIES + 1))
        if len(places) > SINGULARITIES:
            raise NotDefined(f"more than {SINGULARITIES} singularities", todo="give a formula that has fewer")
        if places:
            inner, left_out = _around(h, R, places, bits)
        else:
            inner, left_out = _integral(h, -R, arb(0), bits) + _integral(h, arb(0), R, bits), arb(0)
        return inner + arb(0, (rest + left_out).upper())


def _far_out(h: Integrand, bits: int) -> tuple[arb, arb]:
    """Return R, and a bound of what lies beyond it, below 2^-bits."""
    R = (2 * arb(2).log() * (bits + GUARD)).sqrt().upper().ceil().upper()
    found: tuple[arb, arb] | None = None
    for _ in range(RADII):
        try:
            found = R, beyond(h, R, 1) + beyond(h, R, -1)
            if found[1] < arb(2) ** -bits:
                return found
        except (TryFurther, OutsideDomain):
            pass
        R = (R * 5 / 4).upper().ceil().upper()
    if found is None:
        raise NotDefined(
            "no bound of the formula far out is known, so the mean may not exist",
            todo="give a formula that is defined for all large |z|, and grows less than e^(z^2/2)",
        )
    return found


def _integral(h: Integrand, a: arb, b: arb, bits: int) -> arb:
    """Return ∫ h(z) e^(-z²/2) / √(2π) dz from a to b, not finite where h is singular in between."""

    def density_times(z: acb, analytic: bool) -> acb:
        return h(_ANALYTIC if analytic else _PLAIN, z) * (-(z * z) / 2).exp()

    return _quadrature(density_times, a, b, bits)


def _toward(h: Integrand, q: Fraction, side: int, far: arb, k: int, bits: int) -> arb:
    """Return the integral from q + side 2^-k to q + side far: of t = e^-u, the distance from q, over u."""

    def density_times(u: acb, analytic: bool) -> acb:
        t = (-u).exp()
        z = acb(ball(q)) + side * t
        return h(_ANALYTIC if analytic else _PLAIN, z) * (-(z * z) / 2).exp() * t

    with ctx.workprec(bits + GUARD + k):  # q + t holds t to its last bits
        return _quadrature(density_times, -far.log(), k * arb(2).log(), bits)


def _quadrature(f: Callable[[acb, bool], acb], a: arb, b: arb, bits: int) -> arb:
    """Return FLINT's integral of f from a to b, over √(2π)."""
    failed: list[BaseException] = []

    def guarded(z: acb, analytic: bool) -> acb:
        try:
            return acb("nan") if failed else f(z, analytic)
        except BaseException as error:  # FLINT loses an exception; it is raised again when the integral is over
            failed.append(error)
            return acb("nan")

    found = acb.integral(guarded, a, b, rel_tol=arb(2) ** -bits)
    if failed:
        raise failed[0]
    return found.real / (2 * arb.pi()).sqrt()


def _around(h: Integrand, R: arb, places: list[Fraction], bits: int) -> tuple[arb, arb]:
    """Return the integral over [-R, R] but for a part beside each singularity, and a bound of these parts.

    The whole is cut at 0, and in the middle between two singularities; from there on to each of them the variable is
    the logarithm of the distance.
    """
    total, left_out = arb(0), arb(0)
    cuts = [fraction(-R), *((p + q) / 2 for p, q in pairwise(places)), fraction(R)]
    for q, low, high in zip(places, cuts, cuts[1:], strict=False):
        bound, k = _beside(h, q, bits)
        left_out += bound
        for side, reach in ((-1, q - low), (1, high - q)):
            near = min(reach, abs(q)) if q and (q > 0) == (side < 0) else reach  # up to 0, where kinks are
            total += _toward(h, q, side, ball(near), k, bits)
            if near < reach:
                a, b = sorted((q + side * near, q + side * reach))
                total += _integral(h, ball(a), ball(b), bits)
    return total, left_out


def _beside(h: Integrand, q: Fraction, bits: int) -> tuple[arb, int]:
    """Return a bound of E[|h|] within 2^-k of q, and k."""
    found: tuple[arb, int] | None = None
    for times in CLOSER:
        k = times * (bits + GUARD)
        try:
            found = beside(h, q, 1, k) + beside(h, q, -1, k), k
        except TryFurther:
            continue
        if found[0] < arb(2) ** -bits:
            break
    if found is None:
        raise NotDefined(
            f"the mean could not be enclosed: the formula has a singularity at z = {q} that is not understood",
            todo="give a formula that grows as a power of |z - q| and of its logarithm there",
        )
    return found


def _singular(h: Integrand, R: arb) -> Iterator[Fraction]:
    """Yield the simplest numbers of the places of [-R, R] where h may not be defined, not bounded, or not analytic."""
    waiting, last = [Interval(-R, R)], None
    while waiting:
        box = waiting.pop()
        if _is_regular(h, box):
            continue
        if box.width < WIDTH:
            q = simplest(box)
            if q != last:
                last = q
                yield q
            continue
        cut = (box.lo + (box.hi - box.lo) * 487 / 1024).mid()
        waiting += [Interval(cut, box.hi), Interval(box.lo, cut)]


def _is_regular(h: Integrand, box: Interval) -> bool:
    """Tell whether h is seen to be defined and bounded on a box, also as a function of complex balls."""
    try:
        values = h(_LINE, box)
        return bool(values.width.is_finite()) and bool(h(_PLAIN, acb(box.ball())).is_finite())
    except OutsideDomain:
        return False


def gaussian_mean(formula: str | Formula, values: Mapping[str, Any] | None = None, variable: str = "z") -> Magnitude:
    """Return E[formula] for a standard normal variable, an enclosure of any precision.

    values: exact numbers for the other letters of the formula.

    >>> print(gaussian_mean("tanh(sqrt(q)*z)^2", {"q": 1}).to(30))
    0.394294490397841174416459772444
    >>> print(gaussian_mean("log(abs(z))").to(20))
    -0.63518142273073908501
    """
    f = formula if isinstance(formula, Formula) else read_formula(formula)
    given = {name: exact(x) for name, x in (values or {}).items()}
    if missing := [v for v in f.variables if v != variable and v not in given]:
        raise UnknownName("value of the letter", missing[0], given, where=f"E[{f}]")
    if unused := [name for name in given if name not in f.variables]:
        raise UnknownName("letter of the formula", unused[0], f.variables, where=f"E[{f}]")

    def h(A: Any, z: Any) -> Any:
        return f(A, **{name: A.number(q) for name, q in given.items()}, **{variable: z})

    mean = Magnitude(lambda bits: finite(mean_ball(h, bits), f"E[{f}]"))
    if not given and mean.ball(64).contains(0) and is_odd(Objective(f, variable)):
        return Magnitude(mean.enclose, Fraction(0))
    return mean


def finite(x: arb, what: str) -> arb:
    """Return a ball, or raise NotDefined where it is not finite."""
    if not x.is_finite():
        raise NotDefined(f"{what} could not be enclosed", todo="give a formula that is defined for all real z")
    return x
