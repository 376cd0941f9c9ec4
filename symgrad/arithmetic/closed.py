"""Exact numbers Σ q √n π^k: rational numbers, square roots, powers of π, and what is closed among them.

The √n π^k, n without a square factor, are linearly independent over the rational numbers (π is transcendental, and
square roots of different such n are independent), so a number is 0 exactly if it has no terms. A function whose
value is not of this kind, or not known to be, raises NotClosed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, isqrt
from typing import Any, NoReturn

from flint import arb, ctx, fmpz

from symgrad.arithmetic.dyadic import ball
from symgrad.arithmetic.entries import ObjectArithmetic, lift, lift_pair
from symgrad.arithmetic.events import note_kink
from symgrad.arithmetic.scalars import Function, ScalarFunctions
from symgrad.errors import NotClosed, ValuesError

Key = tuple[int, int]
"""(n, k) of √n π^k."""
RATIONAL: Key = (1, 0)
MOST_TERMS = 32
LONGEST = 2**22
"""Bits of a power that is formed."""
LARGEST_RADICAND = 2**90
"""Up to which a radicand is factored. A larger one stays as it is: a sum that is 0 may then not be seen to be, and no
sign is given to it."""
MOST_BITS = 2**14


class ClosedNumber:
    """Σ q √n π^k, by its terms {(n, k): q}.

    >>> x = ClosedNumber.of(Fraction(1, 2)) + ClosedNumber({(2, 0): Fraction(3)})
    >>> print(x, "|", x * x, "|", 1 / x)
    1/2 + 3*sqrt(2) | 73/4 + 3*sqrt(2) | -2/71 + 12/71*sqrt(2)
    """

    __slots__ = ("terms",)

    def __init__(self, terms: dict[Key, Fraction]) -> None:
        self.terms = {key: q for key, q in terms.items() if q}
        if len(self.terms) > MOST_TERMS:
            raise NotClosed(f"a sum of more than {MOST_TERMS} roots", todo="ask for an enclosure")
        if any(q.numerator.bit_length() + q.denominator.bit_length() > 4 * LONGEST for q in self.terms.values()):
            raise NotClosed("a number of this length", todo="ask for an enclosure")

    @classmethod
    def of(cls, q: Fraction | int) -> ClosedNumber:
        """Return a rational number."""
        return cls({RATIONAL: Fraction(q)})

    @property
    def rational(self) -> Fraction | None:
        """The number as a fraction, where it is one."""
        if not self.terms:
            return Fraction(0)
        return self.terms.get(RATIONAL) if len(self.terms) == 1 else None

    @property
    def sign(self) -> int:
        """-1, 0 or 1: 0 exactly if there are no terms, else by an enclosure."""
        if not self.terms:
            return 0
        if len(self.terms) == 1:
            [q] = self.terms.values()
            return 1 if q > 0 else -1
        bits = 64
        while bits <= MOST_BITS:
            with ctx.workprec(bits):
                x = self.ball()
            if x > 0 or x < 0:
                return 1 if x > 0 else -1
            bits *= 2
        raise NotClosed(f"the sign of {self}: it is very close to 0", todo="ask for an enclosure")

    def ball(self) -> arb:
        """Return an enclosure, at the precision that is set."""
        return sum((ball(q) * arb(n).sqrt() * arb.pi() ** k for (n, k), q in self.terms.items()), arb(0))

    def enclosed(self, bits: int) -> arb:
        """Return an enclosure that was computed with so many bits."""
        with ctx.workprec(bits):
            return self.ball()

    def __add__(self, other: Any) -> ClosedNumber:
        terms = dict(self.terms)
        for key, q in _closed(other).terms.items():
            terms[key] = terms.get(key, Fraction(0)) + q
        return ClosedNumber(terms)

    __radd__ = __add__

    def __neg__(self) -> ClosedNumber:
        return ClosedNumber({key: -q for key, q in self.terms.items()})

    def __sub__(self, other: Any) -> ClosedNumber:
        return self + (-_closed(other))

    def __rsub__(self, other: Any) -> ClosedNumber:
        return -self + other

    def __mul__(self, other: Any) -> ClosedNumber:
        terms: dict[Key, Fraction] = {}
        for (n, k), p in self.terms.items():
            for (m, j), q in _closed(other).terms.items():
                common = gcd(n, m)
                key = (n // common * (m // common), k + j)
                terms[key] = terms.get(key, Fraction(0)) + p * q * common
        return ClosedNumber(terms)

    __rmul__ = __mul__

    def reciprocal(self) -> ClosedNumber:
        """Return 1 / x: of one term, or of a + b √n, by its conjugate."""
        if not self.terms:
            raise ValuesError("division by 0", todo="leave the place out, where a denominator is 0")
        (n, k), q = next(iter(self.terms.items()))
        if len(self.terms) == 1:
            return ClosedNumber({(n, -k): 1 / (q * n)})
        conjugate = ClosedNumber({key: p if key == (n, k) else -p for key, p in self.terms.items()})
        norm = self * conjugate
        if len(self.terms) == 2 and len(norm.terms) == 1:
            return conjugate * norm.reciprocal()
        raise NotClosed(f"the reciprocal of {self}", todo="ask for an enclosure")

    def __truediv__(self, other: Any) -> ClosedNumber:
        return self * _closed(other).reciprocal()

    def __rtruediv__(self, other: Any) -> ClosedNumber:
        return self.reciprocal() * other

    def __pow__(self, n: int) -> ClosedNumber:
        if n < 0:
            return (self**-n).reciprocal()
        longest = max((max(abs(q.numerator), q.denominator).bit_length() for q in self.terms.values()), default=1)
        if n * longest * max(len(self.terms), 1) > LONGEST:
            raise NotClosed("a power of this length", todo="ask for an enclosure")
        if self.rational is not None:
            return ClosedNumber.of(self.rational**n)
        result, square = ClosedNumber.of(1), self
        while n:
            if n & 1:
                result = result * square
            n >>= 1
            square = square * square if n else square
        return result

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        parts = [_term(n, k, q) for (n, k), q in sorted(self.terms.items(), key=lambda item: (item[0][1], item[0][0]))]
        return " + ".join(parts).replace("+ -", "- ")

    __repr__ = __str__


def _closed(x: Any) -> ClosedNumber:
    return x if isinstance(x, ClosedNumber) else ClosedNumber.of(x)


def _term(n: int, k: int, q: Fraction) -> str:
    factors = [f"sqrt({n})"] if n > 1 else []
    factors += [] if k == 0 else ["pi" if k == 1 else f"pi^{k}" if k > 0 else f"pi^({k})"]
    if not factors:
        return str(q)
    number = "" if q == 1 else "-" if q == -1 else f"{q}*"
    return number + "*".join(factors)


def root(q: Fraction) -> ClosedNumber:
    """Return √q for q ≥ 0, the square factors drawn out.

    >>> print(root(Fraction(8)), root(Fraction(4, 3)), root(Fraction(9, 4)))
    2*sqrt(2) 2/3*sqrt(3) 3/2
    """
    if q < 0:
        raise ValuesError(f"the root of a negative number, {q}", todo="give a number that is 0 or more")
    whole = Fraction(isqrt(q.numerator), isqrt(q.denominator))
    if whole * whole == q:
        return ClosedNumber.of(whole)
    n = q.numerator * q.denominator  # √(a/b) = √(ab) / b
    outside, inside = (1, 1) if n <= LARGEST_RADICAND else (1, n)
    for prime, power in fmpz(n).factor() if n <= LARGEST_RADICAND else ():
        outside *= int(prime) ** (int(power) // 2)
        inside *= int(prime) ** (int(power) % 2)
    return ClosedNumber({(inside, 0): Fraction(outside, q.denominator)})


def _sqrt(x: ClosedNumber) -> ClosedNumber:
    if len(x.terms) <= 1:
        (n, k), q = next(iter(x.terms.items()), (RATIONAL, Fraction(0)))
        if n == 1 and k % 2 == 0:
            return root(q) * ClosedNumber({(1, k // 2): Fraction(1)})
    if x.sign < 0:
        raise ValuesError(f"the root of a negative number, {x}", todo="give a number that is 0 or more")
    return _refuse("sqrt", x)


def _refuse(function: str, x: Any) -> NoReturn:
    raise NotClosed(f"{function} of {x} is not known as a sum of roots and powers of pi", todo="ask for an enclosure")


def _only_at(function: str, values: dict[int, Fraction]) -> Function:
    """Return the method of a function that is closed at a few rational places."""

    def method(_: Any, x: ClosedNumber) -> ClosedNumber:
        if x.rational is not None and x.rational in values:
            return ClosedNumber.of(values[x.rational])  # type: ignore[index]  # a whole fraction is equal to its int
        _refuse(function, x)

    return method


ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def _sine_of(turns: Fraction) -> ClosedNumber | None:
    """Return sin(turns π) at the multiples of π/12 and π/10."""
    turns %= 2
    sign, turns = (-1, turns - 1) if turns >= 1 else (1, turns)
    turns = min(turns, 1 - turns)
    terms = SINES.get(turns)
    return None if terms is None else sign * ClosedNumber(terms)


def _s(*terms: tuple[int, Fraction]) -> dict[Key, Fraction]:
    return {(n, 0): q for n, q in terms}


SINES = {
    Fraction(0): _s(),
    Fraction(1, 12): _s((6, Fraction(1, 4)), (2, Fraction(-1, 4))),
    Fraction(1, 10): _s((5, Fraction(1, 4)), (1, Fraction(-1, 4))),
    Fraction(1, 6): _s((1, HALF)),
    Fraction(1, 4): _s((2, HALF)),
    Fraction(3, 10): _s((5, Fraction(1, 4)), (1, Fraction(1, 4))),
    Fraction(1, 3): _s((3, HALF)),
    Fraction(5, 12): _s((6, Fraction(1, 4)), (2, Fraction(1, 4))),
    Fraction(1, 2): _s((1, ONE)),
}
"""sin(r π) by r, as its terms."""
TANGENTS = {Fraction(k, 12): k for k in (1, 2, 3, 4, 5)}


def _trigonometric(function: str, value: Callable[[Fraction], ClosedNumber | None]) -> Function:
    def method(_: Any, x: ClosedNumber) -> ClosedNumber:
        if set(x.terms) <= {(1, 1)}:
            found = value(x.terms.get((1, 1), ZERO))
            if found is not None:
                return found
        _refuse(function, x)

    return method


def _tangent_of(turns: Fraction) -> ClosedNumber | None:
    above, below = _sine_of(turns), _sine_of(turns + HALF)
    return None if above is None or below is None else above / below


def _atan(x: ClosedNumber) -> ClosedNumber:
    size = x if x.sign >= 0 else -x
    for turns in (ZERO, *TANGENTS):
        found = _tangent_of(turns)
        if found is not None and not (found - size).terms:
            return ClosedNumber({(1, 1): turns if x.sign >= 0 else -turns})
    return _refuse("atan", x)


def _power(x: ClosedNumber, y: Any) -> ClosedNumber:
    exponent = _closed(y).rational
    if exponent is None:
        _refuse("a power", x)
    if exponent.denominator == 1:
        return x ** int(exponent)
    if x.sign < 0:
        raise ValuesError(f"a broken power of a negative number, {x}", todo="give a number that is 0 or more")
    if exponent.denominator == 2:
        return _sqrt(x) ** int(2 * exponent)
    q = x.rational
    if q is not None and max(q.numerator, q.denominator) < LARGEST_RADICAND and exponent.denominator < 100:
        d = exponent.denominator
        found = Fraction(int(fmpz(q.numerator).root(d)), int(fmpz(q.denominator).root(d)))
        if found**d == q:
            return ClosedNumber.of(found) ** int(exponent.numerator)
    return _refuse("a root", x)


def _sign(x: ClosedNumber) -> int:
    if x.sign == 0:
        note_kink()
    return x.sign


class Closed(ObjectArithmetic):
    """Sums of q √n π^k, exact; what is not closed in them raises NotClosed.

    >>> A = Closed()
    >>> print(A.sqrt(A.number(8)), A.sin(A.pi / 3), A.atan(A.number(1)), A.exp(A.number(0)))
    2*sqrt(2) 1/2*sqrt(3) 1/4*pi 1
    """

    name = "closed"
    rigorous = True

    def describe(self) -> str:
        """Return the name in words."""
        return "exact sums of roots and powers of pi"

    def number(self, q: Fraction | int) -> ClosedNumber:
        """Return q exactly."""
        return ClosedNumber.of(q)

    @property
    def pi(self) -> ClosedNumber:
        """The circle's number."""
        return ClosedNumber({(1, 1): Fraction(1)})

    exp = _only_at("exp", {0: ONE})
    expm1 = _only_at("expm1", {0: ZERO})
    log = _only_at("log", {1: ZERO})
    log1p = _only_at("log1p", {0: ZERO})
    sinh = _only_at("sinh", {0: ZERO})
    cosh = _only_at("cosh", {0: ONE})
    tanh = _only_at("tanh", {0: ZERO})
    erf = _only_at("erf", {0: ZERO})
    erfc = _only_at("erfc", {0: ONE})
    logistic = _only_at("logistic", {0: HALF})
    softplus = _only_at("softplus", {})
    sin = _trigonometric("sin", _sine_of)
    cos = _trigonometric("cos", lambda turns: _sine_of(turns + HALF))
    tan = _trigonometric("tan", _tangent_of)
    atan = lift(_atan)
    sqrt = lift(_sqrt)
    abs = lift(lambda x: x if x.sign >= 0 else -x)
    sign = lift(lambda x: ClosedNumber.of(_sign(x)))
    relu = lift(lambda x: x if x.sign > 0 else ClosedNumber.of(0))
    negative_part = lift(lambda x: x if x.sign < 0 else ClosedNumber.of(0))
    step = lift(lambda x: ClosedNumber.of(int(_sign(x) > 0)))
    power = lift_pair(_power)


for _function in ScalarFunctions.__annotations__:
    if not hasattr(Closed, _function):  # closed nowhere, as far as is known
        setattr(Closed, _function, _only_at(_function, {}))
