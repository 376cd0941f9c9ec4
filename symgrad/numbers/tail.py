"""Enclosures of functions on a whole tail [Z, oo): f(z) = c_1 m_1(z) + c_2 m_2(z) + ... + B m(z).

The c_i are exact, the m_i are growth rates (e^P(z) z^a (ln z)^d), and B is an interval: for every z >= Z
there is a number of B with which this holds. So z / (2 cosh(z/2)^2) is [1.9, 2] z e^-z from Z = 8 on, and
what is beyond all points is bounded, or seen to rise or to fall, without a limit being taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symgrad.arithmetic.interval import INFINITY, ONE, ZERO, Interval, Intervals, OutsideDomain, point
from symgrad.arithmetic.protocol import Arithmetic, Function
from symgrad.errors import ValuesError
from symgrad.numbers.monomial import Monomial, TryFurther
from symgrad.ops.elementwise import ELEMENTWISE

MOST_TERMS = 6
CONSTANT, Z = Monomial(), Monomial(a=Fraction(1))
_INTERVALS = Intervals()
_UNIT, _HALF = Interval(ONE, ONE), Interval(ZERO, ONE)

Part = tuple[Interval, Monomial]
"""B m."""


class Tail:
    """Σ c_i m_i + B m on the tail from ``start``; the operators enclose."""

    __slots__ = ("rest", "start", "terms")

    def __init__(self, start: Interval, terms: dict[Monomial, Fraction], rest: Part | None = None) -> None:
        self.start, self.rest = start, rest
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
        parts = [(_number(c), m) for m, c in self.terms.items()] + ([self.rest] if self.rest else [])
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
            total = total + _number(c) * m.range(self.start)
        if self.rest:
            total = total + self.rest[0] * self.rest[1].range(self.start)
        lo, hi = total.lo, total.hi
        return Interval(max(found.lo, lo) if lo == lo else found.lo, min(found.hi, hi) if hi == hi else found.hi)

    @property
    def limit(self) -> Fraction | None:
        """The limit at infinity where it is an exact constant that all else falls away from."""
        if any(m.order > 0 for m in self.terms) or (self.rest and self.rest[1].order >= 0):
            return None
        return self.terms.get(CONSTANT, Fraction(0))

    def __add__(self, other: Any) -> Any:
        if isinstance(other, int):
            other = self.exactly(other)
        if not isinstance(other, Tail):
            return NotImplemented
        terms = dict(self.terms)
        for m, c in other.terms.items():
            terms[m] = terms.get(m, Fraction(0)) + c
        rests = [x.rest for x in (self, other) if x.rest]
        rest = rests[0] if rests else None
        if len(rests) == 2:
            rest = _sum_of_rests(self.start, *rests)
        total = Tail(self.start, terms, rest)
        return total if len(total.terms) <= MOST_TERMS else total.times_monomial(*total.collapsed)

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
        if not self.rest and not other.rest and len(self.terms) * len(other.terms) <= MOST_TERMS:
            terms: dict[Monomial, Fraction] = {}
            for m, c in self.terms.items():
                for n, b in other.terms.items():
                    terms[m * n] = terms.get(m * n, Fraction(0)) + b * c
            return Tail(self.start, terms)
        for x, y in ((self, other), (other, self)):
            if len(x.terms) == 1 and not x.rest:
                [(m, c)] = x.terms.items()
                rest = (y.rest[0] * _number(c), y.rest[1] * m) if y.rest else None
                return Tail(self.start, {n * m: b * c for n, b in y.terms.items()}, rest)
        (B, m), (C, n) = self.collapsed, other.collapsed
        return self.times_monomial(B * C, m * n)

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
        if len(self.terms) == 1 and not self.rest:
            [(m, c)] = self.terms.items()
            return Tail(self.start, {m ** Fraction(n): c**n})
        if n == 1:
            return self
        B, m = self.collapsed
        return self.times_monomial(B**n, m ** Fraction(n))

    def reciprocal(self) -> Tail:
        """Return 1 / x, where x has a sign."""
        if len(self.terms) == 1 and not self.rest:
            [(m, c)] = self.terms.items()
            return Tail(self.start, {m ** Fraction(-1): 1 / c})
        B, m = self.collapsed
        if B.lo <= 0 <= B.hi:
            raise TryFurther
        return self.times_monomial(1 / B, m ** Fraction(-1))


def _sum_of_rests(start: Interval, x: Part, y: Part) -> Part:
    if (y[1] * x[1] ** Fraction(-1)).order > 0:
        x, y = y, x
    try:
        return x[0] + y[0] * (y[1] * x[1] ** Fraction(-1)).range(start), x[1]
    except TryFurther:  # the two rates are too close to be told apart here: two bounded ones have a bounded sum
        if x[1].order > 0:
            raise
        return x[0] * x[1].range(start) + y[0] * y[1].range(start), CONSTANT


def _number(q: Fraction) -> Interval:
    return point(arb(fmpq(q.numerator, q.denominator)))


def _toward_zero(x: arb) -> Fraction:
    """Return a fraction of 24 bits between 0 and x."""
    mantissa, exponent = x.man_exp()
    n, e = abs(int(mantissa)), int(exponent)
    cut = max(n.bit_length() - 24, 0)
    q = Fraction(n >> cut) * Fraction(2) ** (e + cut)
    return q if x > 0 else -q


def _exp(x: Tail) -> Tail:
    """Return e^x: what grows as a polynomial or a logarithm goes into the rate, what is bounded into B."""
    P: dict[Fraction, Fraction] = {}
    a, B = Fraction(0), _UNIT
    others: dict[Monomial, Fraction] = {}
    for m, c in x.terms.items():
        if not m.P and m.d == 0 and m.a > 0:
            P[m.a] = c
        elif not m.P and m.a == 0 and m.d == 1:
            a = c
        else:
            others[m] = c
    remainder = Tail(x.start, others, x.rest)
    if x.rest and x.rest[1].order > 0:
        C, m = x.rest
        if m.P or m.d or C.lo <= 0 <= C.hi:
            raise TryFurther
        grows = bool(C.lo > 0)
        c = _toward_zero(C.lo if grows else C.hi)
        P[m.a] = P.get(m.a, Fraction(0)) + c
        B = Interval(ONE, INFINITY) if grows else _HALF
        remainder = Tail(x.start, others)
    bounded = remainder.range
    B = B * Interval(bounded.lo.exp().lower(), bounded.hi.exp().upper() if bounded.hi.is_finite() else INFINITY)
    rate = Monomial(tuple(sorted(((p, c) for p, c in P.items() if c), reverse=True)), a)
    if not others and not x.rest:
        return Tail(x.start, {rate: Fraction(1)})
    return x.times_monomial(B, rate)


def _log(x: Tail) -> Tail:
    """Return ln(B m) = ln B + P(z) + a ln z + d ln ln z, where B > 0; 0 <= ln ln z <= (ln z) / e."""
    if len(x.terms) == 1 and not x.rest:
        [(m, c)] = x.terms.items()
        B = _number(c)
    else:
        B, m = x.collapsed
    if B.hi <= 0:
        raise OutsideDomain("log", B, nowhere=True)
    if not B.lo > 0:
        raise TryFurther
    terms = {Monomial(a=p): c for p, c in m.P}
    terms[Monomial(d=Fraction(1))] = m.a
    constant = x.times_monomial(_INTERVALS.log(B), CONSTANT)
    total = Tail(x.start, terms)
    if B.lo != 1 or B.hi != 1:
        total = total + constant
    if m.d:
        loglog = Interval(ZERO, arb("0.37").upper()) * _number(m.d)
        total = total + x.times_monomial(loglog, Monomial(d=Fraction(1)))
    return total


def _direction(x: Tail) -> int:
    """Return 1 for x -> oo, -1 for x -> -oo, 0 for bounded x."""
    B, m = x.collapsed
    if m.order <= 0:
        return 0
    if B.lo <= 0 <= B.hi:
        raise TryFurther
    return 1 if B.lo > 0 else -1


def _bounded(A: TailArithmetic, name: str, x: Tail) -> Tail:
    """Return f(x) for bounded x: by f(x) = x f'(between 0 and x) where f(0) = 0 and x falls to 0."""
    B, m = x.collapsed
    values = x.range
    if name in ("sin", "tan", "sinh", "tanh", "erf", "expm1", "log1p") and m.order < 0:
        between = values.hull(Interval(ZERO, ZERO))
        return x.times_monomial(B * ELEMENTWISE[name].slope_at(_INTERVALS, between), m)
    return x.times_monomial(getattr(_INTERVALS, name)(values), CONSTANT)


def _by(name: str, far: Any) -> Function:
    """Return the method f: ``far(A, x)`` for x -> oo, and for x -> -oo; enclosed by values for bounded x."""

    def method(self: TailArithmetic, x: Tail) -> Tail:
        side = _direction(x)
        found: Tail = far(self, x, side) if side else _bounded(self, name, x)
        return found

    return method


def _tanh(A: TailArithmetic, x: Tail, side: int) -> Tail:
    y = x if side > 0 else -x
    value = 1 - 2 / (A.exp(2 * y) + 1)
    return value if side > 0 else -value


def _erfc(A: TailArithmetic, x: Tail, side: int) -> Tail:
    """For x > 0: e^(-x^2) / (x √π) (1 - 1/(2 x^2)) < erfc x < e^(-x^2) / (x √π) (DLMF 7.12.1, alternating)."""
    y = x if side > 0 else -x
    correction = 1 / (2 * y.range.lo**2)
    near = Interval((1 - correction).lower(), ONE)
    root = point(1 / arb.pi().sqrt())
    value = A.exp(-(y * y)) / y * y.times_monomial(root * near, CONSTANT)
    return value if side > 0 else 2 - value


def _oscillating(A: TailArithmetic, x: Tail, side: int) -> Tail:
    return x.times_monomial(Interval(-ONE, ONE), CONSTANT)


def _no_tangent(A: TailArithmetic, x: Tail, side: int) -> Tail:
    raise TryFurther


def _by_sign(negative: int, positive: int, name: str) -> Function:
    """Return the method that is ``negative`` x where x <= 0, ``positive`` x where x >= 0."""

    def method(self: TailArithmetic, x: Tail) -> Tail:
        B, m = x.collapsed
        if B.lo >= 0 or B.hi <= 0:
            return x * (positive if B.lo >= 0 else negative)
        return x.times_monomial(getattr(_INTERVALS, name)(B), m)

    return method


def _constant_by_sign(name: str) -> Function:
    def method(self: TailArithmetic, x: Tail) -> Tail:
        value = getattr(_INTERVALS, name)(x.collapsed[0])
        if value.lo == value.hi:
            return x.exactly(int(value.lo.unique_fmpz()))
        return x.times_monomial(value, CONSTANT)

    return method


class TailArithmetic(Arithmetic):
    """Functions on [Z, oo), Z = 2^k; raises TryFurther where this tail does not decide.

    >>> A = TailArithmetic(3)
    >>> with A.working():
    ...     z = A.variable()
    ...     print((z / (2 * A.cosh(z / 2) ** 2)).range)
    [0, 0.0053674020]
    """

    name = "tail"
    rigorous = True

    def __init__(self, k: int) -> None:
        two_to = arb(2) ** k
        self.start = Interval(two_to, two_to)

    def describe(self) -> str:
        """Return the name in words."""
        return f"the tail from {self.start.lo.str(5, radius=False)} on"

    @contextmanager
    def working(self) -> Iterator[None]:
        """Set FLINT's precision, and restore it."""
        with _INTERVALS.working():
            yield

    def variable(self) -> Tail:
        """Return z."""
        return Tail(self.start, {Z: Fraction(1)})

    def number(self, q: Fraction | int) -> Tail:
        """Return the constant q."""
        return Tail(self.start, {CONSTANT: Fraction(q)})

    def array(self, data: Any, shape: tuple[int, ...]) -> Any:
        """Arrays are not taken."""
        raise ValuesError("a tail has no arrays", todo="give a number")

    @property
    def pi(self) -> Tail:
        """The circle's number."""
        return Tail(self.start, {}, (_INTERVALS.pi, CONSTANT))

    def power(self, x: Tail, y: Any) -> Tail:
        """Return x**y for x > 0; for all x if y is an int."""
        if isinstance(y, int):
            return x**y
        exponent = y.terms.get(CONSTANT, Fraction(0))
        if y.rest or set(y.terms) - {CONSTANT}:
            return _exp(y * _log(x))
        return _rational_power(x, exponent)

    def exp(self, x: Tail) -> Tail:
        """Return e^x."""
        return _exp(x)

    def log(self, x: Tail) -> Tail:
        """Return ln x."""
        return _log(x)

    def log1p(self, x: Tail) -> Tail:
        """Return ln(1 + x), close to x where x falls to 0."""
        return _log(1 + x) if _direction(x) else _bounded(self, "log1p", x)

    def sqrt(self, x: Tail) -> Tail:
        """Return the square root."""
        return _rational_power(x, Fraction(1, 2))

    expm1 = _by("expm1", lambda A, x, side: A.exp(x) - 1)
    sin = _by("sin", _oscillating)
    cos = _by("cos", _oscillating)
    tan = _by("tan", _no_tangent)
    sinh = _by("sinh", lambda A, x, side: (A.exp(x) - A.exp(-x)) / 2)
    cosh = _by("cosh", lambda A, x, side: (A.exp(x) + A.exp(-x)) / 2)
    tanh = _by("tanh", _tanh)
    erf = _by("erf", lambda A, x, side: 1 - _erfc(A, x, side))
    erfc = _by("erfc", _erfc)
    logistic = _by("logistic", lambda A, x, side: 1 / (1 + A.exp(-x)))
    softplus = _by("softplus", lambda A, x, side: A.log1p(A.exp(x)))
    abs = _by_sign(-1, 1, "abs")
    relu = _by_sign(0, 1, "relu")
    negative_part = _by_sign(1, 0, "negative_part")
    sign = _constant_by_sign("sign")
    step = _constant_by_sign("step")


def _rational_power(x: Tail, q: Fraction) -> Tail:
    if len(x.terms) == 1 and not x.rest and set(x.terms.values()) == {1}:
        [m] = x.terms
        return Tail(x.start, {m**q: Fraction(1)})
    B, m = x.collapsed
    if B.hi < 0:
        raise OutsideDomain("a root", B, nowhere=True)
    if not B.lo >= 0 or (B.lo == 0 and q < 0):
        raise TryFurther
    return x.times_monomial(_INTERVALS.power(B, _number(q)), m**q)
