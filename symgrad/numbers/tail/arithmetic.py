"""The functions on a tail [Z, oo): what each makes of Σ c_i m_i + B m."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any

from flint import arb

from symgrad.arithmetic.interval import INFINITY, ONE, ZERO, Interval, Intervals, OutsideDomain, point
from symgrad.arithmetic.protocol import Arithmetic
from symgrad.arithmetic.scalars import Function
from symgrad.errors import ValuesError
from symgrad.numbers.tail.monomial import Monomial, Start, TryFurther, number
from symgrad.numbers.tail.series import SERIES
from symgrad.numbers.tail.tail import CONSTANT, Tail, Z
from symgrad.ops.elementwise import ELEMENTWISE

_INTERVALS = Intervals()
_ZERO, _UNIT, _HALF = Interval(ZERO, ZERO), Interval(ONE, ONE), Interval(ZERO, ONE)


def _toward_zero(x: arb) -> Fraction:
    """Return a fraction of 24 bits between 0 and x, and of a moderate size."""
    if abs(x) > 2**64:
        return Fraction(2**64 if x > 0 else -(2**64))
    mantissa, exponent = x.man_exp()
    if exponent < -1000:
        raise TryFurther
    n, e = abs(int(mantissa)), int(exponent)
    cut = max(n.bit_length() - 24, 0)
    q = Fraction(n >> cut) * Fraction(2) ** (e + cut)
    return q if x > 0 else -q


def _exp(x: Tail) -> Tail:
    """Return e^x: what grows goes into the rate, what falls to 0 into a series, what is bounded into B."""
    P: dict[Fraction, Fraction] = {}
    a, B, constant = Fraction(0), _UNIT, Fraction(0)
    falling: dict[Monomial, Fraction] = {}
    bounded, faster = None, [x.rest] if x.rest and x.rest[1].order > 0 else []
    for m, c in x.terms.items():
        if not m.P and m.d == 0 and m.a > 0:
            P[m.a] = c
        elif not m.P and m.a == 0 and m.d == 1:
            a = c
        elif m.order > 0:
            faster.append((number(c), m))
        elif m.order == 0:
            constant = c
        else:
            falling[m] = c
    for part in faster:
        power, c, bound = _exponent(x.start, *part)
        P[power] = P.get(power, Fraction(0)) + c
        B = B * bound
    if x.rest and x.rest[1].order == 0:
        bounded = x.rest
    remainder = Tail(x.start, falling, x.rest if x.rest and x.rest[1].order < 0 else None)
    rate = Monomial(tuple(sorted(((p, c) for p, c in P.items() if c), reverse=True)), a)
    value = Tail(x.start, {rate: Fraction(1)})
    if bounded or constant or faster:
        B = B * _INTERVALS.exp(number(constant) + (bounded[0] if bounded else _ZERO))
        value = x.times_monomial(B, rate)
    return value * remainder.summed(SERIES["exp"]) if remainder.terms or remainder.rest else value


def _exponent(start: Start, C: Interval, m: Monomial) -> tuple[Fraction, Fraction, Interval]:
    """Return p, c, B with e^(C m) = B e^(c z^p), where m grows: B is in [0, 1] or in [1, oo).

    What grows as e^z or z ln z grows at least as m(Z)/Z z. Where a bound from above is asked for, B is in [0, 1] too
    where C may be > 0: the rate is rounded up, by more than the 24 bits that are kept.
    """
    if C.hi >= 0 and start.above:
        if m.P or m.d or C.hi > 2**64:
            raise TryFurther
        return m.a, _toward_zero(C.hi) * (1 + Fraction(1, 2**20)) if C.hi > 0 else Fraction(0), _HALF
    if C.lo <= 0 <= C.hi:
        raise TryFurther
    bound = Interval(ONE, INFINITY) if C.lo > 0 else _HALF
    if not m.P and not m.d:
        return m.a, _toward_zero(C.lo if C.lo > 0 else C.hi), bound
    least = (m * Monomial(a=Fraction(-1))).range(start)
    if not least.lo > 0:
        raise TryFurther
    return Fraction(1), _toward_zero((C.lo * least.lo).lower() if C.lo > 0 else (C.hi * least.lo).upper()), bound


def _log(x: Tail) -> Tail:
    """Return ln(B m) = ln B + P(z) + a ln z + d ln ln z, where B > 0; 0 <= ln ln z <= (ln z) / e."""
    y = None
    try:
        c, m, y = x.leading()
        B = number(c)
    except TryFurther:
        B, m = x.collapsed
    if B.hi <= 0:
        raise OutsideDomain("log", B, nowhere=True)
    if not B.lo > 0:
        raise TryFurther
    terms = {Monomial(a=p): c for p, c in m.P}
    terms[Monomial(d=Fraction(1))] = m.a
    total = Tail(x.start, terms)
    if B.lo != 1 or B.hi != 1:
        total = total + x.times_monomial(_INTERVALS.log(B), CONSTANT)
    if m.d:
        loglog = Interval(ZERO, arb("0.37").upper()) * number(m.d)
        total = total + x.times_monomial(loglog, Monomial(d=Fraction(1)))
    return total if y is None or not (y.terms or y.rest) else total + y.summed(SERIES["log1p"])


def _direction(x: Tail) -> int:
    """Return 1 for x -> oo, -1 for x -> -oo, 0 for bounded x."""
    B, m = x.collapsed
    if m.order <= 0:
        return 0
    if B.lo <= 0 <= B.hi:
        raise TryFurther
    return 1 if B.lo > 0 else -1


def _bounded(A: TailArithmetic, name: str, x: Tail) -> Tail:
    """Return f(x) for bounded x: by a series where x falls to 0, or by f(x) = x f'(between 0 and x) if f(0) = 0."""
    if x.falls and name in SERIES:
        return x.summed(SERIES[name])
    B, m = x.collapsed
    values = x.range
    if name == "erf" and m.order < 0:
        between = values.hull(_ZERO)
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


def _arctangent(A: TailArithmetic, x: Tail, side: int) -> Tail:
    return x.times_monomial(_INTERVALS.atan(x.range), CONSTANT)


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
    """Functions on [Z, oo), Z = 2^k or an exact ball that is given; raises TryFurther where this tail does not decide.

    >>> A = TailArithmetic(3)
    >>> with A.working():
    ...     z = A.variable()
    ...     print((z / (2 * A.cosh(z / 2) ** 2)).range)
    [0, 0.0053674039]
    """

    name = "tail"
    rigorous = True

    def __init__(self, k: int | arb, above: bool = False) -> None:
        self.start = Start(k if isinstance(k, arb) else arb(2) ** k, above)

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

    def constant(self, x: arb) -> Tail:
        """Return a constant, a real ball."""
        return Tail(self.start, {}, (point(x), CONSTANT))

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
        return x.summed(SERIES["log1p"]) if x.falls else _log(1 + x)

    def sqrt(self, x: Tail) -> Tail:
        """Return the square root."""
        return _rational_power(x, Fraction(1, 2))

    expm1 = _by("expm1", lambda A, x, side: A.exp(x) - 1)
    sin = _by("sin", _oscillating)
    cos = _by("cos", _oscillating)
    tan = _by("tan", _no_tangent)
    atan = _by("atan", _arctangent)
    sinh = _by("sinh", lambda A, x, side: (A.exp(x) - A.exp(-x)) / 2)
    cosh = _by("cosh", lambda A, x, side: (A.exp(x) + A.exp(-x)) / 2)
    tanh = _by("tanh", _tanh)
    erf = _by("erf", lambda A, x, side: 1 - _erfc(A, x, side))
    erfc = _by("erfc", _erfc)
    logistic = _by("logistic", lambda A, x, side: 1 / (1 + A.exp(-x)))
    softplus = _by("softplus", lambda A, x, side: A.relu(x) + A.log1p(A.exp(-A.abs(x))))
    abs = _by_sign(-1, 1, "abs")
    relu = _by_sign(0, 1, "relu")
    negative_part = _by_sign(1, 0, "negative_part")
    sign = _constant_by_sign("sign")
    step = _constant_by_sign("step")


def _rational_power(x: Tail, q: Fraction) -> Tail:
    try:
        return x.rational_power(q)
    except TryFurther:
        B, m = x.collapsed
    if B.hi < 0:
        raise OutsideDomain("a root", B, nowhere=True)
    if not B.lo >= 0 or (B.lo == 0 and q < 0):
        raise TryFurther
    return x.times_monomial(_INTERVALS.power(B, number(q)), m**q)
