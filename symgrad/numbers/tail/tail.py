"""Enclosures of functions on a whole tail [Z, oo): f(z) = c_1 m_1(z) + c_2 m_2(z) + ... + B m(z).

The c_i are exact, the m_i are growth rates (e^P(z) z^a (ln z)^d), and B is an interval: for every z >= Z
there is a number of B with which this holds. So z / (2 cosh(z/2)^2) is [1.9, 2] z e^-z from Z = 8 on, and
what is beyond all points is bounded, or seen to rise or to fall, without a limit being taken.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from flint import fmpz

from symgrad.arithmetic.interval import ZERO, Interval, Intervals, OutsideDomain
from symgrad.numbers.tail.monomial import INVERSE, Monomial, Start, TryFurther, number
from symgrad.numbers.tail.series import Series, binomial

MOST_TERMS = 4
LONGEST = 10_000
"""Bits of a coefficient that is kept exact."""
_A = Intervals()
CONSTANT, Z = Monomial(), Monomial(a=Fraction(1))

Part = tuple[Interval, Monomial]
"""B m."""


def _order(m: Monomial, n: Monomial) -> int:
    return m.over(n).order


_BY_GROWTH = cmp_to_key(_order)


class Tail:
    """Σ c_i m_i + B m on the tail from ``start``; the operators enclose."""

    __slots__ = ("rest", "start", "terms")

    def __init__(self, start: Start, terms: dict[Monomial, Fraction], rest: Part | None = None) -> None:
        self.start, self.rest = start, rest if rest is None or rest[0].lo != 0 or rest[0].hi != 0 else None
        self.terms = {m: c for m, c in terms.items() if c}

    def exactly(self, c: Fraction | int) -> Tail:
        """Return the constant c on this tail."""
        return Tail(self.start, {CONSTANT: Fraction(c)})

    def times_monomial(self, B: Interval, m: Monomial) -> Tail:
        """Return B m on this tail."""
        return Tail(self.start, {}, (B, m))

    @property
    def collapsed(self) -> Part:
        """The value as one B m, where m is the rate that grows most."""
        parts = [(number(c), m) for m, c in self.terms.items()] + ([self.rest] if self.rest else [])
        if not parts:
            return Interval(ZERO, ZERO), CONSTANT
        total, rate = parts[0]
        for part in parts[1:]:
            total, rate = _sum_of_rests(self.start, (total, rate), part)
        return total, rate

    @property
    def coefficient(self) -> Interval:
        """The interval B of the collapsed value; the sign of B is that of the value."""
        return self.collapsed[0]

    @property
    def range(self) -> Interval:
        """All values on the tail."""
        B, m = self.collapsed
        found = B * m.range(self.start)
        if len(self.terms) + bool(self.rest) < 2:
            return found
        total = Interval(ZERO, ZERO)
        for m, c in self.terms.items():
            total = total + number(c) * m.range(self.start)
        if self.rest:
            total = total + self.rest[0] * self.rest[1].range(self.start)
        lo, hi = total.lo, total.hi
        return Interval(max(found.lo, lo) if lo == lo else found.lo, min(found.hi, hi) if hi == hi else found.hi)

    @property
    def limit(self) -> Fraction | None:
        """The limit at infinity where it is an exact constant that all else falls away from."""
        if any(m.order > 0 for m in self.terms) or not self._rest_falls:
            return None
        return self.terms.get(CONSTANT, Fraction(0))

    @property
    def grows(self) -> bool:
        """Whether x is seen to grow beyond all bounds: c m, c > 0, where m grows, and all else is less than that."""
        try:
            c, m, _ = self.leading()
        except TryFurther:
            B, m = self.collapsed
            return bool(B.lo > 0) and m.order > 0
        return c > 0 and m.order > 0

    @property
    def _rest_falls(self) -> bool:
        """Whether the rest falls to 0: an unbounded B may make up for what its rate loses."""
        return self.rest is None or (self.rest[1].order < 0 and bool(self.rest[0].width.is_finite()))

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = self.exactly(other)
        if not isinstance(other, Tail):
            return NotImplemented
        terms = dict(self.terms)
        for m, c in other.terms.items():
            terms[m] = terms.get(m, Fraction(0)) + c
        return self._pruned(terms, [x.rest for x in (self, other) if x.rest])

    __radd__ = __add__

    def __neg__(self) -> Tail:
        rest = (-self.rest[0], self.rest[1]) if self.rest else None
        return Tail(self.start, {m: -c for m, c in self.terms.items()}, rest)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = self.exactly(other)
        if not isinstance(other, Tail):
            return NotImplemented
        terms: dict[Monomial, Fraction] = {}
        for m, c in self.terms.items():
            for n, b in other.terms.items():
                terms[m * n] = terms.get(m * n, Fraction(0)) + b * c
        rests: list[Part] = []
        for x, y in ((self, other), (other, self)):
            if x.rest:
                (B, m), exact = x.rest, Tail(x.start, y.terms).collapsed
                rests += [(B * exact[0], m * exact[1])] if y.terms else []
        if self.rest and other.rest:
            rests.append((self.rest[0] * other.rest[0], self.rest[1] * other.rest[1]))
        return self._pruned(terms, rests)

    def _pruned(self, terms: dict[Monomial, Fraction], rests: list[Part]) -> Tail:
        """Return the sum; of many terms those that grow least go into the rest."""
        kept = [m for m, c in terms.items() if c]
        if len(kept) > MOST_TERMS or rests:
            kept.sort(key=_BY_GROWTH, reverse=True)
            most = max((m for _, m in rests), key=_BY_GROWTH) if rests else None
            count = sum(1 for m in kept if most is None or _order(m, most) > 0 or m.order == 0)
            count = min(count, MOST_TERMS)
            rests = [(number(terms[m]), m) for m in kept[count:]] + rests
            kept = kept[:count]
        rest = rests[0] if rests else None
        for part in rests[1:]:
            rest = _sum_of_rests(self.start, rest, part) if rest else part
        return Tail(self.start, {m: terms[m] for m in kept}, rest)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = self.exactly(other)
        return self * other.reciprocal() if isinstance(other, Tail) else NotImplemented

    def __rtruediv__(self, other: Any) -> Any:
        return self.reciprocal() * other

    def __pow__(self, n: int) -> Tail:
        if n < 0:
            return (self**-n).reciprocal()
        if n == 0:
            return self.exactly(1)
        if n == 1:
            return self
        try:
            return self.rational_power(Fraction(n))
        except TryFurther:
            B, m = self.collapsed
            return self.times_monomial(B**n, m ** Fraction(n))

    def reciprocal(self) -> Tail:
        """Return 1 / x, where x has a sign."""
        try:
            return self.rational_power(INVERSE)
        except TryFurther:
            B, m = self.collapsed
            if B.lo <= 0 <= B.hi:
                raise
            return self.times_monomial(1 / B, m**INVERSE)

    def leading(self) -> tuple[Fraction, Monomial, Tail]:
        """Return c, m, y with x = c m (1 + y), where y falls to 0; TryFurther where no exact term leads."""
        if not self.terms:
            raise TryFurther
        m = max(self.terms, key=_BY_GROWTH)
        c, by = self.terms[m], m**INVERSE
        rest = (self.rest[0] / number(c), self.rest[1] * by) if self.rest else None
        y = Tail(self.start, {n * by: b / c for n, b in self.terms.items() if n is not m}, rest)
        if not y.falls:
            raise TryFurther
        return c, m, y

    @property
    def falls(self) -> bool:
        """Whether each part falls to 0."""
        return all(m.order < 0 for m in self.terms) and self._rest_falls

    def summed(self, series: Series) -> Tail:
        """Return the function of the series at x, which falls to 0."""
        total, power = self.exactly(0), self.exactly(1)
        for c in series.coefficients:
            total, power = total + power * self.exactly(c), power * self
        try:
            last = series.remainder(self.range.hull(Interval(ZERO, ZERO)))
        except OutsideDomain:
            raise TryFurther from None
        B, m = power.collapsed
        return total + self.times_monomial(B * last, m)

    def rational_power(self, q: Fraction) -> Tail:
        """Return x^q by the exact term that leads and the binomial series; x > 0 where q is not whole."""
        c, m, y = self.leading()
        whole = q.denominator == 1
        if abs(q) * max(c.numerator.bit_length(), c.denominator.bit_length()) > LONGEST:
            raise TryFurther
        if c < 0 and not whole:
            raise OutsideDomain("a root", number(c), nowhere=True)
        root = c ** int(q) if whole else _root(c, q)
        factor = Tail(self.start, {m**q: root}) if root else self.times_monomial(_A.power(number(c), number(q)), m**q)
        return factor * y.summed(binomial(q)) if y.terms or y.rest else factor


def _root(c: Fraction, q: Fraction) -> Fraction | None:
    """Return c^q for c > 0 where it is rational, as 1 and 4^(1/2) are."""
    above, below = fmpz(c.numerator).root(q.denominator), fmpz(c.denominator).root(q.denominator)
    found = Fraction(int(above), int(below))
    return found ** int(q.numerator) if found ** int(q.denominator) == c else None


def _sum_of_rests(start: Start, x: Part, y: Part) -> Part:
    ratio = y[1].over(x[1])
    if ratio.order > 0:
        x, y, ratio = y, x, x[1].over(y[1])
    if ratio.order == 0:
        return x[0] + y[0], x[1]
    try:
        return x[0] + y[0] * ratio.range(start), x[1]
    except TryFurther:  # the two rates are too close to be told apart here: two bounded ones have a bounded sum
        if x[1].order > 0:
            raise
        return x[0] * x[1].range(start) + y[0] * y[1].range(start), CONSTANT
