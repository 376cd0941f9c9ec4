"""Growth rates on a tail [Z, oo): m(z) = e^P(z) z^a (ln z)^d, with P a polynomial without constant."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache

from flint import arb

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.interval import INFINITY, ONE, ZERO, Interval, point

REMEMBERED = 4096
INVERSE = Fraction(-1)


class TryFurther(Exception):  # noqa: N818  # a signal: the tail must begin further out
    """Not decided on this tail; perhaps on one that begins further out."""


class Start(Interval):
    """Z, where a tail begins; it keeps the ranges of the monomials on the tail.

    above: a rate that is not known exactly is taken too large, so that what grows has a bound from above; else it is
    taken too small, so that it is seen to grow.
    """

    __slots__ = ("above", "ranges")

    def __init__(self, Z: arb, above: bool = False) -> None:
        super().__init__(Z, Z)
        self.above = above
        self.ranges: dict[Monomial, Interval] = {}


@dataclass(frozen=True)
class Monomial:
    """e^P(z) z^a (ln z)^d; P is given by its (power, coefficient), powers > 0 falling, coefficients not 0.

    >>> z, e = Monomial(a=Fraction(1)), Monomial(P=((Fraction(1), Fraction(-1)),))
    >>> (z * e).order < 0 < z.order, (z * e).range(Start(arb(4)))
    (True, [0, 0.073262556])
    """

    P: tuple[tuple[Fraction, Fraction], ...] = ()
    a: Fraction = Fraction(0)
    d: Fraction = Fraction(0)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.P, self.a, self.d)))

    def __hash__(self) -> int:
        return self._hash

    @lru_cache(maxsize=REMEMBERED)  # noqa: B019  # monomials are small, and the same few are multiplied on every tail
    def __mul__(self, other: Monomial) -> Monomial:
        if not other.P:
            return _made(self.P, self.a + other.a, self.d + other.d)
        P = dict(self.P)
        for power, c in other.P:
            P[power] = P.get(power, Fraction(0)) + c
        kept = tuple(sorted(((p, c) for p, c in P.items() if c), reverse=True))
        return _made(kept, self.a + other.a, self.d + other.d)

    @lru_cache(maxsize=REMEMBERED)  # noqa: B019
    def __pow__(self, q: Fraction) -> Monomial:
        if q == 0:
            return _made((), Fraction(0), Fraction(0))
        return _made(tuple((p, c * q) for p, c in self.P), self.a * q, self.d * q)

    def over(self, other: Monomial) -> Monomial:
        """Return m / n."""
        return self * other**INVERSE

    @cached_property
    def order(self) -> int:
        """1 if m grows beyond all bounds, -1 if it falls to 0, 0 if it is 1."""
        leading = self.P[0][1] if self.P else self.a or self.d
        return (leading > 0) - (leading < 0)

    def at(self, z: Interval) -> Interval:
        """Return m at the points of z > 1, finite."""
        log_z = point(z.lo.log()).hull(point(z.hi.log()))
        exponent = log_z * number(self.a)
        for p, c in self.P:
            exponent = exponent + number(c) * _exp(log_z * number(p))
        value = _exp(exponent)
        if self.d:
            loglog = point(log_z.lo.log()).hull(point(log_z.hi.log()))
            value = value * _exp(loglog * number(self.d))
        return value

    def range(self, start: Start) -> Interval:
        """Return the values of m on [Z, oo); TryFurther where m is not yet monotone there."""
        found = start.ranges.get(self)
        if found is None:
            found = start.ranges[self] = self._range(start)
        return found

    def _range(self, start: Interval) -> Interval:
        if self.order == 0:
            return Interval(ONE, ONE)
        slope = self._direction(start)
        first = self.at(start)
        if self.order > 0 and slope.lo > 0:
            return Interval(first.lo, INFINITY)
        if self.order < 0 and slope.hi < 0:
            return Interval(ZERO, first.hi)
        raise TryFurther

    def _direction(self, start: Interval) -> Interval:
        """Enclose (z m'/m) z^-p = Σ c_i p_i z^(p_i - p) + a z^-p + d z^-p / ln z on [Z, oo), p the first power."""
        p = self.P[0][0] if self.P else Fraction(0)
        falling = Interval(ZERO, ONE)
        total = Interval(ZERO, ZERO)
        log_z = point(start.lo.log())
        for power, c in self.P:
            ratio = Interval(ONE, ONE) if power == p else falling * _exp(log_z * number(power - p))
            total = total + number(c * power) * ratio
        lower = Interval(ONE, ONE) if p == 0 else falling * _exp(log_z * number(-p))
        total = total + number(self.a) * lower
        if self.a == 0 and not self.P:
            return number(self.d)
        return total + number(self.d) * lower * (falling / log_z)


_made = lru_cache(maxsize=REMEMBERED)(Monomial)
"""Equal monomials are mostly one object, which is found at once."""


def number(q: Fraction) -> Interval:
    """Return the least interval that holds q."""
    return point(ball(q))


def _exp(x: Interval) -> Interval:
    return Interval(x.lo.exp().lower(), x.hi.exp().upper())
