"""What an integral against the normal density leaves out, bounded: far out, and beside a singularity.

On a tail [Z, oo) a function is B m(z), m a growth rate (``numbers.tail``), so that with c = max |B|

    ∫_Z^∞ |h(z)| e^(-z²/2) dz  ≤  c sup (m(z) e^(-(1/2 - s) z²)) ∫_Z^∞ e^(-s z²) dz        for 0 < s < 1/2

and beside a number q, where t = 1/z is the distance from it,

    ∫_0^(1/Z) |h(q ± t)| dt  ≤  c ∫_Z^∞ m(z) z^-2 dz  ≤  c sup (m(z) z^(b - 1)) Z^-b / b    for b > 0,

where m is monotone in what the supremum is taken of, else another Z is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.interval import OutsideDomain
from symgrad.errors import NotDefined
from symgrad.numbers.tail.arithmetic import TailArithmetic
from symgrad.numbers.tail.monomial import Monomial, TryFurther
from symgrad.numbers.tail.tail import Tail

Integrand = Callable[[Any, Any], Any]
"""(A, z) -> h(z) in the arithmetic A, which takes real balls as ``A.constant(x)``."""

SHARES = (Fraction(1, 4), Fraction(1, 16), Fraction(1, 256), Fraction(1, 4096))
"""s: what is left of the exponent for the integral; the rest of it outweighs m."""
PARTS = (Fraction(1, 2), Fraction(3, 4), Fraction(7, 8))
"""b, as a part of the largest that there may be; the rest of it outweighs a logarithm."""


def beyond(h: Integrand, R: arb, side: int) -> arb:
    """Return an upper bound of E[|h(z)|; side z > R] for an exact R > 1; TryFurther where this R does not decide.

    >>> beyond(lambda A, z: z, arb(4), 1) >= (-arb(8)).exp() / (2 * arb.pi()).sqrt()
    True
    """
    for above in (False, True):  # 1/(1 + e^-z) asks for a rate from below, e^z for one from above
        try:
            return _beyond(h, TailArithmetic(R, above), R, side)
        except TryFurther:
            continue
    raise TryFurther


def _beyond(h: Integrand, A: TailArithmetic, R: arb, side: int) -> arb:
    c, m = _size(h(A, A.variable() * side))
    bounds = []
    for s in SHARES:
        weight = m * Monomial(P=((Fraction(2), s - Fraction(1, 2)),))
        try:
            top = weight.range(A.start).hi
        except TryFurther:
            continue
        if top.is_finite():
            bounds.append(c * top * (ball(s).sqrt() * R).erfc() / (8 * ball(s)).sqrt())
    if not bounds:
        raise TryFurther
    return min(b.upper() for b in bounds)


def beside(h: Integrand, q: Fraction, side: int, k: int) -> arb:
    """Return an upper bound of E[|h(z)|; z between q and q + side 2^-k]; TryFurther where this k does not decide.

    Raises NotDefined where |h| has no integral there.

    >>> beside(lambda A, z: A.log(A.abs(z)), Fraction(0), 1, 20) < arb(2)**-17
    True
    """
    A = TailArithmetic(k)
    try:
        value = h(A, A.number(q) + A.variable().reciprocal() * side)
    except OutsideDomain:
        raise TryFurther from None
    c, m = _size(value)
    if not m.P and (m.a > 1 or (m.a == 1 and m.d >= -1)) and not value.coefficient.lo <= 0 <= value.coefficient.hi:
        grows = f"|z - {q}|^(-{m.a})" if q else f"|z|^(-{m.a})"
        raise NotDefined(
            f"the mean does not exist: beside z = {q} the formula grows as {grows}" + (" ln" if m.d else ""),
            where="what has no integral at a single number has no mean, whatever it is elsewhere",
            todo="give a formula that grows less than 1/|z - q| at each q",
        )
    bounds = []
    for b in {(1 - m.a) * share for share in PARTS if m.a < 1} | {Fraction(1, 2**10), Fraction(1, 64), Fraction(1, 2)}:
        try:
            top = (m * Monomial(a=b - 1)).range(A.start).hi
        except TryFurther:
            continue
        if top.is_finite():
            bounds.append((c * top * A.start.lo ** -ball(b) / ball(b) / (2 * arb.pi()).sqrt()).upper())
    if not bounds:
        raise TryFurther
    return min(bounds)


def _size(value: Tail) -> tuple[arb, Monomial]:
    """Return c and m with |h| ≤ c m."""
    B, m = value.collapsed
    c = max(abs(B.lo), abs(B.hi)).upper()
    if not c.is_finite():
        raise TryFurther
    return c, m
